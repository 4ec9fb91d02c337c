import { count, size } from '../src/command/format.js';
import type { LoadSample } from './measurement.js';

/**
 * What a service opens while it warms up: its pool of threads, a few connections. The connections of the load are closed
 * before each sample.
 */
const MOST_AT_START = { threads: 6, openFiles: 20, children: 6 };
const NAMES = { threads: 'native threads', openFiles: 'open files and sockets', children: 'child processes' };
type Counter = keyof typeof NAMES;
const COUNTERS = Object.keys(NAMES) as Counter[];

/** A sentence on what the process has opened and not closed; null where that is no more than a warm-up opens. */
export function outsideText(samples: readonly LoadSample[]): string | null {
  const seen = samples.flatMap(({ outside }) => outside ?? []);
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last) return null;
  const grown = COUNTERS.flatMap((counter) => {
    const [from, to] = [first[counter] ?? 0, last[counter] ?? 0];
    return to - from > MOST_AT_START[counter] ? [`${NAMES[counter]} ${count(from)} to ${count(to)}`] : [];
  });
  const native = nativeGrowth(samples);
  if (native !== null) grown.push(native);
  return grown.length === 0
    ? null
    : `The verdict is on V8's memory. Outside it grew: ${grown.join(', ')}. leak-lab diagnose says whether that ends, and which line makes it.`;
}

/** The resident set follows the heap with so much slack, and V8 reserves more than it has resident. */
const SLACK_BYTES = 32e6;
/** What a warm-up takes does not grow in the second half. */
const LATE_SHARE = 0.25;

/** Native memory, roughly: what is resident and belongs to no file, without what V8 reserved and counts. */
function nativeGrowth(samples: readonly LoadSample[]): string | null {
  const bytes = samples.flatMap(({ outside, heapTotalBytes, externalBytes }) =>
    outside ? Math.max(0, outside.anonymousBytes - heapTotalBytes - externalBytes) : [],
  );
  const [first, middle, last] = [bytes[0], bytes.at(bytes.length >> 1), bytes.at(-1)];
  if (first === undefined || middle === undefined || last === undefined) return null;
  const isLate = last - middle >= LATE_SHARE * (last - first);
  return last - first > SLACK_BYTES && isLate ? `native memory ${size(first)} to ${size(last)}` : null;
}
