import v8 from 'node:v8';
import { oldGenerationLimitBytes } from '../heap-limit.js';

/** How much of a kind of memory is in use. */
export interface Pressure {
  of: 'heap' | 'container';
  usedBytes: number;
  limitBytes: number;
  /** Of the limit, 0 to 1 and above. */
  share: number;
}

/** What the old generation holds. Right after a major collection that is what is kept; later it is garbage as well. */
export function heapPressure(limitBytes = oldGenerationLimitBytes()): Pressure {
  const usedBytes = v8
    .getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !name.startsWith('new_'))
    .reduce((bytes, space) => bytes + space.space_used_size, 0);
  return { of: 'heap', usedBytes, limitBytes, share: usedBytes / limitBytes };
}

/**
 * The resident set, of what the container (cgroup) may take; undefined outside of one. Garbage counts here: the
 * kernel does not ask what it is before it kills.
 */
export function containerPressure(): Pressure | undefined {
  const limitBytes = process.constrainedMemory();
  // Without a limit it is 0, or more than any machine has.
  if (!limitBytes || limitBytes > Number.MAX_SAFE_INTEGER) return undefined;
  const usedBytes = process.memoryUsage.rss();
  return { of: 'container', usedBytes, limitBytes, share: usedBytes / limitBytes };
}
