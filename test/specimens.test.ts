import { afterEach, describe, expect, it } from 'vitest';
import { specimenNames, type SpecimenName } from '../src/specimens/names.js';
import { leftAfterCollection, specimenApp, type Half, type SpecimenApp } from './support/specimens.js';

const REQUESTS = 400;
/** What a fixed half may keep: its bound is 100, and one or two are still on their way out. */
const MOST = 110;

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

  it('keeps little of what it answered when fixed, and more when leaky', async () => {
    const fixed = await start(name, 'fixed');
    await fixed.ask(ids('fixed'));
    expect(await leftAfterCollection(() => fixed.alive(), MOST)).toBeLessThanOrEqual(MOST);
    const leaky = await start(name, 'leaky');
    await leaky.ask(ids('leaky'));
    expect(await leftAfterCollection(() => leaky.alive())).toBeGreaterThan(MOST);
  });
});
