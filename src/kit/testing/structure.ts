import { type Caller, nowMs } from './caller.js';
import { countLive } from './live.js';
import type { Class, Settled } from './options.js';

/** Counts live objects while a cache fills: goes on calling as long as they become more and may. */
export async function countWhenFull(
  caller: Caller,
  { instancesOf, atMost, calls }: Settled,
  size: number,
  deadline: number,
): Promise<number[]> {
  let counts = await countLive(instancesOf);
  for (let fills = atMost !== undefined; fills && caller.calls < calls && nowMs() < deadline;) {
    const before = counts;
    await caller.call(Math.min(Math.max(size, caller.calls), calls - caller.calls));
    counts = await countLive(instancesOf);
    fills =
      counts.some((count, index) => count > before[index]!) && counts.every((count) => count <= atMost!);
  }
  return counts;
}

/** Which class has more objects alive than it may, in words; null where none has. */
export function excessOf(
  classes: readonly Class[],
  counts: readonly number[],
  limits: readonly number[],
  calls: number,
): string | null {
  const index = counts.findIndex((count, one) => count > limits[one]!);
  if (index < 0) return null;
  const [alive, limit] = [counts[index]!.toLocaleString('en-US'), limits[index]!.toLocaleString('en-US')];
  return `${alive} objects of ${classes[index]!.name} are alive after ${calls.toLocaleString('en-US')} calls, and ${limit} may be.`;
}
