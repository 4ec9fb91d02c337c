import type v8 from 'node:v8';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem.js';
import { osMemory } from './os-memory.js';
import { type Figures, liveBytes, readFigures, type Sample } from './sample.js';
import type { InspectorSession } from './session.js';

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

/** A sample of the process at the other end of a session, as it is: nothing is collected for it. */
export async function sampleAsItIs(session: InspectorSession, pid: number): Promise<Sample> {
  const { result } = await session.post('Runtime.evaluate', {
    expression: `(${readFigures.toString()})(${GIVEN})`,
    returnByValue: true,
    includeCommandLineAPI: true,
  });
  return { ...(await osMemory(pid)), ...told(result.value as Figures | undefined, pid) };
}

/** What the functions above are given in another process. `require` is there also in a program of ES modules. */
const GIVEN = `process, process.getBuiltinModule?.('v8') ?? require('v8')`;

function told<Value>(value: Value | undefined, pid: number): Value {
  if (value !== undefined) return value;
  throw new Problem('LEAK_LAB_NO_INSPECTOR', `process ${pid} does not tell its memory figures`);
}

const GROUP = 'leak-lab-sample';

async function figuresAfterCollection(session: InspectorSession, pid: number): Promise<Figures> {
  const watching = await session.post('Runtime.evaluate', {
    expression: `(${watchCollection.toString()})(${readFigures.toString()}, ${GIVEN})`,
    includeCommandLineAPI: true,
    objectGroup: GROUP,
  });
  await session.post('HeapProfiler.collectGarbage');
  const { result } = await session.post('Runtime.callFunctionOn', {
    objectId: told(watching.result.objectId, pid),
    functionDeclaration: 'function () { return this(); }',
    returnByValue: true,
  });
  await session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  return told(result.value as Figures | undefined, pid);
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
