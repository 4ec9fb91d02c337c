import v8 from 'node:v8';
import { ownSession } from '../../process/session.js';
import { oldGenerationLimitBytes } from '../../process/heap-limit.js';

/** How much of a limited kind of memory is used. */
export interface Pressure {
  /** The post-GC heap, or the memory of the container (cgroup). */
  kind: 'heap' | 'container';
  usedBytes: number;
  limitBytes: number;
  /** Used bytes divided by the limit: 0 to 1, or above. */
  share: number;
}

/** Use of the old generation. It is the post-GC heap only soon after a major collection; later it includes garbage. */
export function heapPressure(limitBytes = oldGenerationLimitBytes()): Pressure {
  const usedBytes = v8
    .getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !name.startsWith('new_'))
    .reduce((bytes, space) => bytes + space.space_used_size, 0);
  return { kind: 'heap', usedBytes, limitBytes, share: usedBytes / limitBytes };
}

/**
 * The resident set, relative to the limit of the container (cgroup); undefined without such a limit. It includes
 * garbage, because the kernel's limit does as well.
 */
export function containerPressure(): Pressure | undefined {
  const limitBytes = process.constrainedMemory();
  // Without a limit Node reports 0, or more than any machine has.
  if (!limitBytes || limitBytes > Number.MAX_SAFE_INTEGER) return undefined;
  const usedBytes = process.memoryUsage.rss();
  return { kind: 'container', usedBytes, limitBytes, share: usedBytes / limitBytes };
}

/** Measures the same kind of memory again, after a forced collection. */
export async function pressureAfterCollection(before: Pressure): Promise<Pressure> {
  const session = ownSession();
  await session.post('HeapProfiler.collectGarbage');
  await session.close();
  return before.kind === 'heap' ? heapPressure() : (containerPressure() ?? before);
}

/** `the post-GC heap is 38.5 MB, 77 % of its limit of 50.3 MB` */
export function pressureText({ kind, usedBytes, limitBytes, share }: Pressure): string {
  const memory = kind === 'heap' ? 'the post-GC heap' : 'the resident set in the container';
  return `${memory} is ${megabytes(usedBytes)}, ${percent(share)} of its limit of ${megabytes(limitBytes)}`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
