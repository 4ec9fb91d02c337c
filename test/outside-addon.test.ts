import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAddon, whyNoAddon } from '../src/addon/build.js';
import { load } from './support/load.js';
import { mallocInUse } from './support/outside-gauges.js';
import { afterCollection } from './support/specimens.js';
import { diagnoseTarget } from './support/targets.js';

type Half = 'leaky' | 'fixed';
const halves: readonly Half[] = ['leaky', 'fixed'];

const require = createRequire(import.meta.url);
const WORDS = require.resolve('../src/addon/words.cjs');

/** The line in the file of the pair that has this text. */
async function lineOf(text: string): Promise<number> {
  return (await readFile(WORDS, 'utf8')).split('\n').findIndex((line) => line.includes(text)) + 1;
}

const why = whyNoAddon ?? (process.platform === 'linux' ? null : 'malloc is read from /proc');

describe.skipIf(why !== null)(`a native addon that is not closed${why ? ` (skipped: ${why})` : ''}`, () => {
  let folder: string;
  let addon: string;
  let pair: Record<Half, (text: string) => number>;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-addon-'));
    addon = await buildAddon(folder);
    const { pairOf } = require(WORDS) as { pairOf: (exports: unknown) => typeof pair };
    pair = pairOf(require(addon));
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  async function start(half: Half) {
    const service = require.resolve('../src/addon/service.cjs');
    const child = spawn(process.execPath, ['--inspect-port=0', service, half, addon], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    const origin = `http://127.0.0.1:${Number(String((await once(child.stdout, 'data'))[0]))}`;
    return { child, pid: child.pid!, origin };
  }

  it('gives the same answers in both halves, also the second time', () => {
    for (const text of ['', 'one', 'one two  three ', 'one']) expect(pair.fixed(text)).toBe(pair.leaky(text));
    expect(pair.fixed('one two  three ')).toBe(3);
  });

  it('retains no more than its bound in its fixed half, and more in its leaky half', async () => {
    // Malloc in use changes by up to 4.6 MB with what V8 compiles meanwhile.
    const MOST = 8_000_000;
    const CALLS = 6_000; // of 4 kB
    const grown = async (half: Half): Promise<number> => {
      for (let call = 0; call < CALLS / 4; call += 1) pair[half](`warm ${call}`);
      const before = await afterCollection(() => mallocInUse(), { fewest: 5 });
      for (let call = 0; call < CALLS; call += 1) pair[half](`more ${call}`);
      return afterCollection(() => mallocInUse() - before, half === 'fixed' ? { enough: MOST } : {});
    };
    expect(await grown('fixed')).toBeLessThanOrEqual(MOST);
    expect(await grown('leaky')).toBeGreaterThan(MOST);
  });

  it('is a leak to load in its leaky half, and bounded in its fixed half', async () => {
    const verdicts: string[] = [];
    for (const half of halves) {
      const { child, origin } = await start(half);
      const { code, out } = await load('--url', `${origin}/`, '--requests', '8000', '--expect', 'bounded');
      child.kill('SIGKILL');
      verdicts.push(`${half}: ${code} ${/^(?:LEAK|BOUNDED|UNSETTLED)/m.exec(out)?.[0]}`);
    }
    expect(verdicts).toEqual(['leaky: 1 LEAK', 'fixed: 0 BOUNDED']);
  });

  it('is diagnosed as native memory, by the line that calls the addon and by its rate; the fixed half is no leak', async () => {
    const { diagnosis } = await diagnoseTarget(await start('leaky'));
    const [suspect] = diagnosis.suspects;
    expect(diagnosis.verdict).toMatchObject({ kind: 'leak', reason: { code: 'leaks-outside-v8' } });
    // Both functions of the addon are called once per request: what they make cannot be told apart, and the first is first.
    const [line, next] = [await lineOf('← the bug'), (await lineOf('← the bug')) + 1];
    expect(suspect).toMatchObject({ kind: 'native', type: 'words.node' });
    // Its blocks are told by their size alone, and the handles that pointed to them are gone.
    expect(suspect!.nativeBlocks?.[0]).toMatchObject({
      blockBytes: 4_112,
      type: null,
      pointsTo: null,
      retainedBy: { by: 'nobody' },
    });
    expect(Math.abs(suspect!.nativeBlocks![0]!.perWork - 1)).toBeLessThan(0.1);
    expect(suspect!.name).toMatch(
      new RegExp(`^words\\.node: native memory made at .*words\\.cjs:${line} or .*words\\.cjs:${next}, `),
    );
    expect(suspect!.allocatedAt[0]).toMatchObject({ file: WORDS, line, function: 'leaky' });
    // calloc of 512 words of 8 bytes and a count, with the header of the block; the external of V8 is 40 to 100 bytes more.
    expect(suspect!.bytesPerWork! / 4_120).toBeGreaterThan(0.9);
    expect(suspect!.bytesPerWork! / 4_120).toBeLessThan(1.15);

    const fixed = await diagnoseTarget(await start('fixed'));
    expect(fixed.diagnosis.verdict?.kind).not.toBe('leak');
    expect(fixed.diagnosis.suspects).toEqual([]);
  });
});
