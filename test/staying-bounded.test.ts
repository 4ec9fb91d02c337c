import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LRUCache } from 'lru-cache';
import { afterEach, expect, it, vi } from 'vitest';
import { growthOf, staysBounded } from '../src/kit/testing/index.js';
import '../src/kit/testing/vitest.js';

/** A busy machine may need this long. No suspects are named, unless the test is about them. */
const slowly = { atMostMs: 150_000, name: false };
vi.setConfig({ testTimeout: 180_000 });

/** More than a kilobyte each, so a leak of these exceeds all noise of a test process. */
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

it('toStayBounded passes a bounded cache and fails an unbounded Map by their number of live objects', async () => {
  const bound = { instancesOf: [Letter], atMost: 20, ...slowly };
  const cache = new LRUCache<number, Letter>({ max: 20 });
  await expect((call: number) => cache.set(call, new Letter(call))).toStayBounded(bound);
  cache.clear();
  const unbounded = new Map<number, Letter>();
  const leaky = expect((call: number) => unbounded.set(call, new Letter(call))).toStayBounded(bound);
  await expect(leaky).rejects.toThrow(
    /^expected memory to stay bounded\n\d[\d,]* objects of Letter are alive after/,
  );
});

it('growthOf finds objects that are dropped bounded, and objects that are stored a leak, by their live bytes', async () => {
  const fixed = await growthOf((call) => new Letter(call), slowly);
  expect(fixed.kind).toBe('bounded');
  const filed: Letter[] = [];
  const leaky = await growthOf((call) => filed.push(new Letter(call)), slowly);
  expect(leaky.kind).toBe('leak');
  expect(leaky.verdict!.growthRate!.low).toBeGreaterThan(1_000);
});

it('toStayBounded accepts growth below maxBytesPerCall and fails above it', async () => {
  const filed: Letter[] = [];
  const file = (call: number): unknown => filed.push(new Letter(call));
  await expect(file).toStayBounded({ ...slowly, maxBytesPerCall: 100_000 });
  await expect(file).not.toStayBounded({ ...slowly, maxBytesPerCall: 100 });
});

it('growthOf names the container that retains a leak, and the classes of its objects', async () => {
  class Cabinet {
    readonly drawer = new Map<number, Letter>();
  }
  const cabinet = new Cabinet();
  const file = (call: number): unknown => cabinet.drawer.set(call, new Letter(call));
  const { suspects } = await growthOf(file, { atMostMs: 150_000 });
  expect(suspects[0]).toMatch(/^cabinet\.drawer \(Map\) gained \d+ entries in \d+ calls and has \d+/);
  expect(suspects.at(-1)).toMatch(/^live objects gained in \d+ calls: .*\d+ × Letter/);
});

it('growthOf awaits asynchronous functions, even when the test has replaced the clock', async () => {
  vi.useFakeTimers();
  const filed: Letter[] = [];
  const later = async (call: number): Promise<unknown> => {
    await Promise.resolve();
    return filed.push(new Letter(call));
  };
  expect((await growthOf(later, slowly)).kind).toBe('leak');
});

it('growthOf counts objects of subclasses, and does not count prototypes', async () => {
  const [one, two] = [new Letter(1), new Registered(2)];
  const { instances } = await growthOf(() => {}, { instancesOf: [Letter, Registered], atMost: 2, calls: 1 });
  expect(instances).toEqual({ Letter: 2, Registered: 1 });
  expect([one, two]).toHaveLength(2);
});

it('growthOf is unsettled when memory grows as fast without calls', async () => {
  const elsewhere: Buffer[] = [];
  const timer = setInterval(() => elsewhere.push(Buffer.alloc(100_000)), 1);
  const { kind, reason } = await growthOf(wait, slowly);
  clearInterval(timer);
  expect(kind, reason).toBe('unsettled');
});

it('an unsettled test fails with .not and without it, and names the options that help', async () => {
  const few = { ...slowly, calls: 5 };
  const unsettled =
    /cannot tell whether memory stays bounded, after 5 calls .* Allow more time with atMostMs/;
  await expect(expect(() => {}).toStayBounded(few)).rejects.toThrow(unsettled);
  await expect(expect(() => {}).not.toStayBounded(few)).rejects.toThrow(unsettled);
  await expect(staysBounded(() => {}, few)).rejects.toMatchObject({ code: 'LEAK_LAB_UNSETTLED' });
});

it('an error of the function under test fails the test with the number of the call and its message', async () => {
  await expect(staysBounded(broken)).rejects.toMatchObject({
    code: 'LEAK_LAB_CALL_FAILED',
    message: expect.stringMatching(
      /^call 7 of the function under test threw, and nothing was measured: no such user$/,
    ),
    cause: new Error('no such user'),
  });
});

it.each([
  [{ atMostMs: 0 }, 'atMostMs is 0. Pass a number of at least 1.'],
  [{ maxBytesPerCall: NaN }, 'maxBytesPerCall is NaN. Pass a number of at least 1.'],
  [{ atMost: 3 }, 'atMost is 3, but there is no class to count. Pass instancesOf as well.'],
])('growthOf refuses the options %j', async (options, message) => {
  await expect(growthOf(() => {}, options)).rejects.toThrow(new RangeError(message));
});

it('staysBounded works with node:test and needs no flag of Node', async () => {
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
  // The runner stores something for each promise too, so its own containers have grown as much.
  expect(output).toMatch(/not ok 2 - named[^]*? {2}- drawer \(Map\) gained/);
  expect(output).toContain('not ok 3 - leaky');
  expect(output).toContain('LEAK_LAB_GREW');
});
