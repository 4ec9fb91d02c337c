import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixSuspect } from '../src/kit/fix/index.js';
import { patternNames, type PatternName } from '../src/specimens/names.js';
import { ScratchCopies } from '../src/versions/index.js';
import { gallerySuspects } from './support/gallery-suspects.js';
import { gaugeOf } from './support/gauges.js';

const run = promisify(execFile);

/** `fix-gallery.test.ts` says why these are not mended. */
const DECLINED = new Set<PatternName>([
  'timers',
  'async-context',
  'metric-labels',
  'offline-queue',
  'udp-sockets',
  'tls-contexts',
  'shared-buffers',
]);
const MENDED: PatternName[] = patternNames.filter((name) => !DECLINED.has(name));

/** What the leaky half of a repository's build retains. */
async function retained(root: string, name: PatternName, enough: number): Promise<number> {
  const program = join(root, 'dist/test/support/measure-half.js');
  const { stdout } = await run(process.execPath, ['--expose-gc', program, name, String(enough)], {
    cwd: root,
  });
  return Number(stdout);
}

describe('the leaky halves of the gallery, patched and compiled in a copy of the repository', () => {
  let copies: ScratchCopies;
  let copy: string;
  beforeAll(async () => {
    copies = await ScratchCopies.of(process.cwd());
    copy = await copies.add('patched');
    const suspects = await gallerySuspects(process.cwd());
    for (const name of MENDED) {
      const fixed = await fixSuspect(suspects[name], { root: process.cwd(), maxEntries: 100 });
      if (!('patch' in fixed)) throw new Error(`${name} has no patch: ${fixed.declined.code}`);
      await copies.write(copy, fixed.patch.file, fixed.patch.after);
    }
    await run(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { cwd: copy });
  }, 900_000); // compiling takes a minute, and several on a machine that is busy
  afterAll(() => copies?.remove());

  it.each(MENDED)('%s keeps the bound that it exceeds without the patch', async (name) => {
    const { most } = gaugeOf(name);
    expect(await retained(copy, name, most)).toBeLessThanOrEqual(most);
    expect(await retained(process.cwd(), name, Infinity)).toBeGreaterThan(most);
  });
});
