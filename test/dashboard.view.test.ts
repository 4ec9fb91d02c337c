import { describe, expect, it } from 'vitest';
import { growthText, suspectText } from '../src/kit/memory/dashboard/growth-words.js';
import { trendLine } from '../src/kit/memory/dashboard/trend-line.js';
import type { ContainerGrowth } from '../src/kit/memory/watch/container-watch.js';
import { trendOf } from '../src/kit/memory/watch/heap-trend.js';
import type { HistoryPoint } from '../src/kit/memory/watch/monitor-sample.js';

const MB = 1_000_000;
const HOUR = 3_600;
const perRequest = { unit: 'request' as const, bytesPerSecond: 1 };
const perSecond = { unit: 'second' as const, bytesPerSecond: 1 };

/** A sample each second, with a post-GC reading every five seconds; the heap gains 1 MB per second of work. */
function points(...stretches: { seconds: number; requests: number; hasSamples?: boolean }[]): HistoryPoint[] {
  const all: HistoryPoint[] = [];
  let [second, work] = [0, 0];
  for (const { seconds, requests, hasSamples = true } of stretches) {
    for (let at = 0; at < seconds; at += 1, second += 1) {
      if (requests > 0) work += 1;
      if (!hasSamples) continue;
      const heapAfterGcBytes = second % 5 === 0 && requests > 0 ? (20 + work) * MB : null;
      const none = { rssBytes: 0, heapUsedBytes: 0, eventLoopDelayMs: 0 };
      all.push({ ...none, time: 1000 * second, heapAfterGcBytes, requestsPerSecond: requests });
    }
  }
  return all;
}

describe('the trend line of the dashboard', () => {
  it('is one piece under steady traffic, through the readings', () => {
    expect(trendLine(points({ seconds: 60, requests: 100 }), perRequest)).toEqual([
      { from: 0, to: 59_000, fromBytes: 21 * MB, toBytes: 80 * MB },
    ]);
  });

  it('is one piece where a request comes every twenty seconds', () => {
    const seldom = Array.from({ length: 30 }, () => [
      { seconds: 1, requests: 1 },
      { seconds: 19, requests: 0 },
    ]).flat();
    expect(trendLine(points(...seldom), perRequest)).toHaveLength(1);
  });

  it.each([
    ['without traffic', true],
    ['without samples', false],
  ])('has a piece before and one after hours %s, at one level and with one slope', (_what, hasSamples) => {
    const pause = { seconds: 2 * HOUR, requests: 0, hasSamples };
    const busy = { seconds: 50, requests: 100 };
    const [before, after, ...more] = trendLine(points(busy, pause, busy), perRequest);
    expect(more).toEqual([]);
    expect(before).toMatchObject({ from: 0, to: 49_000 });
    expect(after).toMatchObject({ from: 1000 * (50 + 2 * HOUR), to: 1000 * (99 + 2 * HOUR) });
    expect(after!.fromBytes / before!.toBytes).toBeCloseTo(1, 1);
    const slopes = [before!, after!].map(
      ({ from, to, fromBytes, toBytes }) => (toBytes - fromBytes) / (to - from),
    );
    expect(slopes[0]! / MB).toBeCloseTo(0.001, 4);
    expect(slopes[1]).toBeCloseTo(slopes[0]!, 3);
  });

  it('ends with the traffic', () => {
    const [piece, ...more] = trendLine(
      points({ seconds: 60, requests: 9 }, { seconds: HOUR, requests: 0 }),
      perRequest,
    );
    expect([piece!.to, more]).toEqual([59_000, []]);
  });

  it('goes on without requests where growth is judged per second, but not where there are no samples', () => {
    const idle = points({ seconds: 300, requests: 1 }).map((point) =>
      Object.assign(point, { requestsPerSecond: 0 }),
    );
    expect(trendLine(idle, perSecond)).toHaveLength(1);
    const asleep = idle.filter(({ time }) => time < 230_000 || time > 270_000);
    expect(trendLine(asleep, perSecond).map(({ from, to }) => [from, to])).toEqual([
      [155_000, 229_000],
      [271_000, 299_000],
    ]);
  });

  it('is not drawn before there is a rate, or without readings', () => {
    const all = points({ seconds: 60, requests: 100 });
    expect(trendLine(all, { unit: 'request', bytesPerSecond: null })).toEqual([]);
    expect(trendLine(all.slice(1, 4), perRequest)).toEqual([]);
    expect(trendLine([], perRequest)).toEqual([]);
  });
});

/** Post-GC readings 10 s apart at 1,000 requests per second, with pauses of some hours before the given ones. */
function trendWith(pausesBefore: readonly number[]) {
  let second = 0;
  return trendOf(
    Array.from({ length: 30 }, (_, index) => {
      second += pausesBefore.includes(index) ? 5 * HOUR : 10;
      return {
        second,
        requests: 10_000 * index,
        heapBytes: 20 * MB + 5 * MB * index + 1000 * (index % 3),
        externalBytes: 0,
        filling: false,
      };
    }),
    4_000 * MB,
  );
}

const container = (name: string, growthPerSecond: number, filled?: number): ContainerGrowth => ({
  name,
  type: 'Map',
  entries: 10,
  bound: filled === undefined ? null : { declaredBy: 'max', limit: 20, filled },
  growthPerSecond,
});

describe('the growth rate beside "Leak"', () => {
  it.each([
    ['no pause', []],
    ['a pause of hours', [22]],
    ['several pauses', [16, 20, 24, 28]],
  ])('is that of the verdict per request at the usual traffic, with %s', (_what, pauses) => {
    const { verdict, bytesPerSecond, secondsToLimit } = trendWith(pauses);
    expect(verdict.kind).toBe('leak');
    expect(bytesPerSecond! / (1000 * verdict.growthRate!.estimate)).toBeCloseTo(1, 1);
    expect(secondsToLimit! / ((4_000 - 165) / 0.5)).toBeCloseTo(1, 1);
  });

  it.each([
    [0, 'none'],
    [1e-6, '0.086 / day'],
    [1 / HOUR, '1 / h'],
    [0.003, '11 / h'],
    [0.08, '4.8 / min'],
    [-0.004, '-14 / h'],
    [1, '1 / s'],
    [99.7, '100 / s'],
    [12_345.6, '12,346 / s'],
  ])('is never rounded to none: %d entries per second are "%s"', (rate, text) => {
    expect(growthText(rate)).toBe(text);
  });

  it('names the container that grows, however slowly, and says so if none does', () => {
    const trend = trendWith([]);
    const filling = container('Filling.map', 5, 0.5);
    expect(suspectText({ trend, containers: [filling, container('Audit.entries', 0.003)] })).toBe(
      'Fastest-growing container without a bound: Audit.entries, 11 entries per hour.',
    );
    expect(suspectText({ trend, containers: [filling, container('Audit.entries', 0)] })).toMatch(
      /^No container without a bound grew steadily in the last minute\./,
    );
    const unsettled = { ...trend, verdict: { ...trend.verdict, kind: 'unsettled' as const } };
    expect(suspectText({ trend: unsettled, containers: [container('Audit.entries', 1)] })).toBe('');
  });
});
