import { count } from '../src/command/format.js';
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
  return grown.length === 0
    ? null
    : `The verdict is on V8's memory. Outside it grew: ${grown.join(', ')}. leak-lab diagnose says whether that ends, and which line opens them.`;
}
