import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { openTarget } from '../load/target.js';
import { galleryNames } from '../src/cli/gallery-table.js';
import { patternNames } from '../src/specimens/names.js';

const run = (...args: string[]) => promisify(execFile)(process.execPath, args);

it.each([
  ['the service', ['dist/src/main.js', 'leaky', '--specimen', 'listener'], patternNames],
  ['gallery', ['dist/src/cli/main.js', 'gallery', 'listener'], galleryNames],
])('%s lists all patterns when it is given an unknown one', async (_who, command, names) => {
  await expect(run(...command)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      new RegExp(`must be one of ${names.join(', ')}, not "listener"[^]*\\[LEAK_LAB_SETTINGS\\]`),
    ),
  });
});

it('a released target leaves no listener on the signal, which all halves share', async () => {
  const service = await startService(['fixed']);
  const { signal } = new AbortController();
  try {
    const target = await openTarget({ url: `${service.url}/users/random`, pid: service.pid, signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await target.release();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  } finally {
    await service.stop();
  }
});

it('the pair over a native addon is left out where no compiler is, in a line that says why', async () => {
  const env = { ...process.env, PATH: '/nonexistent' };
  const asked = ['dist/src/cli/main.js', 'gallery', 'native-addon'];
  await expect(promisify(execFile)(process.execPath, asked, { env })).rejects.toMatchObject({
    code: 2,
    stdout: expect.stringContaining(
      'native-addon was left out: no C compiler (cc, gcc, clang) is installed.\n',
    ),
  });
});
