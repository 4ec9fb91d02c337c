import type { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import type { Work } from '../src/kit/diagnosis/index.js';
import { limitsAt, LoadEnded, nearLimit, roomBelow } from '../src/kit/diagnosis/model/limits.js';
import { withinLimits } from '../src/kit/diagnosis/within-limits.js';
import { type Headroom, headroomOf } from '../src/kit/outside/index.js';
import { sampleOwnMemory } from '../src/kit/process/sample.js';
import { diagnoseCommand } from './support/diagnose-command.js';
import { startLimited } from './support/targets.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function started(file: string, limit: string) {
  const target = await startLimited(file, limit);
  children.push(target.child);
  return target;
}

const files = (used: number, free: number): Headroom => ({ code: 'open-files', used, free });

describe('the room below a limit', () => {
  it('is half of what was free at first, less what was taken since', () => {
    expect(roomBelow(files(20, 380), files(20, 380))).toBe(190);
    expect(roomBelow(files(20, 380), files(120, 280))).toBe(90);
    expect(roomBelow(files(20, 380), files(250, 150))).toBe(-40);
  });

  it('shrinks with what others take of the same', () => {
    expect(roomBelow(files(20, 380), files(20, 180))).toBe(90);
  });

  it('is used up where the process took it, and not where only others did', () => {
    expect(nearLimit([files(20, 380)], [files(211, 189)])).toEqual(files(211, 189));
    expect(nearLimit([files(20, 380)], [files(210, 190)])).toBeNull();
    expect(nearLimit([files(20, 380)], [files(20, 0)])).toBeNull();
  });

  it('is known for the heap and for what the system limits, in one list', async () => {
    const sample = await sampleOwnMemory();
    const codes = limitsAt(process.pid, sample).map(({ code }) => code);
    expect(codes[0]).toBe('heap');
    if (process.platform !== 'linux') return;
    expect(codes).toEqual(
      expect.arrayContaining(['open-files', 'machine-memory', 'machine-processes', 'ports']),
    );
  });
});

/** Requests, one after the other. */
const requestsTo = (origin: string): Work => ({
  unit: 'request',
  async round(most = 100) {
    for (let request = 0; request < most; request += 1) await (await fetch(origin)).text();
    return most;
  },
});

describe.skipIf(process.platform !== 'linux')(
  'load on a process with few open files',
  { timeout: 60_000 },
  () => {
    it('ends before the limit, however much is asked for', async () => {
      const { child, pid, origin } = await started('open-files.cjs', 'ulimit -n 200');
      const work = withinLimits(requestsTo(origin), [pid]);
      let done = 0;
      const all = async (): Promise<void> => {
        for (;;) done += await work.round();
      };
      await expect(all()).rejects.toThrow(LoadEnded);
      const [{ used, free } = files(0, 0)] = headroomOf(pid);
      expect(child.exitCode).toBeNull();
      expect(used + free).toBe(200);
      expect(free).toBeGreaterThan(20);
      expect(done).toBeGreaterThan(50);
      expect(work.notes()).toEqual([{ code: 'near-limit', limit: 'open-files', used, free }]);
    });

    it('goes on where the process opens nothing', async () => {
      const { pid, origin } = await started('healthy.mjs', 'ulimit -n 200');
      const work = withinLimits(requestsTo(origin), [pid]);
      const first = await work.round(100);
      expect(first).toBeGreaterThan(20);
      expect(first).toBeLessThan(50); // nothing is known of its requests yet
      for (let round = 2; round <= 5; round += 1) expect(await work.round(100)).toBe(100);
      expect(work.notes()).toEqual([]);
    });
  },
);

describe.skipIf(process.platform !== 'linux')(
  'a leak of open files under a low limit',
  { timeout: 120_000 },
  () => {
    it('is named, and the process lives', async () => {
      const limit = 400;
      const { child, pid, origin } = await started('open-files.cjs', `ulimit -n ${limit}`);
      const { code, out } = await diagnoseCommand([
        '--pid',
        String(pid),
        '--url',
        `${origin}/`,
        '--connections',
        '10',
      ]);
      expect(out).toMatch(/^LEAK/);
      expect(out).toMatch(/1\. open files made at \S*open-files\.cjs:7/);
      expect(code).toBe(1);
      expect(child.exitCode).toBeNull();
      const [{ used } = files(0, 0)] = headroomOf(pid);
      expect(used).toBeGreaterThan(50);
      expect(used).toBeLessThan(0.9 * limit);
      expect(await (await fetch(origin)).text()).toBe('ok');
    });
  },
);
