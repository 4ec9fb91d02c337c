import v8 from 'node:v8';
import { osMemory, type OsMemory } from './os-memory.js';

/** What the memory of one process was at one moment. All figures in bytes. */
export interface Sample extends OsMemory {
  pid: number;
  heapUsedBytes: number;
  heapTotalBytes: number;
  /** Where V8 gives up: `--max-old-space-size` and the rest, as V8 counts them. */
  heapLimitBytes: number;
  /** Memory outside the heap that objects in it own (buffers, mostly). */
  externalBytes: number;
  /** The part of external that ArrayBuffers own. */
  arrayBuffersBytes: number;
}

/** A sample of this process, as it is: nothing is collected for it. */
export async function sampleOwnMemory(): Promise<Sample> {
  const memory = process.memoryUsage();
  return {
    pid: process.pid,
    ...(await osMemory()),
    heapUsedBytes: memory.heapUsed,
    heapTotalBytes: memory.heapTotal,
    heapLimitBytes: v8.getHeapStatistics().heap_size_limit,
    externalBytes: memory.external,
    arrayBuffersBytes: memory.arrayBuffers,
  };
}
