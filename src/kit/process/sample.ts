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
  const { newSpaceBytes: _, ...figures } = readFigures(process, v8);
  return figures;
}

/** Also evaluated in other processes, from its source: it may use nothing but what it is given. */
function readFigures(program: NodeJS.Process, engine: typeof v8): Figures & { newSpaceBytes: number } {
  const memory = program.memoryUsage();
  const spaces = engine.getHeapSpaceStatistics();
  const used = (names: RegExp): number =>
    spaces
      .filter((space) => names.test(space.space_name))
      .reduce((bytes, space) => bytes + space.space_used_size, 0);
  return {
    pid: program.pid,
    heapUsedBytes: memory.heapUsed,
    heapTotalBytes: memory.heapTotal,
    heapLimitBytes: engine.getHeapStatistics().heap_size_limit,
    // The machine's code and V8's own; newer versions keep the latter in a trusted space.
    codeBytes: used(/^(code|trusted)_/),
    externalBytes: memory.external,
    arrayBuffersBytes: memory.arrayBuffers,
    newSpaceBytes: used(/^new_/),
  };
}

/** What the program itself keeps, on the heap and beside it. This, after a collection, is what a verdict rests on. */
export function keptBytes({ heapUsedBytes, codeBytes, externalBytes }: Figures): number {
  return heapUsedBytes - codeBytes + externalBytes;
}

/** A sample of the process at the other end of a session, as it is: nothing is collected for it. */
export async function sampleAsItIs(session: InspectorSession, pid: number): Promise<Sample> {
  const { newSpaceBytes: _, ...figures } = await figuresIn(session, pid);
  return { ...(await osMemory(pid)), ...figures };
}

async function figuresIn(session: InspectorSession, pid: number): Promise<ReturnType<typeof readFigures>> {
  const { result } = await session.post<{ result: { value?: ReturnType<typeof readFigures> } }>(
    'Runtime.evaluate',
    {
      expression: `(${readFigures.toString()})(process, process.getBuiltinModule?.('v8') ?? require('v8'))`,
      returnByValue: true,
      includeCommandLineAPI: true, // gives `require`, also in a program of ES modules
    },
  );
  if (!result.value)
    throw new Problem('LEAK_LAB_NO_INSPECTOR', `process ${pid} does not tell its memory figures`);
  return result.value;
}

/** A collection that frees less than this freed nothing; the inspector's own work is of that order. */
const NOTHING_BYTES = 16 * 1024;
/**
 * So often nothing has to be freed. In one reading of three V8 counts a page of 256 kB as used that a compiler's
 * thread or an allocation in between has just taken, and that holds next to nothing; the next reading seldom does.
 */
const SETTLED_AFTER = 3;
/** What finalizers and sockets let go of late takes one more collection; more than these would be a live program. */
const COLLECTIONS = 8;
/** Collections of a large heap take long and silence the process; there, some kilobytes matter less. */
const LONG_MS = 100;
const APART_MS = 20;

/**
 * A sample of the process at the other end of a session, after a collection: the least of several.
 *
 * What is left is what is kept: heap used is then exact to some kilobytes, where without a collection it says
 * mostly when the collector last ran. New space is left out: a collection empties it, and what is there again was
 * made by the look itself. All figures are of one moment; code comes and goes by more than what is looked for.
 */
export async function sampleAfterCollection(session: InspectorSession, pid: number): Promise<Sample> {
  let least: Figures | undefined;
  let freedNothing = 0;
  for (let collection = 1; collection <= COLLECTIONS; collection += 1) {
    const start = performance.now();
    // Sent together, so that nothing runs in between that would leave new garbage.
    const [, { newSpaceBytes, ...seen }] = await Promise.all([
      session.post('HeapProfiler.collectGarbage'),
      figuresIn(session, pid),
    ]);
    const figures = { ...seen, heapUsedBytes: seen.heapUsedBytes - newSpaceBytes };
    const freedBytes: number = least ? keptBytes(least) - keptBytes(figures) : Number.POSITIVE_INFINITY;
    if (freedBytes > 0) least = figures;
    freedNothing = freedBytes < NOTHING_BYTES ? freedNothing + 1 : 0;
    const long = performance.now() - start > LONG_MS;
    if (freedNothing >= (long ? 1 : SETTLED_AFTER)) break;
    await sleep(APART_MS);
  }
  return { ...(await osMemory(pid)), ...least! };
}
