import type { Diagnosis } from './diagnosis.js';
import type { Measured } from './measure.js';

type Triage = NonNullable<Diagnosis['triage']>;

/** RSS follows the heap with slack of its own, so that it has to grow by more than that to mean anything. */
const RSS_SLACK_BYTES = 32e6;

/** Which memory grew, from the middle of the measurement to its end: warm-up is over by then. */
export function triageOf({ looks, verdict }: Measured): Triage {
  const from = looks[looks.length >> 1]!;
  const to = looks.at(-1)!;
  const heap = to.heapUsedBytes - to.codeBytes - (from.heapUsedBytes - from.codeBytes);
  const buffers = to.arrayBuffersBytes - from.arrayBuffersBytes;
  const external = to.externalBytes - from.externalBytes - buffers;
  const rss = to.rssBytes - from.rssBytes;
  const figures = `V8 heap ${signed(heap)}, array buffers ${signed(buffers)}, other external ${signed(external)}, resident set ${signed(rss)}`;
  const seen = `In the second half: ${figures}.`;
  const most = Math.max(heap, buffers, external);
  if (verdict.kind === 'bounded' && rss > RSS_SLACK_BYTES + 2 * Math.max(0, most)) {
    return {
      grows: 'outside V8',
      reason: `${seen} What grows is not in V8: native modules, threads, or an allocator that keeps what it has. The heap will not tell; see /proc/<pid>/smaps, or run with jemalloc and its profiler.`,
    };
  }
  if (verdict.kind !== 'leak') return { grows: 'nothing', reason: seen };
  const grows = most === buffers ? 'array buffers' : most === external ? 'external' : 'heap';
  return { grows, reason: seen };
}

function signed(bytes: number): string {
  return `${bytes < 0 ? '−' : '+'}${(Math.abs(bytes) / 1e6).toFixed(1)} MB`;
}
