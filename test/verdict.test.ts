import { describe, expect, test } from 'vitest';
import { judge, type Reading, verdictText, workUntil } from '../src/kit/verdict/index.js';
import { gaussian, seeded } from './support/series.js';

const MB = 1_000_000;
const PER_ROUND = 5_000;

/** Readings at 0 and after each round of 5,000 requests: 37 MB and whatever `bytes` draws, with a little noise. */
function series(
  rounds: number,
  bytes: (requests: number, round: number) => number,
  noiseBytes = 20_000,
): Reading[] {
  const random = seeded(7);
  return Array.from({ length: rounds + 1 }, (_, round) => {
    const work = round * PER_ROUND;
    return { work, bytes: 37 * MB + bytes(work, round) + noiseBytes * gaussian(random) };
  });
}

const leak =
  (growthRate: number, since = 0) =>
  (requests: number) =>
    growthRate * Math.max(0, requests - since);
const fill =
  (entries: number, entryBytes = 480) =>
  (requests: number) =>
    entryBytes * Math.min(entries, requests);
const couponCollector = (ids: number) => (requests: number) => 480 * ids * (1 - Math.exp(-requests / ids));
/** Each of 350 is loaded when it is first asked for, and the n-th of them is asked for with a weight of 1/n^1.4. */
function longTail(requestsPerRound: number, tenantBytes: number, seed: number) {
  const random = seeded(seed);
  const upTo: number[] = [];
  for (let tenant = 1; tenant <= 350; tenant += 1) upTo.push((upTo.at(-1) ?? 0) + tenant ** -1.4);
  const loaded = new Set<number>();
  return (_: number, round: number) => {
    for (let asked = round === 0 ? requestsPerRound : 0; asked < requestsPerRound; asked += 1) {
      const at = random() * upTo.at(-1)!;
      loaded.add(upTo.findIndex((sum) => sum > at));
    }
    return tenantBytes * loaded.size;
  };
}
const warmUp = (bytes: number, rounds: number) => (_: number, round: number) =>
  bytes * (1 - Math.exp(-round / rounds));
const step = (bytes: number, at: number) => (_: number, round: number) => (round >= at ? bytes : 0);
const sawtooth = (bytes: number, period: number) => (_: number, round: number) =>
  (bytes * (round % period)) / period;
const flat = () => 0;
const both =
  (...parts: ((requests: number, round: number) => number)[]) =>
  (requests: number, round: number) =>
    parts.reduce((sum, part) => sum + part(requests, round), 0);

/** What a driver is told that asks after every reading. */
const everyLook = (readings: Reading[]) => readings.map((_, i) => judge(readings.slice(0, i + 1)).kind);

describe('a leak', () => {
  test('that is steady from the start is found in 20 rounds, with its rate', () => {
    const verdict = judge(series(20, leak(480)));
    expect(verdict.kind).toBe('leak');
    expect(verdict.growthRate!.estimate).toBeCloseTo(480, -1);
    expect(verdict.growthRate!.low).toBeLessThan(480);
    expect(verdict.growthRate!.high).toBeGreaterThan(480);
    expect(verdict.confidence).toBeGreaterThan(0.99);
  });

  test('says over how many requests growth was steady, and that a filling container looks the same', () => {
    const verdict = judge(series(20, leak(480)));
    const over = `steadily over the last ${verdict.work.toLocaleString('en-US')} requests`;
    expect(verdictText(verdict)).toContain(over);
    expect(verdictText(verdict)).toContain('an undeclared bound');
  });

  test('is found in 10 rounds behind a warm-up', () => {
    expect(judge(series(10, both(leak(480), warmUp(5 * MB, 2)))).kind).toBe('leak');
  });

  test('that is slow is found under noise', () => {
    expect(judge(series(30, leak(10), 100_000)).kind).toBe('leak');
  });

  test('that is slow is found in the end behind a fill', () => {
    expect(judge(series(60, both(fill(10_000), leak(20)))).kind).toBe('leak');
  });

  test('that begins late is not called bounded once it shows, and is found in the end', () => {
    const late = leak(480, 20 * PER_ROUND);
    expect(judge(series(24, late)).kind).not.toBe('bounded');
    expect(judge(series(50, late)).kind).toBe('leak');
  });

  test('survives one outlier, a late drop and one step', () => {
    const outlier = (_: number, round: number) => (round === 12 ? -5 * MB : 0);
    expect(judge(series(20, both(leak(480), outlier))).kind).toBe('leak');
    expect(judge(series(30, both(leak(50), step(-0.6 * MB, 27)))).kind).toBe('leak');
    expect(judge(series(20, both(leak(480), step(3.6 * MB, 10)))).kind).toBe('leak');
  });

  test('is no leak when it is smaller than asked for', () => {
    expect(judge(series(30, leak(480)), { smallestLeakBytes: 1_000 }).kind).toBe('bounded');
  });
});

describe('bounded', () => {
  test('is a plateau', () => {
    const verdict = judge(series(30, flat));
    expect(verdict.kind).toBe('bounded');
    expect(verdictText(verdict)).toContain('A leak of 2 bytes per request or more would have been detected');
  });

  test('is memory that shrinks', () => {
    expect(judge(series(20, leak(-50))).kind).toBe('bounded');
  });

  test('is a cache that filled and stays flat, and rests on the flat part alone', () => {
    const verdict = judge(series(40, both(fill(10_000), warmUp(3 * MB, 1))));
    expect(verdict.kind).toBe('bounded');
    expect(verdict.work).toBeLessThan(40 * PER_ROUND);
  });

  test('is a plateau with one outlier, or one late drop', () => {
    const outlier = (_: number, round: number) => (round === 12 ? 5 * MB : 0);
    expect(judge(series(30, outlier)).kind).toBe('bounded');
    expect(judge(series(40, step(-0.6 * MB, 37))).kind).toBe('bounded');
  });

  test('is a plateau after one step up', () => {
    const verdict = judge(series(60, step(0.6 * MB, 35)));
    expect(verdict.kind).toBe('bounded');
  });

  test('is a sawtooth whose envelope is flat, once enough teeth were seen', () => {
    expect(judge(series(120, sawtooth(0.5 * MB, 5))).kind).toBe('bounded');
  });
});

describe('unsettled', () => {
  test('is what few readings are, with the minimum and its reason', () => {
    const verdict = judge(series(5, leak(480)));
    expect(verdict).toMatchObject({ kind: 'unsettled', growthRate: null, confidence: 0, readings: 6 });
    expect(verdictText(verdict)).toContain('needs at least 10');
    expect(verdictText(judge([]))).toContain('There are no readings');
  });

  test('is a slope that noise hides, with a guess how many requests would tell', () => {
    const verdict = judge(series(15, flat, 300_000));
    expect(verdict.kind).toBe('unsettled');
    expect(verdictText(verdict)).toMatch(/lies within that interval\. About [\d,]+ requests are needed/);
  });

  test('is a cache that still fills by declaration, however steady it grows', () => {
    const filling = series(40, leak(480)).map(({ work, bytes }) => ({ work, bytes, filling: true }));
    expect(judge(filling)).toMatchObject({ kind: 'unsettled', growthRate: null });
    expect(judge(filling).reason).toEqual({ code: 'filling' });
    const filled = filling.map(({ work, bytes }, i) => ({ work, bytes, filling: i < 20 }));
    expect(judge(filled)).toMatchObject({ kind: 'leak' });
    expect(judge(filled).readings).toBeLessThanOrEqual(21);
  });

  test.each([
    ['a cache whose ids repeat', couponCollector(40_000)],
    ['a warm-up', warmUp(5 * MB, 4)],
    ['a linear fill and a warm-up', both(fill(10_000), warmUp(5 * MB, 2))],
    ['a step up', step(3 * MB, 9)],
    ['a sawtooth', sawtooth(4 * MB, 4)],
    ['a plateau', flat],
  ])('or bounded, and never a leak, is %s at every look', (_, shape) => {
    expect(everyLook(series(60, shape))).not.toContain('leak');
  });

  test('is a journal that was folded once, though all since then is one straight line', () => {
    const folded = sawtooth(14 * 480 * PER_ROUND, 14);
    expect(everyLook(series(60, folded)).slice(15)).not.toContain('leak'); // before, nothing tells it from one
    expect(judge(series(24, folded)).reason).toEqual({ code: 'fell' });
    const beside = both(leak(480), sawtooth(4 * MB, 14));
    expect(judge(series(40, beside)).kind).toBe('leak');
  });

  test('is growth that has stopped a while ago, however long it was a line', () => {
    const looks = everyLook(series(44, fill(35 * PER_ROUND)));
    expect(looks[35]).toBe('leak');
    expect(looks.slice(42)).not.toContain('leak');
  });

  test('is a cache of all tenants, of whom many seldom ask, in most looks: its tail is as good as a line', () => {
    const looks = Array.from({ length: 20 }, (_, seed) =>
      everyLook(series(40, longTail(500, 80_000, seed))).slice(20),
    ).flat();
    expect(looks.filter((kind) => kind === 'leak').length).toBeLessThan(looks.length / 10);
  });

  test('says that growth slows while it does', () => {
    expect(judge(series(15, couponCollector(40_000))).reason).toEqual({ code: 'slowing' });
  });
});

describe('what is said', () => {
  test('survives JSON, of readings without any noise as well', () => {
    for (const shape of [flat, leak(480), leak(2), step(MB, 10), fill(20_000)]) {
      for (const readings of [series(20, shape), series(20, shape, 0)]) {
        const verdict = judge(readings);
        expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
      }
    }
  });

  test('speaks of seconds when work is time', () => {
    expect(verdictText(judge(series(20, leak(480)), { unit: 'second' }))).toContain('bytes per second');
  });

  test('does not depend on rounds being equal', () => {
    const uneven = series(40, leak(480)).filter((_, i) => i % 3 !== 1);
    expect(judge(uneven).kind).toBe('leak');
  });
});

describe('readings that cannot be judged', () => {
  const good = series(12, flat);
  test.each([
    ['work that is no number', { work: Number.NaN, bytes: 1 }, /Reading 12: work is NaN/],
    ['bytes that are not finite', { work: 1e9, bytes: Infinity }, /Reading 12: bytes is Infinity/],
    ['work that does not increase', good[11]!, /Reading 12: work is 55000, after 55000 in reading 11/],
  ])('%s: throws and says which and what to do', (_, bad, message) => {
    const readings = [...good.slice(0, 12), bad];
    expect(() => judge(readings)).toThrow(RangeError);
    expect(() => judge(readings)).toThrow(message);
  });

  test('a smallest leak that is not positive throws', () => {
    expect(() => judge(good, { smallestLeakBytes: 0 })).toThrow(/smallestLeakBytes is 0/);
  });
});

test('workUntil: the work left before the limit', () => {
  expect(workUntil(256 * MB, 56 * MB, 400)).toBe(500_000);
  expect(workUntil(256 * MB, 56 * MB, 0)).toBe(Infinity);
  expect(workUntil(256 * MB, 56 * MB, -4)).toBe(Infinity);
  expect(workUntil(256 * MB, 300 * MB, 400)).toBe(0);
});
