import { judge, type Verdict } from '../../verdict/index.js';
import type { Diagnosis } from '../result.js';
import type { Measured, Work } from './measure.js';

type Triage = NonNullable<Diagnosis['triage']>;

/** RSS follows the heap with slack of its own, so that it has to grow by more than that to mean anything. */
const RSS_SLACK_BYTES = 32e6;

/** Which memory grew, from the middle of the measurement to its end: warm-up is over by then. */
export function triageOf(measured: Measured, unit: Work['unit']): Triage {
  const { looks, verdict } = measured;
  const from = looks[looks.length >> 1]!;
  const to = looks.at(-1)!;
  const heap = to.heapUsedBytes - to.codeBytes - (from.heapUsedBytes - from.codeBytes);
  const buffers = to.arrayBuffersBytes - from.arrayBuffersBytes;
  const external = to.externalBytes - from.externalBytes - buffers;
  const rss = to.rssBytes - from.rssBytes;
  const figures = `V8 heap ${signed(heap)}, array buffers ${signed(buffers)}, other external ${signed(external)}, resident set ${signed(rss)}`;
  const seen = `In the second half: ${figures}.`;
  const most = Math.max(heap, buffers, external);
  if (outsideV8(measured, unit) !== null) {
    return { grows: 'outside V8', reason: seen };
  }
  if (verdict.kind !== 'leak') return { grows: 'nothing', reason: seen };
  const grows = most === heap ? 'heap' : most === buffers ? 'array buffers' : 'external';
  return { grows, reason: seen };
}

/**
 * What is to be said where the heap is bounded and the process grows all the same, steadily and by more than RSS
 * follows the heap with; null where it does not. No more than "unsettled": an allocator that keeps what it was given
 * back looks the same as a leak.
 */
export function outsideV8({ looks, verdict }: Measured, unit: Work['unit']): Verdict | null {
  if (verdict.kind !== 'bounded') return null;
  const readings = looks.map((look) => ({
    work: look.work,
    bytes: look.rssBytes - look.heapTotalBytes - look.externalBytes,
  }));
  const grown = readings.at(-1)!.bytes - readings[readings.length >> 1]!.bytes;
  if (grown < RSS_SLACK_BYTES) return null;
  const span = readings.at(-1)!.work - readings[0]!.work;
  const outside = judge(readings, { unit, smallestLeakBytes: RSS_SLACK_BYTES / span });
  if (outside.kind !== 'leak') return null;
  const rate = Math.round(outside.bytesPerRequest!.estimate).toLocaleString('en');
  return {
    ...outside,
    kind: 'unsettled',
    confidence: 0,
    reason: `The heap is bounded, and yet the process grew: its resident set, without V8's heap and buffers, by ${rate} bytes a ${unit}. That is a native module, a thread with a heap of its own, or an allocator that keeps what it was given back, and no look into this heap tells which. Compare /proc/PID/smaps over time; run it with jemalloc and its heap profiler, or with MALLOC_ARENA_MAX=2, which ends the third; give each worker thread resourceLimits.`,
  };
}

function signed(bytes: number): string {
  return `${bytes < 0 ? '−' : '+'}${(Math.abs(bytes) / 1e6).toFixed(1)} MB`;
}
