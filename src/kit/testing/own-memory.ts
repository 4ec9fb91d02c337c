import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { liveBytes, ownFigures } from '../process/sample.js';

let collect: (() => void) | undefined;

/**
 * What this program keeps, in bytes, after a collection. Two of them with a turn of the event loop in between:
 * finalizers and weak references let go only there.
 */
export async function keptAfterCollection(): Promise<number> {
  collect ??= collector();
  collect();
  await nextTurn();
  collect();
  return usedNow();
}

/** What is in use, garbage included: kept bytes cannot have grown by more than this has, and it costs nothing to ask. */
export function usedNow(): number {
  return liveBytes(ownFigures());
}

/**
 * V8 hands its collector to contexts that are made while the flag is set, also to a process that was started
 * without it. The inspector's way (`HeapProfiler.collectGarbage`) collects up to seven times and leaves kilobytes of
 * its own behind: it takes three times as long, and the readings drift.
 */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return () => gc();
}
