import { describe, expect, it } from 'vitest';
import { judgeCollections } from '../src/kit/diagnosis/measure/natural.js';
import type { Measured } from '../src/kit/diagnosis/model/context.js';
import type { VerdictKind } from '../src/kit/verdict/index.js';
import { measuredOf } from './support/samples.js';
import { gaussian, seeded } from './support/series.js';

const MB = 1e6;
const MOST_COLLECTIONS = 40;
type Samples = Measured['samples'];

/** Samples of so many bytes at so much work. */
function samplesOf(readings: { work: number; bytes: number }[]): Samples {
  const { samples } = measuredOf(readings.length - 1, () => ({}));
  return readings.map(({ work, bytes }, at) => ({
    ...samples[at]!,
    work,
    heapUsedBytes: bytes,
    codeBytes: 0,
    externalBytes: 0,
  }));
}

interface Program {
  liveBytes: number;
  /** Bytes that a request keeps. */
  slope: number;
  /** Bytes that a request moves into the old generation, and that die there. */
  promoted: number;
  requests: number;
  /** Bytes that a cache takes until it is full. A straight fill is no leak only where its end is seen. */
  fill: { bytes: number; collections: number };
  random: () => number;
}

/**
 * What V8's full collections leave: one comes when the old generation has grown by a share of what was left last, and
 * a marking beside the program leaves some of what died meanwhile, now more and now less.
 */
function collectionsOf({ liveBytes, slope, promoted, requests, fill, random }: Program): Samples {
  const readings: { work: number; bytes: number }[] = [];
  const grows = 0.2 + 0.6 * random();
  const missed = 0.3 * random();
  const twoStates = random() < 0.5;
  let work = 0;
  let floating = 0;
  for (;;) {
    const left = liveBytes + slope * work;
    const garbage = Math.max(4 * MB, grows * left) * (0.8 + 0.4 * random());
    work += garbage / (promoted + slope);
    if (work > requests || readings.length === MOST_COLLECTIONS) break;
    const most = missed * garbage;
    floating = twoStates ? most * Math.round(random()) : 0.5 * floating + most * random() ** 3;
    const filled = fill.bytes * Math.min(1, readings.length / fill.collections);
    const bytes = liveBytes + slope * work + filled + floating + 50_000 * gaussian(random);
    readings.push({ work: Math.round(work), bytes: Math.round(bytes) });
  }
  return samplesOf(readings);
}

function verdictsOf(leaks: boolean, programs: number): Record<VerdictKind, number> {
  const random = seeded(leaks ? 5 : 6);
  const verdicts = { leak: 0, bounded: 0, unsettled: 0 };
  for (let at = 0; at < programs; at += 1) {
    const liveBytes = Math.exp(Math.log(40 * MB) + random() * Math.log(50));
    const requests = Math.round(Math.exp(Math.log(5_000) + random() * Math.log(100)));
    const smallest = Math.max(2, Math.max(0.4 * MB, 0.001 * liveBytes) / requests);
    const slope = leaks ? smallest * 1.5 * 300 ** random() : 0;
    const promoted = (liveBytes * (5 + 40 * random())) / requests;
    const fill = { bytes: random() < 0.5 ? 0.3 * liveBytes * random() : 0, collections: 1 + 3 * random() };
    const samples = collectionsOf({ liveBytes, slope, promoted, requests, fill, random });
    // Judged after each collection, as the measurement does, until it is settled.
    let verdict = judgeCollections([], 'request', 60);
    for (let count = 10; count <= samples.length && verdict.kind === 'unsettled'; count += 1)
      verdict = judgeCollections(samples.slice(0, count), 'request', 60);
    const { kind, reason } = verdict;
    // Bounded is right of a leak that is smaller than what it says would have been detected.
    const isSmaller = 'smallestLeakBytes' in reason && slope < reason.smallestLeakBytes;
    verdicts[kind === 'bounded' && leaks && isSmaller ? 'unsettled' : kind] += 1;
  }
  return verdicts;
}

describe('a verdict by what V8’s own collections left', () => {
  it('calls at most one healthy program in a hundred a leak, and one leak in a hundred bounded', () => {
    const [healthy, leaking] = [verdictsOf(false, 200), verdictsOf(true, 200)];
    console.log({ healthy, leaking });
    expect(healthy.leak).toBeLessThanOrEqual(2);
    expect(leaking.bounded).toBeLessThanOrEqual(2);
    expect(leaking.leak).toBeGreaterThan(50);
    expect(healthy.bounded).toBeGreaterThan(40);
  });

  it('is unsettled, with their number, while there are fewer than ten', () => {
    const samples = samplesOf([1, 2, 3].map((at) => ({ work: 1_000 * at, bytes: 300 * MB * at })));
    expect(judgeCollections(samples, 'request', 42)).toMatchObject({
      kind: 'unsettled',
      confidence: 0,
      reason: { code: 'too-few-collections', collections: 3, needed: 10, seconds: 42 },
    });
    expect(judgeCollections([], 'second', 1).reason).toMatchObject({ collections: 0 });
  });
});
