import type v8 from 'node:v8';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem.js';
import { remoteOsMemory } from './os-memory.js';
import { type Figures, liveBytes, readFigures, type Sample } from './sample.js';
import type { InspectorSession } from './session.js';

/**
 * Evaluated in the target, as `readFigures` is. The returned function, called after a collection, gives the figures that
 * V8 counted at the end of that collection.
 *
 * A moment later, V8 counts whole pages of 256 kB as used that are reserved for the next allocations and nearly empty:
 * ten times what a small leak gains between two readings.
 */
function figuresOfCollection(
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

/** A sample of the process at the other end of a session, without a collection. */
export async function sampleAsItIs(session: InspectorSession, pid: number): Promise<Sample> {
  const { result } = await session.post('Runtime.evaluate', {
    expression: `(${readFigures.toString()})(${ENGINE_ARGUMENTS})`,
    returnByValue: true,
    includeCommandLineAPI: true,
  });
  return { ...(await remoteOsMemory(session, pid)), ...answered(result.value as Figures | undefined, pid) };
}

/** The arguments of those functions in the target. The inspector provides `require` even in a program of ES modules. */
export const ENGINE_ARGUMENTS = `process, process.getBuiltinModule?.('v8') ?? require('v8')`;

function answered<Value>(value: Value | undefined, pid: number): Value {
  if (value !== undefined) return value;
  throw new Problem(
    'LEAK_LAB_NO_INSPECTOR',
    `process ${pid} did not give its memory figures. Check that it runs Node 20.19 or newer.`,
  );
}

const GROUP = 'leak-lab-sample';

async function figuresAfterCollection(session: InspectorSession, pid: number): Promise<Figures> {
  const started = await session.post('Runtime.evaluate', {
    expression: `(${figuresOfCollection.toString()})(${readFigures.toString()}, ${ENGINE_ARGUMENTS})`,
    includeCommandLineAPI: true,
    objectGroup: GROUP,
  });
  await session.post('HeapProfiler.collectGarbage');
  const { result } = await session.post('Runtime.callFunctionOn', {
    objectId: answered(started.result.objectId, pid),
    functionDeclaration: 'function () { return this(); }',
    returnByValue: true,
  });
  await session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  return answered(result.value as Figures | undefined, pid);
}

/** A collection that frees less than this counts as one that freed nothing: the inspector itself allocates as much. */
const NOTHING_BYTES = 16 * 1024;
/** Memory has settled after so many collections that freed nothing. */
const SETTLED_AFTER = 2;
/** Finalizers and sockets release memory late, which takes another collection. A busy program never settles. */
const COLLECTIONS = 8;
/** In a large heap, a collection pauses the process for long, and some kilobytes matter less: one has to be enough. */
const LONG_MS = 100;
const APART_MS = 20;

/**
 * A sample of the process at the other end of a session after forced collections: the lowest of several.
 *
 * Live bytes are then exact to some kilobytes. Without a collection, heap used mainly shows when the last one was.
 *
 * @throws Problem LEAK_LAB_DIED or LEAK_LAB_NO_INSPECTOR, as the session does; LEAK_LAB_OS_MEMORY
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
  return { ...(await remoteOsMemory(session, pid)), ...least! };
}
