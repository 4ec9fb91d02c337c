import type { VerdictKind } from '../verdict/index.js';
import { Caller, nowMs, type Tested } from './caller.js';
import { countLive } from './live.js';
import { type BoundOptions, settle } from './options.js';
import { countWhenFull, excessOf } from './structure.js';
import { nameSuspects } from './suspects.js';
import { rampUp, type TestVerdict, watch } from './watch.js';
import { testVerdictText } from './words.js';

/** What calling a function again and again does to memory. */
export interface Growth {
  kind: VerdictKind;
  /** One sentence or two: what was seen, over how many calls, and what would have shown. */
  reason: string;
  /** Who keeps what stays, the likeliest first: sentences. Empty unless it is a leak. */
  suspects: string[];
  /** Objects alive at the end, by the name of the class that was asked about. */
  instances: Record<string, number>;
  /** The statistics, in bytes per call; null where counting objects was enough. */
  verdict: TestVerdict | null;
  calls: number;
  elapsedMs: number;
}

/** Calls that the two snapshots of a leak have in between: enough to stand out from what a test process does. */
const CALLS_BETWEEN = 100;

/**
 * Calls a function until it is clear whether memory grows with the calls. Structure first (`instancesOf`), then
 * statistics over what a collection leaves. A clear case takes less than two seconds, of a function that is not slow.
 *
 * @throws Problem LEAK_LAB_CALL_FAILED when the function throws, RangeError for options that make no sense
 */
export async function growthOf(tested: Tested, options: BoundOptions = {}): Promise<Growth> {
  const settled = settle(options);
  const { instancesOf, atMost, name } = settled;
  const start = nowMs();
  const deadline = start + settled.atMostMs;
  const caller = new Caller(tested);
  const size = await rampUp(caller, settled, deadline);

  let counts = await countWhenFull(caller, settled, size, deadline);
  const limits = counts.map((count) => atMost ?? count);
  let excess = excessOf(instancesOf, counts, limits, caller.calls);
  let verdict: TestVerdict | null = null;
  if (!excess) {
    verdict = await watch(caller, settled, size, deadline);
    counts = await countLive(instancesOf);
    excess = excessOf(instancesOf, counts, limits, caller.calls);
  }
  const kind = excess ? 'leak' : verdict!.kind;
  const { calls } = caller;
  return {
    kind,
    reason: excess ?? testVerdictText(verdict!),
    suspects:
      kind === 'leak' && name ? await nameSuspects(caller, Math.min(size, CALLS_BETWEEN), deadline) : [],
    instances: Object.fromEntries(instancesOf.map((one, index) => [one.name, counts[index]!])),
    verdict,
    calls,
    elapsedMs: nowMs() - start,
  };
}
