import { afterEach, describe, expect, it } from 'vitest';
import { outsideV8, patternNames, type PatternName } from '../src/specimens/names.js';
import { findOrder, isOneIn } from '../src/specimens/order.js';
import * as outside from './support/outside-gauges.js';
import { afterCollection, specimenApp, type Half, type SpecimenApp } from './support/specimens.js';

/** How to measure what a half retains, and the most that a fixed half may retain after this many requests. */
interface Gauge {
  most: number;
  requests: number;
  measure: (app: SpecimenApp) => number;
}

/** The bound is 100, and one or two answers may still be on their way to the client. */
const liveAnswers: Gauge = { most: 110, requests: 400, measure: (app) => app.alive() };

const heap = (): number => process.memoryUsage().heapUsed;

/** Patterns that retain something other than their answers. */
const others: Partial<Record<PatternName, Gauge>> = {
  // The values are collected in both halves; the entries of the leaky half stay.
  'weak-refs': {
    most: 110,
    requests: 400,
    measure: (app) => (app.specimen() as unknown as { orders: Map<string, unknown> }).orders.size,
  },
  // These retain memory that is no object of the program. Measured: 2 MB (on Node 26; 4 MB before), 3.2 MB and 1.6 MB
  // in the leaky halves, and 0.2, 0.02 and 0 MB at most in the fixed ones.
  'promise-race': { most: 700_000, requests: 8_000, measure: heap },
  'sliced-strings': { most: 1_000_000, requests: 400, measure: heap },
  'buffer-pool': { most: 400_000, requests: 400, measure: () => process.memoryUsage().arrayBuffers },
  // Every request takes the path that only one in many does. Measured in the leaky halves: one of each per request, and
  // 15.8, 0.5 and 11.0 MB of malloc; in the fixed ones 0, and at most 0.06 MB.
  'worker-threads': { most: 2, requests: 8, measure: outside.threads },
  'child-processes': { most: 2, requests: 8, measure: outside.children },
  'file-handles': { most: 2, requests: 8, measure: outside.openFiles },
  'udp-sockets': { most: 2, requests: 8, measure: outside.sockets },
  'wasm-memory': { most: 2, requests: 8, measure: outside.webAssemblyMemories },
  'zlib-streams': { most: 1_000_000, requests: 40, measure: outside.mallocInUse },
  'tls-contexts': { most: 300_000, requests: 40, measure: outside.mallocInUse },
  'shared-buffers': { most: 1_000_000, requests: 40, measure: outside.mallocInUse },
};

const isOutside = (name: PatternName): boolean => name in outsideV8;

const ids = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${from}-${index}`);

/** A multiple of all that the specimens take: such an order takes the expensive path in each. */
const ONE_IN = 400;
async function expensiveIds(from: string, count: number): Promise<string[]> {
  const found: string[] = [];
  for (let index = 0; found.length < count; index += 1) {
    const id = `${from}-${index}`;
    if (isOneIn(ONE_IN, await findOrder(id))) found.push(id);
  }
  return found;
}

/**
 * Retained until the tests end: if a FinalizationRegistry is collected after its targets and before its finalizers run,
 * Node before 26 never runs a finalizer of the process again.
 */
const apps: SpecimenApp[] = [];
let closed = 0;
afterEach(async () => {
  for (const app of apps.slice(closed)) await app.close();
  closed = apps.length;
});
async function start(name: PatternName, half: Half): Promise<SpecimenApp> {
  const app = await specimenApp(name, half);
  apps.push(app);
  return app;
}

describe.each(patternNames)('the specimen %s', (name) => {
  const idsFrom = isOutside(name) ? expensiveIds : ids;

  it('gives the same answers in both halves, also the second time', async () => {
    const asked = await idsFrom('same', 5);
    const [leaky, fixed] = [await start(name, 'leaky'), await start(name, 'fixed')];
    const answers = await leaky.ask(asked);
    expect(answers[0]).toMatch(/^200 \{".+\}$/);
    expect(await fixed.ask(asked)).toEqual(answers);
    expect(await leaky.ask(asked)).toEqual(answers);
    expect(await fixed.ask(asked)).toEqual(answers);
  });

  // What is outside V8 is read from /proc.
  const itIfRead = it.skipIf(isOutside(name) && process.platform !== 'linux');
  itIfRead('retains no more than its bound in its fixed half, and more in its leaky half', async () => {
    const { most, requests, measure } = others[name] ?? liveAnswers;
    const retained = async (half: Half, enough = Infinity): Promise<number> => {
      const app = await start(name, half);
      const send = async (asked: string[]): Promise<unknown> => {
        if (!(name in others)) return app.ask(asked);
        for (const id of asked) await app.specimen().handle(id); // the memory of HTTP requests would be noise
        return undefined;
      };
      await send(await idsFrom('warm', requests / 4)); // at least as many as the bound
      const before = await afterCollection(() => measure(app), { fewest: name in others ? 5 : 1 });
      await send(await idsFrom('more', requests));
      return afterCollection(() => measure(app) - before, { enough });
    };
    expect(await retained('fixed', most)).toBeLessThanOrEqual(most);
    expect(await retained('leaky')).toBeGreaterThan(most);
  });
});

/** Those that are no memory: the system ends or closes them with the process, and a test must not wait for that. */
const started = ['worker-threads', 'child-processes', 'file-handles', 'udp-sockets'] as const;

it.skipIf(process.platform !== 'linux').each(started)(
  'a service that stops ends what the leaky half of %s has started',
  async (name) => {
    const { measure } = others[name]!;
    const app = await start(name, 'leaky');
    const before = measure(app);
    await app.ask(await expensiveIds('stop', 3));
    expect(measure(app) - before).toBeGreaterThanOrEqual(3);
    await app.close();
    expect(await afterCollection(() => measure(app) - before, { enough: 0 })).toBeLessThanOrEqual(0);
  },
);
