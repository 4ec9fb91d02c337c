import v8 from 'node:v8';
import { osMemory, type OsMemory } from './os-memory.js';

/** The memory of one process at one moment, in bytes. */
export interface Sample extends OsMemory {
  pid: number;
  heapUsedBytes: number;
  heapTotalBytes: number;
  /** V8 ends the process at this size: `--max-old-space-size` and the young generation. */
  heapLimitBytes: number;
  /**
   * The part of heap used that is compiled code. It grows while a service warms up, shrinks when V8 discards code that is
   * not called, and is several times noisier than the objects of the program.
   */
  codeBytes: number;
  /** Memory outside the heap that objects in the heap own, mostly buffers. */
  externalBytes: number;
  /** The part of external that ArrayBuffers own. */
  arrayBuffersBytes: number;
}

/** The part of a sample that V8 and Node count. */
export type Figures = Omit<Sample, keyof OsMemory>;

/** A sample of this process, without a collection. */
export async function sampleOwnMemory(): Promise<Sample> {
  return { ...(await osMemory()), ...ownFigures() };
}

/** V8's and Node's figures of this process; in a worker, the heap figures are of this thread. */
export function ownFigures(): Figures {
  return readFigures(process, v8);
}

/** Its source is also evaluated in other processes, so it may use nothing but its parameters. */
export function readFigures(program: NodeJS.Process, engine: typeof v8): Figures {
  const memory = program.memoryUsage();
  return {
    pid: program.pid,
    heapUsedBytes: memory.heapUsed,
    heapTotalBytes: memory.heapTotal,
    heapLimitBytes: engine.getHeapStatistics().heap_size_limit,
    // Machine code and bytecode. Newer versions of V8 have the latter in a trusted space.
    codeBytes: engine
      .getHeapSpaceStatistics()
      .filter((space) => /^(code|trusted)_/.test(space.space_name))
      .reduce((bytes, space) => bytes + space.space_used_size, 0),
    externalBytes: memory.external,
    arrayBuffersBytes: memory.arrayBuffers,
  };
}

/** The heap without compiled code, plus external memory, in bytes. After a collection, verdicts are based on it. */
export function liveBytes({ heapUsedBytes, codeBytes, externalBytes }: Figures): number {
  return heapUsedBytes - codeBytes + externalBytes;
}
