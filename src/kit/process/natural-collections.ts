import type v8 from 'node:v8';
import { Problem } from '../problem.js';
import { remoteOsMemory } from './os-memory.js';
import { ENGINE_ARGUMENTS } from './remote-sample.js';
import { type Figures, liveBytes, readFigures, type Sample } from './sample.js';
import type { InspectorSession } from './session.js';

/** V8's own full collections in another process, as they happen. None is forced. */
export interface CollectionWatch {
  /** What the full collections since the last call left, the lowest of them; null where there was none. */
  latest(): Promise<Sample | null>;
  /** Removes everything from the target. */
  stop(): Promise<void>;
}

type Collected = Pick<Figures, 'heapUsedBytes' | 'codeBytes' | 'externalBytes'>;

interface Answer {
  now: Figures;
  collected: Collected[];
}

/**
 * Evaluated in the target. V8 counts at the end of each collection, before the program runs on, so that no garbage is
 * in the figures but what a concurrent marking has missed.
 */
function collectionsOf(
  read: typeof readFigures,
  program: NodeJS.Process,
  engine: typeof v8,
): (goesOn: boolean) => Answer {
  const profiler = new engine.GCProfiler();
  profiler.start();
  return (goesOn) => {
    const statistics = profiler.stop()?.statistics ?? [];
    if (goesOn) profiler.start();
    return {
      now: read(program, engine),
      collected: statistics
        .filter(({ gcType }) => gcType === 'MarkSweepCompact')
        .map(({ afterGC: { heapStatistics, heapSpaceStatistics } }) => ({
          heapUsedBytes: heapStatistics.usedHeapSize,
          externalBytes: heapStatistics.externalMemory,
          codeBytes: heapSpaceStatistics
            .filter(({ spaceName }) => /^(code|trusted)_/.test(spaceName))
            .reduce((bytes, { spaceUsedSize }) => bytes + spaceUsedSize, 0),
        })),
    };
  };
}

const GROUP = 'leak-lab-collections';

/**
 * Watches the full collections of the process at the other end of a session. What it needs there is retained by the
 * inspector alone, and is gone when it is stopped or the session closes.
 *
 * @throws Problem LEAK_LAB_DIED or LEAK_LAB_NO_INSPECTOR, as the session does
 */
export async function watchCollections(session: InspectorSession, pid: number): Promise<CollectionWatch> {
  const { result } = await session.post('Runtime.evaluate', {
    expression: `(${collectionsOf.toString()})(${readFigures.toString()}, ${ENGINE_ARGUMENTS})`,
    includeCommandLineAPI: true,
    objectGroup: GROUP,
  });
  const { objectId } = result;
  if (objectId === undefined)
    throw new Problem(
      'LEAK_LAB_NO_INSPECTOR',
      `process ${pid} does not report its collections. Check that it runs Node 20.19 or newer.`,
    );
  const ask = async (goesOn: boolean): Promise<Answer> => {
    const answer = await session.post('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: 'function (goesOn) { return this(goesOn); }',
      arguments: [{ value: goesOn }],
      returnByValue: true,
    });
    return answer.result.value as Answer;
  };
  return {
    latest: async () => {
      const { now, collected } = await ask(true);
      const freed = ({ externalBytes }: Collected): number => Math.min(externalBytes, now.externalBytes);
      const figures = collected.map((one): Figures => {
        // Buffers are freed some milliseconds after the collection that found them dead.
        return Object.assign({ ...now }, one, { externalBytes: freed(one) });
      });
      const lowest = figures.toSorted((a, b) => liveBytes(a) - liveBytes(b))[0];
      return lowest ? { ...(await remoteOsMemory(session, pid)), ...lowest } : null;
    },
    stop: async () => {
      await ask(false).catch(() => {}); // a process that has ended needs no cleaning
      await session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => {});
    },
  };
}
