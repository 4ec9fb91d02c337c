import { describe, expect, it } from 'vitest';
import { besideSiblings, type BusyPart } from '../src/kit/diagnosis/parts/index.js';
import { measuredOf } from './support/samples.js';
import { seeded } from './support/series.js';

const ROUNDS = 20;
/** What every thread of a script gains while it warms up, in MB: 30 threads gained 473 to 476 kB each. */
const warmUp = (round: number): number => 0.476 * (1 - Math.exp(-round / 3));

interface Thread {
  /** Bytes for each request to the service, of which each round has 500. */
  leaks?: number;
  busyMs?: number;
  script?: string;
  /** MB at a round. */
  gains?: (round: number) => number;
}

let draw = seeded(7);

function thread(
  number: number,
  { leaks = 0, busyMs = 900, script = 'pool.js', gains = () => 0 }: Thread,
): BusyPart {
  const measured = measuredOf(ROUNDS, (round) => ({
    heap: warmUp(round) + (leaks * 500 * round) / 1e6 + gains(round) + 0.004 * (draw() - 0.5),
  }));
  return {
    part: { member: { pid: 9, role: 'worker thread', script, number } } as BusyPart['part'],
    measured,
    did: { busyMs },
  };
}

/** Threads of one script, of which the first is as given. @returns the verdict of the first beside the others */
function first(given: Thread, others = 29, other: Thread = {}) {
  draw = seeded(others);
  const one = thread(1, given);
  return besideSiblings([one, ...Array.from({ length: others }, (_, at) => thread(at + 2, other))], one);
}

describe('a worker thread beside those that run the same', () => {
  it.each([
    [10, 'bounded'],
    [15, 'bounded'],
    [30, 'unsettled'],
  ])('leaks by %d bytes for each request to the service, where it would be %s alone', (leaks, alone) => {
    expect(thread(1, { leaks }).measured.verdict.kind).toBe(alone);
    const verdict = first({ leaks });
    expect(verdict).toMatchObject({ kind: 'leak' });
    expect(verdict!.growthRate!.estimate).toBeCloseTo(leaks, 0);
  });

  it('says nothing more where it gains as much as they do', () => {
    expect(first({})).toBeNull();
    expect(first({ leaks: 15 }, 29, { leaks: 15 })).toBeNull();
  });

  it('leaks although some others leak as well', () => {
    draw = seeded(3);
    const all = Array.from({ length: 30 }, (_, at) => thread(at + 1, { leaks: at < 5 ? 15 : 0 }));
    expect(all.map((one) => besideSiblings(all, one)?.kind ?? null)).toEqual(
      all.map((_, at) => (at < 5 ? 'leak' : null)),
    );
  });

  it.each<[string, Thread, number, Thread?]>([
    ['they are few', { leaks: 15 }, 7],
    ['they run another script', { leaks: 15 }, 29, { script: 'mail.js' }],
    ['it does more of the work than they do', { leaks: 15, busyMs: 2_000 }, 29],
    ['it gains in one step', { gains: (round) => (round > 12 ? 0.2 : 0) }, 29],
    ['it warms up for longer', { gains: (round) => 0.3 * (1 - Math.exp(-round / 5)) }, 29],
    ['they lose what it keeps', {}, 29, { leaks: -15 }],
  ])('says nothing where %s', (_, given, others, other = {}) => {
    expect(first(given, others, other)).toBeNull();
  });

  it('says nothing where the others are as far apart', () => {
    draw = seeded(5);
    const all = Array.from({ length: 30 }, (_, at) => thread(at + 1, { leaks: 20 * (at / 29) }));
    expect(all.map((one) => besideSiblings(all, one)).filter(Boolean)).toEqual([]);
  });

  it('calls none of a thousand threads a leak by noise', () => {
    draw = seeded(11);
    let leaks = 0;
    for (let pool = 0; pool < 34; pool += 1) {
      const noisy = { gains: () => 0.05 * (draw() - 0.5) };
      const all = Array.from({ length: 30 }, (_, at) => thread(at + 1, noisy));
      leaks += all.filter((one) => besideSiblings(all, one)).length;
    }
    expect(leaks).toBe(0);
  });
});
