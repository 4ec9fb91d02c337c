import { describe, expect, it, vi } from 'vitest';
import { LeakSignal } from '../src/kit/memory/leak-signal.js';
import { ContainerWatch, MOST_CONTAINERS } from '../src/kit/memory/watch/container-watch.js';
import { HeapTrendWatch, trendOf, type AfterGc } from '../src/kit/memory/watch/heap-trend.js';
import { History } from '../src/kit/memory/watch/history.js';
import { budgetedKeys } from '../src/kit/memory/watch/key-budget.js';
import { Ring } from '../src/kit/memory/watch/ring.js';
import { gaussian, seeded } from './support/series.js';

const MB = 1_000_000;
const LIMIT_BYTES = 4_000 * MB;

/** Readings 10 s apart, of a service that answers 1,000 requests a second. */
function readings(count: number, heapBytes: (index: number) => number, change: Partial<AfterGc> = {}) {
  const noise = seeded(7);
  return Array.from({ length: count }, (_, index): AfterGc => ({
    second: 10 * index,
    requests: 10_000 * index,
    heapBytes: heapBytes(index) + 50_000 * gaussian(noise),
    externalBytes: 3 * MB,
    filling: false,
    ...change,
  }));
}

describe('what is left after collections', () => {
  it('is a leak when it grows with every request, with the rate and the time to the limit', () => {
    const { verdict, unit, bytesPerSecond, secondsToLimit } = trendOf(
      readings(30, (index) => 20 * MB + 5 * MB * index),
      LIMIT_BYTES,
    );
    expect({ kind: verdict.kind, unit }).toEqual({ kind: 'leak', unit: 'request' });
    expect(verdict.growthRate!.estimate).toBeCloseTo(500, -1);
    expect(bytesPerSecond! / 500_000).toBeCloseTo(1, 1);
    expect(secondsToLimit! / ((4_000 - 165) / 0.5)).toBeCloseTo(1, 1);
  });

  it('is a leak of requests all the same when nobody asks for a while', () => {
    const busy = readings(21, (index) => 20 * MB + 5 * MB * index);
    for (const idle of [1, 5, 15]) {
      const { second, requests } = busy.at(-1)!;
      const pause = readings(idle, () => 20 * MB + 5 * MB * 20, { second: second + 1, requests });
      const { verdict, unit } = trendOf([...busy, ...pause], LIMIT_BYTES);
      expect({ kind: verdict.kind, unit }, `${idle} readings`).toEqual({ kind: 'leak', unit: 'request' });
    }
  });

  it('is a leak of seconds where nobody asks anything', () => {
    const { verdict, unit } = trendOf(
      readings(30, (index) => 20 * MB + 5 * MB * index, { requests: 0 }),
      LIMIT_BYTES,
    );
    expect({ kind: verdict.kind, unit }).toEqual({ kind: 'leak', unit: 'second' });
  });

  it('is bounded when it is flat: it has no time to a limit', () => {
    const { verdict, secondsToLimit } = trendOf(
      readings(30, () => 20 * MB),
      LIMIT_BYTES,
    );
    expect(verdict.kind).toBe('bounded');
    expect(secondsToLimit).toBeNull();
  });

  it.each([
    ['warms up', (index: number) => 40 * MB - 20 * MB * Math.exp(-index / 5)],
    ['fills a cache without a declared bound', (index: number) => Math.min(80, 20 + 5 * index) * MB],
  ])('is no leak when it %s', (_what, heapBytes) => {
    for (const count of [20, 30, 60])
      expect(trendOf(readings(count, heapBytes), LIMIT_BYTES).verdict.kind, `${count} readings`).not.toBe(
        'leak',
      );
  });

  it('is not judged while a container fills up to a bound that it declares', () => {
    const { verdict } = trendOf(
      readings(30, (index) => 20 * MB + 5 * MB * index, { filling: true }),
      LIMIT_BYTES,
    );
    expect(verdict).toMatchObject({ kind: 'unsettled', reason: { code: 'filling' } });
  });

  it('is read once a second at most, and of the latest readings', () => {
    const watch = new HeapTrendWatch();
    const [reading] = readings(1, () => 20 * MB);
    expect(watch.add({ ...reading!, second: 5 })).toBe(true);
    expect(watch.add({ ...reading!, second: 5.9 })).toBe(false);
    expect(watch.add({ ...reading!, second: 6 })).toBe(true);
    for (let second = 7; second < 1_000; second += 1) watch.add({ ...reading!, second, requests: second });
    expect(watch.trend(LIMIT_BYTES).verdict.work).toBeLessThan(60);
  });

  it('begins anew when whoever counts the requests does', () => {
    const watch = new HeapTrendWatch();
    for (const reading of readings(30, (index) => 20 * MB + 5 * MB * index)) watch.add(reading);
    expect(watch.trend(LIMIT_BYTES).verdict.kind).toBe('leak');
    watch.add({ second: 1_000, requests: 7, heapBytes: 20 * MB, externalBytes: 0, filling: false });
    expect(watch.trend(LIMIT_BYTES).verdict).toMatchObject({ kind: 'unsettled', readings: 1 });
  });
});

describe('the signal of a leak', () => {
  const leak = trendOf(
    readings(30, (index) => 20 * MB + 5 * MB * index),
    LIMIT_BYTES,
  );
  const flat = trendOf(
    readings(30, () => 20 * MB),
    LIMIT_BYTES,
  );
  const suspect = { name: 'A › B.users', type: 'Map', entries: 1_234, bound: null, growthPerSecond: 12.4 };

  it('is given once, when growth is seen twice in a row, and names the suspect', () => {
    const warn = vi.fn<(message: string) => void>();
    const signal = new LeakSignal(warn);
    for (const trend of [leak, flat, leak]) signal.tell(trend, suspect);
    expect(warn).not.toHaveBeenCalled();
    for (const trend of [leak, leak, flat, leak, leak]) signal.tell(trend, suspect);
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]![0]).toMatch(
      /Memory grew by 50\d bytes per request.*A › B\.users \(Map, 1,234 entries, 12 a second\).*heap limit is 2 hours away.*\[LEAK_LAB_GROWS\]/,
    );
  });

  it('says so when nothing that can be named grows', () => {
    const warn = vi.fn<(message: string) => void>();
    const signal = new LeakSignal(warn);
    for (const trend of [leak, leak]) signal.tell(trend, undefined);
    expect(warn.mock.calls[0]![0]).toMatch(/a closure, a private field/);
  });
});

const count = (name: string, entries: number, limit?: number) => ({
  name,
  type: 'Map',
  entries,
  bound: limit ? { declaredBy: 'max', limit, filled: Math.min(1, entries / limit) } : null,
});

describe('containers', () => {
  it('are ranked by how fast they grow; the suspect has no bound left to fill', () => {
    const watch = new ContainerWatch();
    for (let second = 0; second < 100; second += 1) {
      watch.look(second, [
        count('still', 1_000_000),
        count('leaking', 7 * second),
        count('filling', 90 * second, 100_000),
        count('restless', second % 2),
      ]);
    }
    expect(watch.growing().map(({ name, growthPerSecond }) => [name, growthPerSecond])).toEqual([
      ['filling', 90],
      ['leaking', 7],
      ['still', 0],
      ['restless', 0],
    ]);
    expect(watch.suspect()).toMatchObject({ name: 'leaking', entries: 693 });
    expect(watch.filling()).toBe(true);
  });

  it('that are full, or hardly gain, do not fill', () => {
    const watch = new ContainerWatch();
    for (let second = 0; second < 100; second += 1)
      watch.look(second, [count('full', 500, 500), count('slow', 100 + (second >> 3), 10_000)]);
    expect(watch.filling()).toBe(false);
  });

  it('that have filled up to their bound stand still, and are no suspects', () => {
    const watch = new ContainerWatch();
    for (let second = 0; second < 60; second += 1)
      watch.look(second, [count('filled', Math.min(500, 10 * second), 500), count('leaking', second)]);
    watch.look(60, [count('filled', 500, 500), count('leaking', 60)]);
    expect(watch.growing()).toMatchObject([{ name: 'leaking' }, { name: 'filled', growthPerSecond: 0 }]);
    expect(watch.suspect()).toMatchObject({ name: 'leaking' });
  });

  it('that go are forgotten, and their number is bounded, aloud', () => {
    const watch = new ContainerWatch();
    for (let second = 0; second < 5; second += 1) {
      watch.look(
        second,
        Array.from({ length: 1_000 }, (_, index) => count(`${second} ${index}`, index)),
      );
    }
    expect(watch.growing()).toHaveLength(MOST_CONTAINERS);
    expect(watch.growing().every(({ name }) => name.startsWith('4 '))).toBe(true);
    expect(watch.omitted).toBe(1_000 - MOST_CONTAINERS);
  });
});

describe('what is remembered', () => {
  it('of a whole life takes a fixed number of points, evenly spread', () => {
    const history = new History<number>(720);
    for (let second = 0; second < 1_000_000; second += 1) history.offer(second);
    const points = history.values();
    expect(points.length).toBeGreaterThan(300);
    expect(points.length).toBeLessThanOrEqual(720);
    expect(points[0]).toBe(0);
    const steps = new Set(points.slice(1).map((point, index) => point - points[index]!));
    expect(steps.size).toBe(1);
  });

  it('of the latest is a ring', () => {
    const ring = new Ring<number>(3);
    expect(ring.last).toBeUndefined();
    for (let value = 1; value <= 7; value += 1) {
      ring.push(value);
      expect(ring.last).toBe(value);
    }
    expect(ring.values()).toEqual([5, 6, 7]);
  });
});

it('keys of a dictionary are counted again when a thousand times the time that it took has passed', () => {
  let time = 0;
  const keysOf = budgetedKeys(() => (time += 5)); // each count takes 5 ms
  const dictionary: Record<string, number> = { a: 1 };
  expect(keysOf(dictionary)).toBe(1);
  dictionary['b'] = 2;
  expect(keysOf(dictionary)).toBe(1);
  time += 5_000;
  expect(keysOf(dictionary)).toBe(2);
});
