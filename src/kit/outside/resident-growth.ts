import { judge, type Unit, unsettled, type Verdict } from '../verdict/index.js';
import type { OutsideReason } from './reason.js';

/** What the system and V8 say of a process after some work. */
export interface ResidentReading {
  work: number;
  rssBytes: number;
  heapTotalBytes: number;
  externalBytes: number;
}

/** RSS follows the heap with slack of its own: only growth beyond that means anything. */
const RSS_SLACK_BYTES = 32e6;

/**
 * The verdict where the process grows beside V8's memory, steadily and by more than RSS follows the heap with; null where
 * it does not. No more than "unsettled": an allocator that keeps freed pages looks the same as a leak.
 */
export function residentGrowth(
  samples: readonly ResidentReading[],
  unit: Unit,
): Verdict<Extract<OutsideReason, { code: 'grows-outside-v8' }>> | null {
  const readings = samples.map(({ work, rssBytes, heapTotalBytes, externalBytes }) => ({
    work,
    bytes: rssBytes - heapTotalBytes - externalBytes,
  }));
  const [first, middle, last] = [readings[0], readings.at(readings.length >> 1), readings.at(-1)];
  if (!first || !middle || !last || last.bytes - middle.bytes < RSS_SLACK_BYTES) return null;
  const outside = judge(readings, { unit, smallestLeakBytes: RSS_SLACK_BYTES / (last.work - first.work) });
  if (outside.kind !== 'leak' || !outside.growthRate) return null;
  return unsettled(outside, { code: 'grows-outside-v8', bytesPerWork: outside.growthRate.estimate });
}
