import v8 from 'node:v8';
import { osMemory, type OsMemory } from './os-memory.js';

/** What the memory of one process was at one moment. All figures in bytes. */
export interface Sample extends OsMemory {
  pid: number;
  heapUsedBytes: number;
  heapTotalBytes: number;
  /** Where V8 gives up: `--max-old-space-size` and the rest, as V8 counts them. */
  heapLimitBytes: number;
  /**
   * The part of heap used that is compiled code. It grows while a service warms up, shrinks when V8 forgets what is
   * not called, and is several times noisier than what the program keeps.
   */
  codeBytes: number;
  /** Memory outside the heap that objects in it own (buffers, mostly). */
  externalBytes: number;
  /** The part of external that ArrayBuffers own. */
  arrayBuffersBytes: number;
}

/** What V8 and Node say of a process by themselves. */
export type Figures = Omit<Sample, keyof OsMemory>;

/** A sample of this process, as it is: nothing is collected for it. */
export async function sampleOwnMemory(): Promise<Sample> {
  return { ...(await osMemory()), ...ownFigures() };
}

/** The part of a sample of this process (in a worker: of this thread) that is known at once. */
export function ownFigures(): Figures {
  return readFigures(process, v8);
}

/** Also evaluated in other processes, from its source: it may use nothing but its parameters. */
export function readFigures(program: NodeJS.Process, engine: typeof v8): Figures {
  const memory = program.memoryUsage();
  return {
    pid: program.pid,
    heapUsedBytes: memory.heapUsed,
    heapTotalBytes: memory.heapTotal,
    heapLimitBytes: engine.getHeapStatistics().heap_size_limit,
    // The machine's code and V8's own; newer versions keep the latter in a trusted space.
    codeBytes: engine
      .getHeapSpaceStatistics()
      .filter((space) => /^(code|trusted)_/.test(space.space_name))
      .reduce((bytes, space) => bytes + space.space_used_size, 0),
    externalBytes: memory.external,
    arrayBuffersBytes: memory.arrayBuffers,
  };
}

/** What a program holds on the heap and beside it, without compiled code. After a collection, verdicts rest on it. */
export function liveBytes({ heapUsedBytes, codeBytes, externalBytes }: Figures): number {
  return heapUsedBytes - codeBytes + externalBytes;
}
