import v8 from 'node:v8';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem.js';
import { osMemory, type OsMemory } from './os-memory.js';
import type { InspectorSession } from './session.js';

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
  return figuresOf(process, v8);
}

/** Also evaluated in other processes, from its source: it may use nothing but what it is given. */
function figuresOf(program: NodeJS.Process, engine: typeof v8): Figures {
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

/** What the program itself keeps, on the heap and beside it. This, after a collection, is what a verdict rests on. */
export function keptBytes({ heapUsedBytes, codeBytes, externalBytes }: Figures): number {
  return heapUsedBytes - codeBytes + externalBytes;
}

/**
 * A sample of the process at the other end of a session, after a collection.
 *
 * What is left is what is kept: heap used is then exact to some kilobytes, where without a collection it says
 * mostly when the collector last ran.
 */
export async function sampleAfterCollection(session: InspectorSession, pid: number): Promise<Sample> {
  const heapUsedBytes = await collect(session);
  return { ...(await sampleAsItIs(session, pid)), heapUsedBytes };
}

/** A sample of the process at the other end of a session, as it is: nothing is collected for it. */
export async function sampleAsItIs(session: InspectorSession, pid: number): Promise<Sample> {
  const { result } = await session.post<{ result: { value?: Figures } }>('Runtime.evaluate', {
    expression: `(${figuresOf.toString()})(process, process.getBuiltinModule?.('v8') ?? require('v8'))`,
    returnByValue: true,
    includeCommandLineAPI: true, // gives `require`, also in a program of ES modules
  });
  if (!result.value)
    throw new Problem('LEAK_LAB_NO_INSPECTOR', `process ${pid} does not tell its memory figures`);
  return { ...(await osMemory(pid)), ...result.value };
}

/** A collection that frees less than this freed nothing; the inspector's own work is of that order. */
const NOTHING_BYTES = 16 * 1024;
/** So often nothing has to be freed: V8's figure can be too high by some hundred kilobytes for a moment. */
const SETTLED_AFTER = 2;
/** What finalizers and sockets let go of late takes one more collection; more than these would be a live program. */
const COLLECTIONS = 6;
/** Collections of a large heap take long and silence the process; there, some kilobytes matter less. */
const LONG_MS = 100;
const APART_MS = 20;

/** Collects until it frees nothing more. @returns heap used, in bytes. */
async function collect(session: InspectorSession): Promise<number> {
  let used = Number.POSITIVE_INFINITY;
  let freedNothing = 0;
  for (let collection = 1; collection <= COLLECTIONS; collection += 1) {
    const start = performance.now();
    // Sent together, so that nothing runs in between that would leave new garbage.
    const [, { usedSize }] = await Promise.all([
      session.post('HeapProfiler.collectGarbage'),
      session.post<{ usedSize: number }>('Runtime.getHeapUsage'),
    ]);
    freedNothing = used - usedSize < NOTHING_BYTES ? freedNothing + 1 : 0;
    used = Math.min(used, usedSize);
    const long = performance.now() - start > LONG_MS;
    if (freedNothing >= (long ? 1 : SETTLED_AFTER)) break;
    await sleep(APART_MS);
  }
  return used;
}
