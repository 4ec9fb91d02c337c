import { describe, expect, it, vi } from 'vitest';
import { LeakSignal } from '../src/kit/memory/leak-signal.js';
import { ContainerWatch, MAX_CONTAINERS } from '../src/kit/memory/watch/container-watch.js';
import { HeapTrendWatch, trendOf, type PostGcReading } from '../src/kit/memory/watch/heap-trend.js';
import { History } from '../src/kit/memory/watch/history.js';
import { budgetedKeys } from '../src/kit/memory/watch/key-budget.js';
import { Ring } from '../src/kit/memory/watch/ring.js';
import { gaussian, seeded } from './support/series.js';

const MB = 1_000_000;
const LIMIT_BYTES = 4_000 * MB;

/** Readings 10 s apart, of a service that answers 1,000 requests per second. */
function readings(count: number, heapBytes: (index: number) => number, change: Partial<PostGcReading> = {}) {
  const noise = seeded(7);
  return Array.from({ length: count }, (_, index): PostGcReading => ({
    second: 10 * index,
    requests: 10_000 * index,
    heapBytes: heapBytes(index) + 50_000 * gaussian(noise),
    externalBytes: 3 * MB,
    filling: false,
    ...change,
  }));
}

describe('the post-GC heap', () => {
  it('is judged a leak if it grows with every request, with the growth rate and the time to the heap limit', () => {
    const { verdict, unit, bytesPerSecond, secondsToLimit } = trendOf(
      readings(30, (index) => 20 * MB + 5 * MB * index),
      LIMIT_BYTES,
    );
    expect({ kind: verdict.kind, unit }).toEqual({ kind: 'leak', unit: 'request' });
    expect(verdict.growthRate!.estimate).toBeCloseTo(500, -1);
    expect(bytesPerSecond! / 500_000).toBeCloseTo(1, 1);
    expect(secondsToLimit! / ((4_000 - 165) / 0.5)).toBeCloseTo(1, 1);
  });

  it('is judged per request even if there are no requests for a while', () => {
    const busy = readings(21, (index) => 20 * MB + 5 * MB * index);
    for (const idle of [1, 5, 15]) {
      const { second, requests } = busy.at(-1)!;
      const pause = readings(idle, () => 20 * MB + 5 * MB * 20, { second: second + 1, requests });
      const { verdict, unit } = trendOf([...busy, ...pause], LIMIT_BYTES);
      expect({ kind: verdict.kind, unit }, `${idle} readings`).toEqual({ kind: 'leak', unit: 'request' });
    }
  });

  it('is judged per second if there are no requests', () => {
    const { verdict, unit } = trendOf(
      readings(30, (index) => 20 * MB + 5 * MB * index, { requests: 0 }),
      LIMIT_BYTES,
    );
    expect({ kind: verdict.kind, unit }).toEqual({ kind: 'leak', unit: 'second' });
  });

  it('is judged bounded if it is flat, and has no time to the limit', () => {
    const { verdict, secondsToLimit } = trendOf(
      readings(30, () => 20 * MB),
      LIMIT_BYTES,
    );
    expect(verdict.kind).toBe('bounded');
    expect(secondsToLimit).toBeNull();
  });

  it.each([
    ['the service warms up', (index: number) => 40 * MB - 20 * MB * Math.exp(-index / 5)],
    ['a cache without a declared bound fills', (index: number) => Math.min(80, 20 + 5 * index) * MB],
  ])('is not judged a leak while %s', (_what, heapBytes) => {
    for (const count of [20, 30, 60])
      expect(trendOf(readings(count, heapBytes), LIMIT_BYTES).verdict.kind, `${count} readings`).not.toBe(
        'leak',
      );
  });

  it('stays unsettled while a container fills up to a bound that it declares', () => {
    const { verdict } = trendOf(
      readings(30, (index) => 20 * MB + 5 * MB * index, { filling: true }),
      LIMIT_BYTES,
    );
    expect(verdict).toMatchObject({ kind: 'unsettled', reason: { code: 'filling' } });
  });

  it('is read at most once per second, and judged by the latest 60 readings', () => {
    const watch = new HeapTrendWatch();
    const [reading] = readings(1, () => 20 * MB);
    expect(watch.add({ ...reading!, second: 5 })).toBe(true);
    expect(watch.add({ ...reading!, second: 5.9 })).toBe(false);
    expect(watch.add({ ...reading!, second: 6 })).toBe(true);
    for (let second = 7; second < 1_000; second += 1) watch.add({ ...reading!, second, requests: second });
    expect(watch.trend(LIMIT_BYTES).verdict.work).toBeLessThan(60);
  });

  it('is judged anew after the request counter was reset', () => {
    const watch = new HeapTrendWatch();
    for (const reading of readings(30, (index) => 20 * MB + 5 * MB * index)) watch.add(reading);
    expect(watch.trend(LIMIT_BYTES).verdict.kind).toBe('leak');
    watch.add({ second: 1_000, requests: 7, heapBytes: 20 * MB, externalBytes: 0, filling: false });
    expect(watch.trend(LIMIT_BYTES).verdict).toMatchObject({ kind: 'unsettled', readings: 1 });
  });
});

describe('the warning of a leak', () => {
  const leak = trendOf(
    readings(30, (index) => 20 * MB + 5 * MB * index),
    LIMIT_BYTES,
  );
  const flat = trendOf(
    readings(30, () => 20 * MB),
    LIMIT_BYTES,
  );
  const suspect = { name: 'A › B.users', type: 'Map', entries: 1_234, bound: null, growthPerSecond: 12.4 };

  it('is logged once, after two verdicts of leak in a row, and names the suspect', () => {
    const warn = vi.fn<(message: string) => void>();
    const signal = new LeakSignal(warn);
    for (const trend of [leak, flat, leak]) signal.update(trend, suspect);
    expect(warn).not.toHaveBeenCalled();
    for (const trend of [leak, leak, flat, leak, leak]) signal.update(trend, suspect);
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]![0]).toMatch(
      /Memory grew by 50\d bytes per request.*A › B\.users \(Map, 1,234 entries, 12 per second\).*heap limit is reached in 2 hours.*\[LEAK_LAB_GROWS\]/,
    );
  });

  it('says that no container grows if there is no suspect', () => {
    const warn = vi.fn<(message: string) => void>();
    const signal = new LeakSignal(warn);
    for (const trend of [leak, leak]) signal.update(trend, undefined);
    expect(warn.mock.calls[0]![0]).toMatch(/a closure, a private field/);
  });
});

const count = (name: string, entries: number, limit?: number) => ({
  name,
  type: 'Map',
  entries,
  bound: limit ? { declaredBy: 'max', limit, filled: Math.min(1, entries / limit) } : null,
});

describe('the growth of containers', () => {
  it('ranks them by growth rate, and the suspect has no bound or has reached it', () => {
    const watch = new ContainerWatch();
    for (let second = 0; second < 100; second += 1) {
      watch.add(second, [
        count('still', 1_000_000),
        count('leaking', 7 * second),
        count('filling', 90 * second, 100_000),
        count('restless', second % 2),
      ]);
    }
    expect(watch.byGrowth().map(({ name, growthPerSecond }) => [name, growthPerSecond])).toEqual([
      ['filling', 90],
      ['leaking', 7],
      ['still', 0],
      ['restless', 0],
    ]);
    expect(watch.suspect()).toMatchObject({ name: 'leaking', entries: 693 });
    expect(watch.isFilling()).toBe(true);
  });

  it('does not report a full container, or one that hardly grows, as filling', () => {
    const watch = new ContainerWatch();
    for (let second = 0; second < 100; second += 1)
      watch.add(second, [count('full', 500, 500), count('slow', 100 + (second >> 3), 10_000)]);
    expect(watch.isFilling()).toBe(false);
  });

  it('is zero for a container that has just reached its bound, which is then no suspect', () => {
    const watch = new ContainerWatch();
    for (let second = 0; second < 60; second += 1)
      watch.add(second, [count('filled', Math.min(500, 10 * second), 500), count('leaking', second)]);
    watch.add(60, [count('filled', 500, 500), count('leaking', 60)]);
    expect(watch.byGrowth()).toMatchObject([{ name: 'leaking' }, { name: 'filled', growthPerSecond: 0 }]);
    expect(watch.suspect()).toMatchObject({ name: 'leaking' });
  });

  it('is the average for a container that gains in bursts, but zero for a jump, for one that has stopped and for one that falls', () => {
    const watch = new ContainerWatch();
    for (let second = 0; second < 60; second += 1) {
      const afterPause = Math.max(0, second - 54);
      watch.add(second, [
        count('bursts', 100 + 59 * afterPause),
        count('jump', second < 54 ? 10 : 9_000),
        count('stopped', Math.min(500, 100 * second)),
        count('falls', second < 54 ? 10 : 100 * afterPause),
      ]);
    }
    expect(watch.byGrowth().map(({ name, growthPerSecond }) => [name, growthPerSecond])).toEqual([
      ['bursts', 5],
      ['jump', 0],
      ['falls', 0],
      ['stopped', 0],
    ]);
  });

  it('forgets containers that are gone, monitors 100 at most, and counts the others as omitted', () => {
    const watch = new ContainerWatch();
    for (let second = 0; second < 5; second += 1) {
      watch.add(
        second,
        Array.from({ length: 1_000 }, (_, index) => count(`${second} ${index}`, index)),
      );
    }
    expect(watch.byGrowth()).toHaveLength(MAX_CONTAINERS);
    expect(watch.byGrowth().every(({ name }) => name.startsWith('4 '))).toBe(true);
    expect(watch.omitted).toBe(1_000 - MAX_CONTAINERS);
  });
});

describe('stored samples', () => {
  it('of a million seconds are at most 720 points, evenly spaced from the start', () => {
    const history = new History<number>(720);
    for (let second = 0; second < 1_000_000; second += 1) history.offer(second);
    const points = history.values();
    expect(points.length).toBeGreaterThan(300);
    expect(points.length).toBeLessThanOrEqual(720);
    expect(points[0]).toBe(0);
    const steps = new Set(points.slice(1).map((point, index) => point - points[index]!));
    expect(steps.size).toBe(1);
  });

  it('in a ring are the latest ones, oldest first', () => {
    const ring = new Ring<number>(3);
    expect(ring.last).toBeUndefined();
    for (let value = 1; value <= 7; value += 1) {
      ring.push(value);
      expect(ring.last).toBe(value);
    }
    expect(ring.values()).toEqual([5, 6, 7]);
  });
});

it('the keys of a dictionary are counted again after a thousand times as long as the count took', () => {
  let time = 0;
  const keysOf = budgetedKeys(() => (time += 5)); // each count takes 5 ms
  const dictionary: Record<string, number> = { a: 1 };
  expect(keysOf(dictionary)).toBe(1);
  dictionary['b'] = 2;
  expect(keysOf(dictionary)).toBe(1);
  time += 5_000;
  expect(keysOf(dictionary)).toBe(2);
});
