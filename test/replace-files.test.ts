import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFiles } from '../src/cli/replace-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-replace-'));
  await writeFile(join(folder, 'a.js'), 'a');
});
afterEach(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();
const text = (): Promise<string> => readFile(join(folder, 'a.js'), 'utf8');

it('files are replaced and made, with their folders', async () => {
  await replaceFiles(
    [
      { file: join(folder, 'a.js'), before: 'a', after: 'b' },
      { file: join(folder, 'test/leak.js'), before: null, after: 'c' },
    ],
    signal,
  );
  expect(await text()).toBe('b');
  expect(await readFile(join(folder, 'test/leak.js'), 'utf8')).toBe('c');
  expect((await readdir(folder)).toSorted()).toEqual(['a.js', 'test']);
});

it('where one file cannot be replaced, those that were are put back', async () => {
  await mkdir(join(folder, 'taken/inside'), { recursive: true });
  const replaced = replaceFiles(
    [
      { file: join(folder, 'a.js'), before: 'a', after: 'b' },
      { file: join(folder, 'new.js'), before: null, after: 'c' },
      { file: join(folder, 'taken'), before: null, after: 'd' },
    ],
    signal,
  );
  await expect(replaced).rejects.toMatchObject({ code: 'LEAK_LAB_WRITE' });
  expect(await text()).toBe('a');
  expect((await readdir(folder)).toSorted()).toEqual(['a.js', 'taken']);
});

it('a file that has changed meanwhile is left alone, with all others', async () => {
  const replaced = replaceFiles(
    [
      { file: join(folder, 'new.js'), before: null, after: 'c' },
      { file: join(folder, 'a.js'), before: 'older', after: 'b' },
    ],
    signal,
  );
  await expect(replaced).rejects.toThrow(/has changed meanwhile, and nothing was written/);
  expect(await readdir(folder)).toEqual(['a.js']);
  expect(await text()).toBe('a');
});

it('where the work is interrupted while files are moved, those that were are put back, and no folder is left', async () => {
  const controller = new AbortController();
  const replaced = replaceFiles(
    [
      { file: join(folder, 'test/unit/leak.js'), before: null, after: 'c' },
      { file: join(folder, 'a.js'), before: 'a', after: 'b' },
    ],
    controller.signal,
  );
  while (readFileSync(join(folder, 'a.js'), 'utf8') !== 'b') await setImmediate();
  controller.abort();
  await expect(replaced).rejects.toThrow('abort');
  expect(await text()).toBe('a');
  expect(await readdir(folder)).toEqual(['a.js']);
});
