import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { liveBytes, ownFigures } from '../process/sample.js';

let collect: (() => void) | undefined;

/**
 * Live memory of this process in bytes, after two collections with a turn of the event loop in between: finalizers and
 * weak references release their targets only there.
 */
export async function liveAfterCollection(): Promise<number> {
  collect ??= collector();
  collect();
  await nextTurn();
  collect();
  return usedNow();
}

/** Memory in use, garbage included, in bytes. Live memory cannot have grown by more, and this takes no collection. */
export function usedNow(): number {
  return liveBytes(ownFigures());
}

/**
 * V8 gives its `gc` function to contexts that are created while the flag is set, even in a process that was started
 * without it. `HeapProfiler.collectGarbage` of the inspector would collect up to seven times, take three times as long,
 * and leave kilobytes of its own behind, so that the readings drift.
 */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void; // the flag defines it
  setFlagsFromString('--no-expose-gc');
  return () => gc();
}
