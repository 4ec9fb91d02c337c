import { afterEach, describe, expect, it } from 'vitest';
import { specimenNames, type SpecimenName } from '../src/specimens/names.js';
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
const others: Partial<Record<SpecimenName, Gauge>> = {
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
};

const ids = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${from}-${index}`);

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
async function start(name: SpecimenName, half: Half): Promise<SpecimenApp> {
  const app = await specimenApp(name, half);
  apps.push(app);
  return app;
}

describe.each(specimenNames)('the specimen %s', (name) => {
  it('gives the same answers in both halves, also the second time', async () => {
    const asked = ids('same', 5);
    const [leaky, fixed] = [await start(name, 'leaky'), await start(name, 'fixed')];
    const answers = await leaky.ask(asked);
    expect(answers[0]).toMatch(/^200 \{".+\}$/);
    expect(await fixed.ask(asked)).toEqual(answers);
    expect(await leaky.ask(asked)).toEqual(answers);
    expect(await fixed.ask(asked)).toEqual(answers);
  });

  it('retains no more than its bound in its fixed half, and more in its leaky half', async () => {
    const { most, requests, measure } = others[name] ?? liveAnswers;
    const retained = async (half: Half, enough = Infinity): Promise<number> => {
      const app = await start(name, half);
      const send = async (asked: string[]): Promise<unknown> => {
        if (!(name in others)) return app.ask(asked);
        for (const id of asked) await app.specimen().handle(id); // the memory of HTTP requests would be noise
        return undefined;
      };
      await send(ids('warm', requests / 4)); // at least as many as the bound
      const before = await afterCollection(() => measure(app), { fewest: name in others ? 5 : 1 });
      await send(ids('more', requests));
      return afterCollection(() => measure(app) - before, { enough });
    };
    expect(await retained('fixed', most)).toBeLessThanOrEqual(most);
    expect(await retained('leaky')).toBeGreaterThan(most);
  });
});
