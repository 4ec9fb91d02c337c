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
  return readFigures(process, v8);
}

/** Also evaluated in other processes, from its source: it may use nothing but what it is given. */
function readFigures(program: NodeJS.Process, engine: typeof v8): Figures {
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

/**
 * Evaluated as `readFigures` is. @returns what to call after a collection: it says what V8 counted when that ended.
 *
 * A moment later V8 counts whole pages of 256 kB as used that the next allocation has been promised, and that hold
 * next to nothing: ten times what a small leak gains from one look to the next.
 */
function watchCollection(
  read: typeof readFigures,
  program: NodeJS.Process,
  engine: typeof v8,
): () => Figures {
  const profiler = new engine.GCProfiler();
  profiler.start();
  return () => {
    const { statistics } = profiler.stop();
    const figures = read(program, engine);
    const full = statistics.findLast(({ gcType }) => gcType === 'MarkSweepCompact');
    if (full) {
      const { heapStatistics, heapSpaceStatistics } = full.afterGC;
      figures.heapUsedBytes = heapStatistics.usedHeapSize;
      figures.codeBytes = heapSpaceStatistics
        .filter(({ spaceName }) => /^(code|trusted)_/.test(spaceName))
        .reduce((bytes, { spaceUsedSize }) => bytes + spaceUsedSize, 0);
    }
    return figures;
  };
}

/** What the program itself keeps, on the heap and beside it. This, after a collection, is what a verdict rests on. */
export function liveBytes({ heapUsedBytes, codeBytes, externalBytes }: Figures): number {
  return heapUsedBytes - codeBytes + externalBytes;
}

/** A sample of the process at the other end of a session, as it is: nothing is collected for it. */
export async function sampleAsItIs(session: InspectorSession, pid: number): Promise<Sample> {
  const { result } = await session.post<Told<Figures>>('Runtime.evaluate', {
    expression: `(${readFigures.toString()})(${GIVEN})`,
    returnByValue: true,
    includeCommandLineAPI: true,
  });
  return { ...(await osMemory(pid)), ...told(result.value, pid) };
}

/** What the functions above are given in another process. `require` is there also in a program of ES modules. */
const GIVEN = `process, process.getBuiltinModule?.('v8') ?? require('v8')`;

interface Told<Value> {
  result: { value?: Value; objectId?: string };
}

function told<Value>(value: Value | undefined, pid: number): Value {
  if (value !== undefined) return value;
  throw new Problem('LEAK_LAB_NO_INSPECTOR', `process ${pid} does not tell its memory figures`);
}

const GROUP = 'leak-lab-sample';

async function figuresAfterCollection(session: InspectorSession, pid: number): Promise<Figures> {
  const watching = await session.post<Told<never>>('Runtime.evaluate', {
    expression: `(${watchCollection.toString()})(${readFigures.toString()}, ${GIVEN})`,
    includeCommandLineAPI: true,
    objectGroup: GROUP,
  });
  await session.post('HeapProfiler.collectGarbage');
  const { result } = await session.post<Told<Figures>>('Runtime.callFunctionOn', {
    objectId: told(watching.result.objectId, pid),
    functionDeclaration: 'function () { return this(); }',
    returnByValue: true,
  });
  await session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  return told(result.value, pid);
}

/** A collection that frees less than this freed nothing; the inspector's own work is of that order. */
const NOTHING_BYTES = 16 * 1024;
/** So often nothing has to be freed. */
const SETTLED_AFTER = 2;
/** What finalizers and sockets let go of late takes one more collection; more than these would be a live program. */
const COLLECTIONS = 8;
/** Collections of a large heap take long and silence the process; there, some kilobytes matter less. */
const LONG_MS = 100;
const APART_MS = 20;

/**
 * A sample of the process at the other end of a session, after a collection: the least of several.
 *
 * What is left is what is kept: heap used is then exact to some kilobytes, where without a collection it says
 * mostly when the collector last ran.
 */
export async function sampleAfterCollection(session: InspectorSession, pid: number): Promise<Sample> {
  let least: Figures | undefined;
  let freedNothing = 0;
  for (let collection = 1; collection <= COLLECTIONS; collection += 1) {
    const start = performance.now();
    const figures = await figuresAfterCollection(session, pid);
    const freedBytes: number = least ? liveBytes(least) - liveBytes(figures) : Number.POSITIVE_INFINITY;
    if (freedBytes > 0) least = figures;
    freedNothing = freedBytes < NOTHING_BYTES ? freedNothing + 1 : 0;
    const long = performance.now() - start > LONG_MS;
    if (freedNothing >= (long ? 1 : SETTLED_AFTER)) break;
    await sleep(APART_MS);
  }
  return { ...(await osMemory(pid)), ...least! };
}
