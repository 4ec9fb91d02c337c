import { describe, expect, test } from 'vitest';
import { judge, judgeByWork, type Reading, verdictText, workUntil } from '../src/kit/verdict/index.js';
import { gaussian, seeded } from './support/series.js';

const MB = 1_000_000;
const PER_ROUND = 5_000;

/** Readings at 0 and after each round of 5,000 requests: 37 MB plus `bytes`, with a little noise. */
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

/** The verdicts of a load that judges after every reading. */
const everyVerdict = (readings: Reading[]) => readings.map((_, i) => judge(readings.slice(0, i + 1)).kind);

describe('a leak', () => {
  test('of 480 B per request is found within 20 rounds, with its rate', () => {
    const verdict = judge(series(20, leak(480)));
    expect(verdict.kind).toBe('leak');
    expect(verdict.growthRate!.estimate).toBeCloseTo(480, -1);
    expect(verdict.growthRate!.low).toBeLessThan(480);
    expect(verdict.growthRate!.high).toBeGreaterThan(480);
    expect(verdict.confidence).toBeGreaterThan(0.99);
  });

  test('is reported with its number of requests, and with the caveat of an undeclared bound', () => {
    const verdict = judge(series(20, leak(480)));
    const over = `steadily over the last ${verdict.work.toLocaleString('en-US')} requests`;
    expect(verdictText(verdict)).toContain(over);
    expect(verdictText(verdict)).toContain('an undeclared bound');
  });

  test('is found within 10 rounds after a warm-up', () => {
    expect(judge(series(10, both(leak(480), warmUp(5 * MB, 2)))).kind).toBe('leak');
  });

  test('of 10 B per request is found within 30 rounds under noise of 100 kB', () => {
    expect(judge(series(30, leak(10), 100_000)).kind).toBe('leak');
  });

  test('of 20 B per request is found within 60 rounds after a cache has filled', () => {
    expect(judge(series(60, both(fill(10_000), leak(20)))).kind).toBe('leak');
  });

  test('that begins in round 20 is not called bounded in round 24, and is found by round 50', () => {
    const late = leak(480, 20 * PER_ROUND);
    expect(judge(series(24, late)).kind).not.toBe('bounded');
    expect(judge(series(50, late)).kind).toBe('leak');
  });

  test('is found despite an outlier, a late drop or a step', () => {
    const outlier = (_: number, round: number) => (round === 12 ? -5 * MB : 0);
    expect(judge(series(20, both(leak(480), outlier))).kind).toBe('leak');
    expect(judge(series(30, both(leak(50), step(-0.6 * MB, 27)))).kind).toBe('leak');
    expect(judge(series(20, both(leak(480), step(3.6 * MB, 10)))).kind).toBe('leak');
  });

  test('smaller than smallestLeakBytes is bounded', () => {
    expect(judge(series(30, leak(480)), { smallestLeakBytes: 1_000 }).kind).toBe('bounded');
  });
});

describe('the verdict is bounded for', () => {
  test('a plateau, and it names the smallest leak that would have been detected', () => {
    const verdict = judge(series(30, flat));
    expect(verdict.kind).toBe('bounded');
    expect(verdictText(verdict)).toContain('A leak of 2 bytes per request or more would have been detected');
  });

  test('memory that shrinks', () => {
    expect(judge(series(20, leak(-50))).kind).toBe('bounded');
  });

  test('a cache that filled and is flat since, judged on the flat part alone', () => {
    const verdict = judge(series(40, both(fill(10_000), warmUp(3 * MB, 1))));
    expect(verdict.kind).toBe('bounded');
    expect(verdict.work).toBeLessThan(40 * PER_ROUND);
  });

  test('a plateau with one outlier or one late drop', () => {
    const outlier = (_: number, round: number) => (round === 12 ? 5 * MB : 0);
    expect(judge(series(30, outlier)).kind).toBe('bounded');
    expect(judge(series(40, step(-0.6 * MB, 37))).kind).toBe('bounded');
  });

  test('a plateau after one step up', () => {
    const verdict = judge(series(60, step(0.6 * MB, 35)));
    expect(verdict.kind).toBe('bounded');
  });

  test('a sawtooth with a flat envelope after 24 teeth', () => {
    expect(judge(series(120, sawtooth(0.5 * MB, 5))).kind).toBe('bounded');
  });
});

describe('the verdict is unsettled for', () => {
  test('fewer than 10 readings, and it names that minimum', () => {
    const verdict = judge(series(5, leak(480)));
    expect(verdict).toMatchObject({ kind: 'unsettled', growthRate: null, confidence: 0, readings: 6 });
    expect(verdictText(verdict)).toContain('needs at least 10');
    expect(verdictText(judge([]))).toContain('There are no readings');
  });

  test('a slope within the noise, and it estimates how many requests are needed', () => {
    const verdict = judge(series(15, flat, 300_000));
    expect(verdict.kind).toBe('unsettled');
    expect(verdictText(verdict)).toMatch(/lies within that interval\. About [\d,]+ requests are needed/);
  });

  test('steady growth of a cache that has not reached its declared bound', () => {
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
  ])('%s, or it is bounded, and after no reading it is a leak', (_, shape) => {
    expect(everyVerdict(series(60, shape))).not.toContain('leak');
  });

  test('memory that fell once by most of what it had gained, although it grows in a straight line since', () => {
    const emptied = sawtooth(14 * 480 * PER_ROUND, 14);
    expect(everyVerdict(series(60, emptied)).slice(15)).not.toContain('leak'); // before its first fall it grows as a leak does
    expect(judge(series(24, emptied)).reason).toEqual({ code: 'fell' });
    const beside = both(leak(480), sawtooth(4 * MB, 14));
    expect(judge(series(40, beside)).kind).toBe('leak');
  });

  test('growth that was a straight line for 35 rounds and then stopped', () => {
    const verdicts = everyVerdict(series(44, fill(35 * PER_ROUND)));
    expect(verdicts[35]).toBe('leak');
    expect(verdicts.slice(42)).not.toContain('leak');
  });

  test('a cache of all tenants with rare ones, in nine of ten verdicts: the end of its fill fits a line', () => {
    const verdicts = Array.from({ length: 20 }, (_, seed) =>
      everyVerdict(series(40, longTail(500, 80_000, seed))).slice(20),
    ).flat();
    expect(verdicts.filter((kind) => kind === 'leak').length).toBeLessThan(verdicts.length / 10);
  });

  test('a cache with repeated ids, because its growth slows down', () => {
    expect(judge(series(15, couponCollector(40_000))).reason).toEqual({ code: 'slowing' });
  });
});

describe('a verdict', () => {
  test('is unchanged by JSON, also when the readings have no noise', () => {
    for (const shape of [flat, leak(480), leak(2), step(MB, 10), fill(20_000)]) {
      for (const readings of [series(20, shape), series(20, shape, 0)]) {
        const verdict = judge(readings);
        expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
      }
    }
  });

  test('is worded in seconds when the unit is seconds', () => {
    expect(verdictText(judge(series(20, leak(480)), { unit: 'second' }))).toContain('bytes per second');
  });

  test('is a leak when rounds differ in length', () => {
    const uneven = series(40, leak(480)).filter((_, i) => i % 3 !== 1);
    expect(judge(uneven).kind).toBe('leak');
  });
});

describe('judge throws a RangeError', () => {
  const good = series(12, flat);
  test.each([
    ['work that is not a number', { work: Number.NaN, bytes: 1 }, /Reading 12: work is NaN/],
    ['bytes that are not finite', { work: 1e9, bytes: Infinity }, /Reading 12: bytes is Infinity/],
    ['work that does not increase', good[11]!, /Reading 12: work is 55000, after 55000 in reading 11/],
  ])('for %s, with the index of the reading and what to pass', (_, bad, message) => {
    const readings = [...good.slice(0, 12), bad];
    expect(() => judge(readings)).toThrow(RangeError);
    expect(() => judge(readings)).toThrow(message);
  });

  test('for a smallestLeakBytes that is not positive', () => {
    expect(() => judge(good, { smallestLeakBytes: 0 })).toThrow(/smallestLeakBytes is 0/);
  });
});

test('workUntil gives the work left until the limit, and Infinity without growth', () => {
  expect(workUntil(256 * MB, 56 * MB, 400)).toBe(500_000);
  expect(workUntil(256 * MB, 56 * MB, 0)).toBe(Infinity);
  expect(workUntil(256 * MB, 56 * MB, -4)).toBe(Infinity);
  expect(workUntil(256 * MB, 300 * MB, 400)).toBe(0);
});

test('a bounded verdict of too little work is unsettled, and names all of the work and how much is needed', () => {
  const verdict = judgeByWork(series(20, flat).map(({ work, bytes }) => ({ work: work / 333, bytes })));
  expect(verdict).toMatchObject({
    kind: 'unsettled',
    reason: { code: 'too-little-work', neededWork: 8_000 },
  });
  expect(verdictText(verdict)).toMatch(/^300 requests are too few: only a leak of 1,332 bytes per request/);
});
