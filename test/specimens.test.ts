import { afterEach, describe, expect, it } from 'vitest';
import { specimenNames, type SpecimenName } from '../src/specimens/names.js';
import { leftAfterCollection, specimenApp, type Half, type SpecimenApp } from './support/specimens.js';

/** What is looked at to see what a half keeps, and how much of it a fixed half may keep of so many requests. */
interface Gauge {
  most: number;
  requests: number;
  measure: (app: SpecimenApp) => number;
}

/** Its bound is 100, and one or two are still on their way out. */
const answers: Gauge = { most: 110, requests: 400, measure: (app) => app.alive() };

const heap = (): number => process.memoryUsage().heapUsed;

/** Of these what stays is not what was answered. */
const others: Partial<Record<SpecimenName, Gauge>> = {
  // The values go, in both halves; their entries do not.
  'weak-refs': {
    most: 110,
    requests: 400,
    measure: (app) => (app.specimen() as unknown as { orders: Map<string, unknown> }).orders.size,
  },
  // What stays is memory and no object of ours: 2 MB (on Node 26; 4 MB before), 3.2 MB and 1.6 MB when leaky,
  // and 0.2, 0.02 and 0 MB at most when fixed.
  'promise-race': { most: 700_000, requests: 8_000, measure: heap },
  'sliced-strings': { most: 1_000_000, requests: 400, measure: heap },
  'buffer-pool': { most: 400_000, requests: 400, measure: () => process.memoryUsage().arrayBuffers },
};

const ids = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${from}-${index}`);

/**
 * Kept to the end, closed or not: when a FinalizationRegistry is collected between the collection of its targets and
 * its finalizers' turn, V8 before Node 26 runs no finalizer of the process ever again.
 */
const apps: SpecimenApp[] = [];
let closed = 0;
afterEach(async () => {
  while (closed < apps.length) await apps[closed++]!.close();
});
async function start(name: SpecimenName, half: Half): Promise<SpecimenApp> {
  const app = await specimenApp(name, half);
  apps.push(app);
  return app;
}

describe.each(specimenNames)('%s', (name) => {
  it('answers the same in both halves, each time it is asked', async () => {
    const asked = ids('same', 5);
    const [leaky, fixed] = [await start(name, 'leaky'), await start(name, 'fixed')];
    const answers = await leaky.ask(asked);
    expect(answers[0]).toMatch(/^200 \{".+\}$/);
    expect(await fixed.ask(asked)).toEqual(answers);
    expect(await leaky.ask(asked)).toEqual(answers);
    expect(await fixed.ask(asked)).toEqual(answers);
  });

  it('keeps no more of what it did than its bound when fixed, and more when leaky', async () => {
    const { most, requests, measure } = others[name] ?? answers;
    const kept = async (half: Half, enough = Infinity): Promise<number> => {
      const app = await start(name, half);
      const drive = async (asked: string[]): Promise<unknown> => {
        if (!(name in others)) return app.ask(asked);
        for (const id of asked) await app.specimen().handle(id); // what HTTP leaves behind would be noise
        return undefined;
      };
      await drive(ids('warm', requests / 4)); // as many as a bound holds, at least
      // What the warm-up left goes first.
      const before = await leftAfterCollection(() => measure(app), { fewest: name in others ? 5 : 1 });
      await drive(ids('more', requests));
      return leftAfterCollection(() => measure(app) - before, { enough });
    };
    expect(await kept('fixed', most)).toBeLessThanOrEqual(most);
    expect(await kept('leaky')).toBeGreaterThan(most);
  });
});
