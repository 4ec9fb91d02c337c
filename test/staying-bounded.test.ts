import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LRUCache } from 'lru-cache';
import { afterEach, expect, it, vi } from 'vitest';
import { growthOf, staysBounded } from '../src/kit/testing/index.js';
import '../src/kit/testing/vitest.js';

/** Here it may take long, on a machine that is busy. */
const patience = { atMostMs: 150_000, name: false };
vi.setConfig({ testTimeout: 180_000 });

/** A kilobyte and some: what a leak of these gains, no noise of a test process can hide. */
class Letter {
  readonly lines: string[];
  constructor(to: number) {
    this.lines = Array.from({ length: 100 }, (_, line) => `${to}/${line}`);
  }
}
class Registered extends Letter {}

const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

const broken = (call: number): void => {
  if (call === 6) throw new Error('no such user');
};

afterEach(() => {
  vi.useRealTimers();
});

it('counts objects first: a bounded cache passes the very bound that a Map fails', async () => {
  const bound = { instancesOf: [Letter], atMost: 20, ...patience };
  const cache = new LRUCache<number, Letter>({ max: 20 });
  await expect((call: number) => cache.set(call, new Letter(call))).toStayBounded(bound);
  cache.clear();
  const kept = new Map<number, Letter>();
  const leaky = expect((call: number) => kept.set(call, new Letter(call))).toStayBounded(bound);
  await expect(leaky).rejects.toThrow(
    /^expected memory to stay bounded\n\d[\d,]* objects of Letter are alive after/,
  );
});

it('judges what is left of calls: letters that are thrown away pass, letters that are filed fail', async () => {
  const fixed = await growthOf((call) => new Letter(call), patience);
  expect(fixed.kind).toBe('bounded');
  const filed: Letter[] = [];
  const leaky = await growthOf((call) => filed.push(new Letter(call)), patience);
  expect(leaky.kind).toBe('leak');
  expect(leaky.verdict!.growthRate!.low).toBeGreaterThan(1_000);
});

it('accepts what a call may keep, and refuses more', async () => {
  const filed: Letter[] = [];
  const file = (call: number): unknown => filed.push(new Letter(call));
  await expect(file).toStayBounded({ ...patience, maxBytesPerCall: 100_000 });
  await expect(file).not.toStayBounded({ ...patience, maxBytesPerCall: 100 });
});

it('names who keeps what stays', async () => {
  class Cabinet {
    readonly drawer = new Map<number, Letter>();
  }
  const cabinet = new Cabinet();
  const file = (call: number): unknown => cabinet.drawer.set(call, new Letter(call));
  const { suspects } = await growthOf(file, { atMostMs: 150_000 });
  expect(suspects[0]).toMatch(/^cabinet\.drawer \(Map\) gained \d+ entries in \d+ calls/);
  expect(suspects.at(-1)).toMatch(/\d+ × Letter/);
});

it('waits for asynchronous functions, and for nothing when a test has replaced the clock', async () => {
  vi.useFakeTimers();
  const filed: Letter[] = [];
  const later = async (call: number): Promise<unknown> => {
    await Promise.resolve();
    return filed.push(new Letter(call));
  };
  expect((await growthOf(later, patience)).kind).toBe('leak');
});

it('counts objects of subclasses, and no prototypes', async () => {
  const [one, two] = [new Letter(1), new Registered(2)];
  const { instances } = await growthOf(() => {}, { instancesOf: [Letter, Registered], atMost: 2, calls: 1 });
  expect(instances).toEqual({ Letter: 2, Registered: 1 });
  expect([one, two]).toHaveLength(2);
});

it('does not blame the calls for what grows without them', async () => {
  const elsewhere: Buffer[] = [];
  const timer = setInterval(() => elsewhere.push(Buffer.alloc(100_000)), 1);
  const { kind, reason } = await growthOf(wait, patience);
  clearInterval(timer);
  expect(kind, reason).toBe('unsettled');
});

it('fails either way when it cannot tell, and says what to do', async () => {
  const few = { ...patience, calls: 5 };
  const untold = /cannot tell whether memory stays bounded, after 5 calls .* Give it more time \(atMostMs\)/;
  await expect(expect(() => {}).toStayBounded(few)).rejects.toThrow(untold);
  await expect(expect(() => {}).not.toStayBounded(few)).rejects.toThrow(untold);
  await expect(staysBounded(() => {}, few)).rejects.toMatchObject({ code: 'LEAK_LAB_UNSETTLED' });
});

it('tells what the function threw, and in which call', async () => {
  await expect(staysBounded(broken)).rejects.toMatchObject({
    code: 'LEAK_LAB_CALL_FAILED',
    message: expect.stringMatching(/^call 7 of .* threw.*no such user$/),
    cause: new Error('no such user'),
  });
});

it.each([
  [{ atMostMs: 0 }, 'atMostMs is 0: give a number of at least 1'],
  [{ maxBytesPerCall: NaN }, 'maxBytesPerCall is NaN: give a number of at least 1'],
  [{ atMost: 3 }, 'atMost says how many of which class: give instancesOf as well'],
])('refuses %j', async (options, message) => {
  await expect(growthOf(() => {}, options)).rejects.toThrow(new RangeError(message));
});

it('works with node:test, and asks for no flag', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-node-test-'));
  const testing = pathToFileURL('dist/src/kit/testing/index.js').href;
  await writeFile(
    join(folder, 'cache.test.mjs'),
    `import { test } from 'node:test';
     import { staysBounded } from '${testing}';
     const kept = [];
     test('fixed', () => staysBounded(() => ({ a: 1 }), { atMostMs: 150_000 }));
     test('named', async () => {
       const drawer = new Map();
       await staysBounded(async (call) => drawer.set(call, new Array(100).fill(call)), { atMostMs: 150_000 });
     });
     test('leaky', () => staysBounded((call) => kept.push(new Array(100).fill(call)), { atMostMs: 150_000, name: false }));`,
  );
  const output = await new Promise<string>((resolve) => {
    const env = { ...process.env, NODE_OPTIONS: '' };
    execFile(
      process.execPath,
      ['--test', '--test-reporter=tap', join(folder, 'cache.test.mjs')],
      { env },
      (_error, stdout) => resolve(stdout),
    );
  });
  await rm(folder, { recursive: true });
  expect(output).toContain('ok 1 - fixed');
  // The runner's own notes of each promise have grown as much as what the test itself has in a variable.
  expect(output).toMatch(/not ok 2 - named[^]*? {2}- drawer \(Map\) gained/);
  expect(output).toContain('not ok 3 - leaky');
  expect(output).toContain('LEAK_LAB_GREW');
});
