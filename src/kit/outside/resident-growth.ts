import { judge, type Unit, unsettled, type Verdict } from '../verdict/index.js';
import type { Allocator } from './ledger.js';
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
 * Where blocks of malloc cannot be read, nothing else shows native memory: less growth is enough to doubt. Measured with
 * jemalloc over 9,000 requests: 0.1 MB less in the second half of a healthy service, 10.9 MB more in that of a leak of
 * 2.6 kB per request.
 */
const UNREAD_SLACK_BYTES = 8e6;

/** Whose malloc it is, null where the system does not tell, and whether its blocks were read. */
export interface KnownMalloc {
  allocator: Allocator | null;
  isRead: boolean;
}

/**
 * The verdict where the process grows beside V8's memory, steadily and by more than RSS follows the heap with; null where
 * it does not. No more than "unsettled": an allocator that keeps freed pages looks the same as a leak.
 */
export function residentGrowth(
  samples: readonly ResidentReading[],
  unit: Unit,
  { allocator, isRead }: KnownMalloc = { allocator: null, isRead: false },
): Verdict<Extract<OutsideReason, { code: 'grows-outside-v8' }>> | null {
  // Only on Linux was the slack measured.
  const isUnread = allocator !== null && allocator !== 'libmalloc' && !isRead;
  const slackBytes = isUnread ? UNREAD_SLACK_BYTES : RSS_SLACK_BYTES;
  const readings = samples.map(({ work, rssBytes, heapTotalBytes, externalBytes }) => ({
    work,
    bytes: rssBytes - heapTotalBytes - externalBytes,
  }));
  const [first, middle, last] = [readings[0], readings.at(readings.length >> 1), readings.at(-1)];
  if (!first || !middle || !last || last.bytes - middle.bytes < slackBytes) return null;
  const outside = judge(readings, { unit, smallestLeakBytes: slackBytes / (last.work - first.work) });
  if (outside.kind !== 'leak' || !outside.growthRate) return null;
  return unsettled(outside, {
    code: 'grows-outside-v8',
    bytesPerWork: outside.growthRate.estimate,
    allocator,
  });
}
