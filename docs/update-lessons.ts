import { readdir, readFile, writeFile } from 'node:fs/promises';
import { stepsOf } from './lesson.js';
import { match } from './match.js';
import { Terminal } from './replay.js';

/*
 * Replays the lessons and writes what was printed in place of what they show, in every language. A block of which
 * the one line is `TODO` gets all of it; any other keeps its lines, with the figures of this run.
 */
const asked = process.argv.slice(2);
const files = (await readdir('docs/lessons'))
  .map((name) => `docs/lessons/${name}`)
  .filter((file) => asked.length === 0 || asked.some((part) => file.includes(part)))
  .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));

for (const file of files) {
  const terminal = new Terminal();
  const markdown = await readFile(file, 'utf8');
  const blocks: string[][] = [];
  try {
    for (const step of stepsOf(markdown)) {
      console.error(`${file}: ${step.commands.join('; ')}`);
      const printed = await terminal.type(step);
      if (step.printed) blocks.push(step.printed[0] === 'TODO' ? printed : match(step.printed, printed));
      if (step.served) blocks.push(await terminal.overhear(step.served));
    }
  } finally {
    await terminal.close();
  }
  for (const one of [file, file.replace('docs/', 'docs/zh/')]) {
    const text = await readFile(one, 'utf8').catch(() => null);
    if (text === null) continue;
    let index = 0;
    const filled = text.replaceAll(
      /^```text( service)?\n[^]*?^```$/gm,
      (_block, service = '') => `\`\`\`text${service as string}\n${blocks[index++]!.join('\n')}\n\`\`\``,
    );
    await writeFile(one, filled);
  }
}
