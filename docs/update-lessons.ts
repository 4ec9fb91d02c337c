import { readdir, readFile, writeFile } from 'node:fs/promises';
import { stepsOf } from './lesson.js';
import { match } from './match.js';
import { Terminal } from './replay.js';

/*
 * Runs the commands of the lessons and writes their output into the pages, in every language. A block keeps the lines
 * that it shows, with the figures of this run. If the words have changed, or the block is the one line `TODO`, it gets
 * all of the output, and the exit code is 1: shorten such a block by hand.
 */
const asked = process.argv.slice(2);
const files = (await readdir('docs/lessons'))
  .map((name) => `docs/lessons/${name}`)
  .filter((file) => asked.length === 0 || asked.some((part) => file.includes(part)))
  .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));

for (const file of files) {
  const blocks = await outputsOf(file);
  for (const page of [file, file.replace('docs/', 'docs/zh/')]) {
    const text = await readFile(page, 'utf8');
    let index = 0;
    const filled = text.replaceAll(
      /^```text( service)?\n[^]*?^```$/gm,
      (_block, service = '') =>
        `\`\`\`text${service as string}\n${(blocks[index++] ?? []).join('\n')}\n\`\`\``,
    );
    await writeFile(page, filled);
  }
}

/** What the output blocks of a lesson should show now, in their order. */
async function outputsOf(file: string): Promise<string[][]> {
  const terminal = new Terminal();
  const blocks: string[][] = [];
  try {
    for (const step of stepsOf(await readFile(file, 'utf8'))) {
      console.error(`${file}: ${step.commands.join('; ')}`);
      const { printed, served } = step;
      const output = await terminal.run(step);
      try {
        if (printed) blocks.push(match(printed, output));
      } catch (error) {
        blocks.push(whole(output, error));
      }
      try {
        if (served) blocks.push(await terminal.waitForService(served));
      } catch (error) {
        blocks.push(whole(terminal.serviceOutput(), error));
      }
    }
  } finally {
    await terminal.close();
  }
  return blocks;
}

function whole(output: string[], error: unknown): string[] {
  console.error(`Shorten this block by hand: ${(error as Error).message}`);
  process.exitCode = 1;
  return output;
}
