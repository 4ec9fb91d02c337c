import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serviceIn, socketFolder, terminal } from './support/console.js';

interface Typed {
  line: string;
  /** The lines that the story shows below it. */
  shown: string[];
}

const story = await readFile('docs/story-console.md', 'utf8');

function typedAt(prompt: string): Typed[] {
  const typed: Typed[] = [];
  for (const [, block] of story.matchAll(/```console\n([^]*?)```/g)) {
    for (const line of block!.trimEnd().split('\n')) {
      const [, who, code] = /^(\w+)> (.*)$/.exec(line) ?? [];
      if (who === prompt) typed.push({ line: code!, shown: [] });
      else if (!who && block!.startsWith(`${prompt}> `)) typed.at(-1)!.shown.push(line);
    }
  }
  return typed;
}

/** A pattern for a line with any figures. */
function shapeOf(line: string): string {
  return line
    .trim()
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/ +/g, ' +')
    .replaceAll(/\d(?:[\d,]|\\\.\d)*/g, String.raw`[\d,.]+`)
    .replaceAll(/\b[kM]B\b/g, '[kM]?B');
}

it.each(['leaky', 'fixed'])(
  'every line of docs/story-console.md prints what the story shows, on the %s service',
  async (mode) => {
    await using folder = await socketFolder();
    const service = await serviceIn(folder.path, mode);
    const typed = typedAt(mode);
    expect(typed.length).toBeGreaterThan(2);
    const prompt = terminal(folder.path, { NO_COLOR: '1' });
    await prompt.type('', new RegExp(`${mode}> `));
    for (const { line, shown } of typed) {
      const picture = /'([\w-]+\.svg)'/.exec(line)?.[1];
      const file = picture && join(folder.path, picture);
      const lines = shown.length > 0 ? shown : ['undefined'];
      await prompt.type(
        `${picture ? line.replace(picture, file!) : line}\r`,
        // After the echo of what was typed.
        picture ? /svg'\r\n/ : new RegExp(`\\n[^]*${lines.map(shapeOf).join('[^]*')}`),
      );
      if (file) {
        expect(await readFile(file, 'utf8')).toContain('LeakyUserCache');
        await rm(file);
      }
    }
    await prompt.type('.exit\r', /$/);
    await prompt.ended;
    await service.stop();
  },
);
