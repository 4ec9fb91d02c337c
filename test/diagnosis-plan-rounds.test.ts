import { describe, expect, it } from 'vitest';
import { mayReachBytes, planRound } from '../src/kit/diagnosis/measure/plan-rounds.js';
import type { Measured } from '../src/kit/diagnosis/model/context.js';
import type { Headroom } from '../src/kit/outside/index.js';
import { LEAST_GAIN, nearLimit } from '../src/kit/diagnosis/model/limits.js';
import { measuredOf } from './support/samples.js';

const MB = 1e6;
const usual = { maxPauseMs: undefined, force: false };

/** Rounds of so many requests that keep so many bytes each. */
function samplesOf(rounds: number, requests: number, bytesPerRequest: number, startMb = 40, limitMb = 4_000) {
  const gained = (requests * bytesPerRequest) / MB;
  return measuredOf(rounds, (round) => ({ heap: startMb - 40 + gained * round })).samples.map(
    (sample, round): Measured['samples'][number] =>
      Object.assign(sample, { work: round * requests, heapLimitBytes: limitMb * MB }),
  );
}

/** A whole measurement and the rounds after it, with requests that keep so many bytes. @returns the largest heap in MB */
function largestHeap(bytesPerRequest: number, startMb: number, limitMb: number): number {
  const samples = samplesOf(0, 0, 0, startMb, limitMb);
  for (let round = 1; round <= 20 + 25; round += 1) {
    const { most } = planRound(samples, 20 - round, usual);
    const last = samples.at(-1)!;
    const sent = Math.min(4_000, most);
    const heapUsedBytes = last.heapUsedBytes + sent * bytesPerRequest;
    samples.push({ ...last, work: last.work + sent, heapUsedBytes });
  }
  return Math.max(...samples.map(({ heapUsedBytes }) => heapUsedBytes)) / MB;
}

/** The same with requests that keep so many files open, until that is near its limit. @returns how many are open in the end */
function largestOpen(filesPerRequest: number, start: number, limit: number): number {
  const [first] = samplesOf(0, 0, 0);
  const limits = (open: number): Headroom[] => [{ code: 'open-files', used: open, free: limit - open }];
  const samples: Measured['samples'] = [{ ...first!, limits: limits(start) }];
  for (let round = 1; round <= 20 + 25; round += 1) {
    const work = samples.at(-1)!.work + Math.min(4_000, planRound(samples, 20 - round, usual).most);
    samples.push({ ...first!, work, limits: limits(start + Math.floor(work * filesPerRequest)) });
    if (nearLimit(limits(start), samples.at(-1)!.limits!)) break;
  }
  return samples.at(-1)!.limits![0]!.used;
}

describe('the plan of the next round', () => {
  it('begins with a few requests, and is four times as large from round to round', () => {
    expect(planRound([], 20, usual).most).toBe(20);
    expect(planRound(samplesOf(1, 20, 0), 19, usual)).toEqual({ most: 80, isSmall: false });
  });

  it.each([
    [2_000, 30],
    [10_000, 40],
    [118_000, 10],
    [500_000, 30],
  ])('leaves a heap that a snapshot can afford, where each request keeps %i bytes', (bytes, startMb) => {
    expect(largestHeap(bytes, startMb, 4_000)).toBeLessThan(80);
  });

  it.each([
    [118_000, 40, 300],
    [1_000_000, 40, 300],
    [10_000, 200, 300],
  ])(
    'fills at most half of the room below the heap limit: %i bytes from %i of %i MB',
    (bytes, start, limit) => {
      const most = mayReachBytes({ heapUsedBytes: start * MB, heapLimitBytes: limit * MB }) / MB;
      expect(largestHeap(bytes, start, limit)).toBeLessThanOrEqual(most + 25);
      expect(most + 25).toBeLessThan(limit);
    },
  );

  it.each([
    [2, 20, 20_000],
    [2, 20, 400],
    [1, 20, 1_024],
    [40, 20, 1_024],
    [0.1, 900, 1_024],
  ])(
    'takes at most half of the files that are left: %f for each request, from %i of %i',
    (each, start, limit) => {
      const open = largestOpen(each, start, limit);
      const room = (limit - start) / 2;
      const firstRound = 20 * each;
      const oneRound = Math.max(LEAST_GAIN['open-files'], each);
      expect(open).toBeLessThanOrEqual(start + Math.max(room + oneRound, firstRound));
      expect(open).toBeGreaterThan(start + Math.min(room / 2, firstRound));
    },
  );

  it('takes connections that are opened once for no growth', () => {
    const samples = samplesOf(5, 500, 0);
    for (const [round, sample] of samples.entries())
      sample.limits = [{ code: 'open-files', used: round < 4 ? 20 : 120, free: round < 4 ? 980 : 880 }];
    expect(planRound(samples, 15, usual)).toEqual({ most: 2_000, isSmall: false });
  });

  it('does not limit rounds for a snapshot that was too expensive from the start, or where pauses are allowed', () => {
    expect(planRound(samplesOf(5, 500, 10_000, 500), 15, usual)).toEqual({ most: 2_000, isSmall: false });
    expect(planRound(samplesOf(5, 500, 10_000), 15, { ...usual, force: true }).isSmall).toBe(false);
    expect(planRound(samplesOf(5, 500, 10_000), 15, usual).isSmall).toBe(true);
  });

  it('takes one round of the warm-up for no growth', () => {
    const samples = samplesOf(5, 500, 0);
    samples[3]!.heapUsedBytes += 5 * MB;
    samples[4]!.heapUsedBytes += 5 * MB;
    samples[5]!.heapUsedBytes += 5 * MB;
    expect(planRound(samples, 15, usual)).toEqual({ most: 2_000, isSmall: false });
  });
});
