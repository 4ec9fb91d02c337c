import { afterEach, describe, expect, it } from 'vitest';
import { specimenNames, type SpecimenName } from '../src/specimens/names.js';
import { leftAfterCollection, specimenApp, type Half, type SpecimenApp } from './support/specimens.js';

const REQUESTS = 400;

/** What is looked at to see what a half keeps, and how much of it a fixed half may keep of so many requests. */
interface Gauge {
  most: number;
  measure: (app: SpecimenApp) => number;
}

/** Its bound is 100, and one or two are still on their way out. */
const answers: Gauge = { most: 110, measure: (app) => app.alive() };

/** Of these what stays is not what was answered. */
const others: Partial<Record<SpecimenName, Gauge>> = {
  // The values go, in both halves; their entries do not.
  'weak-refs': {
    most: 110,
    measure: (app) => (app.specimen() as unknown as { orders: Map<string, unknown> }).orders.size,
  },
  // What stays is memory and no object of ours: 1.6 MB of it in the leaky halves.
  'buffer-pool': { most: 400_000, measure: () => process.memoryUsage().arrayBuffers },
  'sliced-strings': { most: 400_000, measure: () => process.memoryUsage().heapUsed },
};

const ids = (from: string): string[] => Array.from({ length: REQUESTS }, (_, index) => `${from}-${index}`);

const apps: SpecimenApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});
async function start(name: SpecimenName, half: Half): Promise<SpecimenApp> {
  const app = await specimenApp(name, half);
  apps.push(app);
  return app;
}

describe.each(specimenNames)('%s', (name) => {
  it('answers the same in both halves, each time it is asked', async () => {
    const asked = ids('same').slice(0, 5);
    const [leaky, fixed] = [await start(name, 'leaky'), await start(name, 'fixed')];
    const answers = await leaky.ask(asked);
    expect(answers[0]).toMatch(/^200 \{".+\}$/);
    expect(await fixed.ask(asked)).toEqual(answers);
    expect(await leaky.ask(asked)).toEqual(answers);
    expect(await fixed.ask(asked)).toEqual(answers);
  });

  it('keeps no more of what it did than its bound when fixed, and more when leaky', async () => {
    const { most, measure } = others[name] ?? answers;
    const kept = async (half: Half, enough = Infinity): Promise<number> => {
      const app = await start(name, half);
      await app.ask(ids('warm').slice(0, REQUESTS / 2));
      const before = await leftAfterCollection(() => measure(app), { fewest: 1 });
      await app.ask(ids('more'));
      return leftAfterCollection(() => measure(app) - before, { enough });
    };
    expect(await kept('fixed', most)).toBeLessThanOrEqual(most);
    expect(await kept('leaky')).toBeGreaterThan(most);
  });
});
