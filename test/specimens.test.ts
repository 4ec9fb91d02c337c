import { afterEach, describe, expect, it } from 'vitest';
import { patternNames, type PatternName } from '../src/specimens/names.js';
import { gaugeOf, idsOf, isOutside, retainedBy } from './support/gauges.js';
import { afterCollection, specimenApp, type Half, type SpecimenApp } from './support/specimens.js';

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
  it('gives the same answers in both halves, also the second time', async () => {
    const asked = await idsOf(name, 'same', 5);
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
    const { most } = gaugeOf(name);
    const retained = async (half: Half, enough?: number): Promise<number> =>
      retainedBy(await start(name, half), name, enough);
    expect(await retained('fixed', most)).toBeLessThanOrEqual(most);
    expect(await retained('leaky')).toBeGreaterThan(most);
  });
});

/** Those that are no memory: the system ends or closes them with the process, and a test must not wait for that. */
const started = ['worker-threads', 'child-processes', 'file-handles', 'udp-sockets'] as const;

it.skipIf(process.platform !== 'linux').each(started)(
  'a service that stops ends what the leaky half of %s has started',
  async (name) => {
    const { measure } = gaugeOf(name);
    const app = await start(name, 'leaky');
    const before = measure(app);
    await app.ask(await idsOf(name, 'stop', 3));
    expect(measure(app) - before).toBeGreaterThanOrEqual(3);
    await app.close();
    expect(await afterCollection(() => measure(app) - before, { enough: 0 })).toBeLessThanOrEqual(0);
  },
);
