import { type Caller, nowMs } from './caller.js';
import { countLive } from './live.js';
import type { Class, Settled } from './options.js';

/**
 * Counts live objects. With `atMost`, it calls on while their number grows and is within the limit: a cache that fills is
 * not a leak.
 */
export async function countWhenFull(
  caller: Caller,
  { instancesOf, atMost, calls }: Settled,
  size: number,
  deadline: number,
): Promise<number[]> {
  let counts = await countLive(instancesOf);
  if (atMost === undefined) return counts;
  for (let fills = true; fills && caller.calls < calls && nowMs() < deadline;) {
    const before = counts;
    await caller.call(Math.min(Math.max(size, caller.calls), calls - caller.calls));
    counts = await countLive(instancesOf);
    fills = counts.some((count, index) => count > before[index]!) && counts.every((count) => count <= atMost);
  }
  return counts;
}

/** The first class with more live objects than its limit, as a sentence; null where there is none. */
export function excessOf(
  classes: readonly Class[],
  counts: readonly number[],
  limits: readonly number[],
  calls: number,
): string | null {
  const index = counts.findIndex((count, one) => count > limits[one]!);
  if (index < 0) return null;
  const [alive, limit] = [counts[index]!.toLocaleString('en-US'), limits[index]!.toLocaleString('en-US')];
  return `${alive} objects of ${classes[index]!.name} are alive after ${calls.toLocaleString('en-US')} calls; the limit is ${limit}.`;
}
