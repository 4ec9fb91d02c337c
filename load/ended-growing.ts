import { type Sample, liveBytes } from '../src/kit/process/sample.js';
import { type Reason, unsettled, type Verdict } from '../src/kit/verdict/index.js';

/** Readings that must be there: five are in rising order by chance once in 120 times. */
const FEWEST = 5;
/** Live bytes must have grown by this factor: a warm-up does not double a heap reading by reading. */
const GROWN = 2;
/** One more round of growth must reach this share of the limit: V8 gives up before the heap is full to the last byte. */
const NEAR_LIMIT = 0.8;
/** A cache whose bound is larger than the heap ends like a leak; one of twenty is allowed to be one. */
const CONFIDENCE = 0.95;

/**
 * The verdict on a process that ended. Where the readings were too few for one, memory that had grown until the end is
 * evidence: of a leak, if the process was near its heap limit.
 *
 * @param samples after forced collections, in order, with the requests sent until each
 * @param limitBytes of the old generation
 */
export function judgedToTheEnd<R>(
  verdict: Verdict<R>,
  samples: readonly (Sample & { requests: number })[],
  limitBytes: number,
): Verdict<R | Reason> {
  const [first, last, before] = [samples[0], samples.at(-1), samples.at(-2)];
  if (verdict.kind !== 'unsettled' || !first || !last || !before) return verdict;
  const live = samples.map((sample) => liveBytes(sample));
  const rises = live.every((bytes, at) => at === 0 || bytes > (live[at - 1] ?? 0));
  const [firstBytes, lastBytes] = [liveBytes(first), liveBytes(last)];
  if (samples.length < FEWEST || !rises || lastBytes < GROWN * firstBytes) return verdict;
  const work = last.requests - first.requests;
  const seen = { ...verdict, work, readings: samples.length };
  const next = last.heapUsedBytes + (last.heapUsedBytes - before.heapUsedBytes);
  if (next < NEAR_LIMIT * limitBytes)
    return unsettled(seen, { code: 'ended-while-growing', firstBytes, lastBytes, limitBytes });
  const rate = (lastBytes - firstBytes) / work;
  return {
    ...seen,
    kind: 'leak',
    confidence: CONFIDENCE,
    growthRate: verdict.growthRate ?? { estimate: rate, low: rate, high: rate },
    reason: { code: 'ended-at-heap-limit', firstBytes, lastBytes, limitBytes },
  };
}
