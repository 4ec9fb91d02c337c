import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exerciseOf, SERVICE_FILE } from '../src/mystery/exercise.js';
import { hiddenBy } from '../src/mystery/hidden.js';
import type { SpecimenName } from '../src/specimens/names.js';
import { mystery } from './support/mystery.js';

/** A measurement takes a minute, and up to two on a busy machine, and naming what grows takes longer. */
const CHECK_WITHIN_MS = 600_000;

/** A part of the code, and what a learner makes of it. */
type Edit = [from: string, to: string];

/** Mysteries, each with a fix that bounds the memory and answers wrongly. */
const games: Partial<Record<SpecimenName, { wrong: Edit[]; differs: RegExp }>> = {
  'unbounded-map': {
    wrong: [
      ['everyOrder.get(id)', 'everyOrder.get(id.slice(0, 2))'],
      ['everyOrder.set(id, order)', 'everyOrder.set(id.slice(0, 2), order)'],
    ],
    differs: /GET \/orders\/\d{3,}: body at id: "\d+" → "\d+"/,
  },
  'audit-log': {
    wrong: [
      ['this.entries.push({ at: Date.now(), order });', 'this.entries[0] = { at: Date.now(), order };'],
      ['return order;', "return { ...order, note: '' };"],
    ],
    // A long value is cut, and then has no closing quote.
    differs: /GET \/orders\/\w+: body at note: "\w+"? → ""/,
  },
  subscriptions: {
    wrong: [
      ['this.rates.subscribe((rate) => (seen.rate = rate));', 'seen.rate = this.rates.value;'],
      ['tap((order) => (seen.order = order))', 'map((order) => ({ ...order, rate: seen.rate }))'],
      ['Observable<Order>', 'Observable<object>'],
      ['{ BehaviorSubject, type Observable, tap }', '{ BehaviorSubject, map, type Observable }'],
      ['order?: Order; ', ''],
    ],
    differs: /GET \/orders\/\w+: body at rate: absent → 1/,
  },
};

/** A look-up that takes several times the CPU time of a request, and finds the same order. */
const SLOWLY = `
async function slowly(id: string): Promise<Order> {
  for (let i = 0; i < 400; i += 1) await findOrder(id + i);
  return findOrder(id);
}
`;

describe.each(Object.entries(games))('the game with %s', (name, { wrong, differs }) => {
  let folder: string;
  let original: string;
  let fixed: string;
  let seed: number;
  beforeAll(async () => {
    for (seed = 0; hiddenBy(seed) !== name; seed += 1);
    folder = join(await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-mystery-test-'))), 'mine');
    expect(await mystery(['--seed', String(seed), '--fix', '--folder', folder])).toMatchObject({ code: 0 });
    original = await readFile(join(folder, SERVICE_FILE), 'utf8');
    fixed = (await exerciseOf(seed, hiddenBy(seed), 'fixed')).files[SERVICE_FILE] ?? '';
  });
  afterAll(() => rm(join(folder, '..'), { recursive: true }));

  /** Writes a version of the service and checks it. */
  async function checked(service: string): Promise<{ code: number | null; out: string }> {
    await writeFile(join(folder, SERVICE_FILE), service);
    const { code, out, err } = await mystery(['--check', folder]);
    expect(err).toBe('');
    return { code, out };
  }

  it(
    'says of the leaky original that it still leaks, and what grows',
    { timeout: CHECK_WITHIN_MS },
    async () => {
      const { code, out } = await checked(original);
      expect(out).toMatch(/^NOT YET, /);
      expect(out).toMatch(/^memory +WRONG +Memory grew by/m);
      expect(out).toMatch(/What grows: \S+/);
      expect(out).toMatch(/^answers +right +All [\d,]+ answers are the same\.$/m);
      expect(code).toBe(1);
    },
  );

  it('refuses a fix that answers wrongly, and shows where', { timeout: CHECK_WITHIN_MS }, async () => {
    const { code, out } = await checked(edited(original, wrong));
    expect(out).toMatch(/^NOT YET, /);
    expect(out).toMatch(/^memory +(right|unclear) /m);
    expect(out).toMatch(/^answers +WRONG +[\d,]+ of [\d,]+ are not those of the original\.$/m);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(differs);
    expect(code).toBe(1);
  });

  it('refuses a fix that takes far more CPU time', { timeout: CHECK_WITHIN_MS }, async () => {
    const { code, out } = await checked(edited(fixed, [['findOrder(id)', 'slowly(id)']]) + SLOWLY);
    expect(out).toMatch(/^NOT YET, /);
    expect(out).toMatch(/^memory +(right|unclear) /m);
    expect(out).toMatch(/^answers +right /m);
    expect(out).toMatch(/^CPU +WRONG +A request takes \d/m);
    expect(code).toBe(1);
  });

  it('is over with the fix of the gallery', { timeout: CHECK_WITHIN_MS }, async () => {
    const { code, out } = await checked(fixed);
    expect(out).toMatch(/^MENDED, /);
    for (const part of ['memory', 'answers', 'CPU']) expect(out).toMatch(new RegExp(`^${part} +right `, 'm'));
    expect(out).toContain(`The pattern is ${name}`);
    expect(code).toBe(0);
  });
});

/** @throws Error when there is nothing to edit: the game would then be played with another version than meant */
function edited(source: string, edits: readonly Edit[]): string {
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the service has no ${JSON.stringify(from)}:\n${text}`);
    return text.replaceAll(from, to);
  }, source);
}
