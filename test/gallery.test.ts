import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { specimenNames } from '../src/specimens/names.js';

const run = (...args: string[]) => promisify(execFile)(process.execPath, args);

it.each([
  ['the service', ['dist/src/main.js', 'leaky', '--specimen', 'listener']],
  ['gallery', ['dist/src/cli/main.js', 'gallery', 'listener']],
])('%s names all patterns when asked for one that is not there', async (_who, command) => {
  await expect(run(...command)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      new RegExp(`must be one of ${specimenNames.join(', ')}, not "listener"[^]*\\[LEAK_LAB_SETTINGS\\]`),
    ),
  });
});
