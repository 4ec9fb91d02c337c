import type { VerdictKind } from '../verdict/index.js';
import { Caller, nowMs, type Tested } from './caller.js';
import { countLive } from './live.js';
import { measureCalls, rampUp, type TestVerdict } from './measure-calls.js';
import { type BoundOptions, settle } from './options.js';
import { countWhenFull, excessOf } from './structure.js';
import { nameSuspects } from './suspects.js';
import { testVerdictText } from './words.js';

/** What repeated calls of a function do to memory. */
export interface Growth {
  /** 'leak' where memory or the number of objects grows with the calls. */
  kind: VerdictKind;
  /** One to three sentences: what was measured, over how many calls, and the smallest leak that would have been found. */
  reason: string;
  /** What retains the growth, the likeliest first, as sentences. Empty unless `kind` is 'leak'. */
  suspects: string[];
  /** Live objects at the end, by the name of each class of `instancesOf`. */
  instances: Record<string, number>;
  /** The statistics, in bytes per call; null where the number of objects decided. */
  verdict: TestVerdict | null;
  /** Calls in all, warm-up included. */
  calls: number;
  elapsedMs: number;
}

/** Calls between the two snapshots of a leak: enough to exceed what the test process itself allocates. */
const CALLS_BETWEEN_SNAPSHOTS = 100;

/**
 * Calls a function until it is clear whether memory grows with the calls. It counts the objects of `instancesOf` first,
 * which is exact, and then judges live memory after each round of calls. A clear case of a fast function takes less than
 * two seconds.
 *
 * @throws Problem LEAK_LAB_CALL_FAILED when the function throws
 * @throws RangeError that names an option whose value is not accepted
 */
export async function growthOf(tested: Tested, options: BoundOptions = {}): Promise<Growth> {
  const settled = settle(options);
  const { instancesOf, name } = settled;
  const start = nowMs();
  const deadline = start + settled.atMostMs;
  const caller = new Caller(tested);
  const size = await rampUp(caller, settled, deadline);
  const { counts, outcome } = await outcomeOf(caller, settled, size, deadline);
  const { kind } = outcome;
  // Before the suspects are named, which calls the function again.
  const { calls } = caller;
  return {
    ...outcome,
    suspects:
      kind === 'leak' && name
        ? await nameSuspects(caller, Math.min(size, CALLS_BETWEEN_SNAPSHOTS), deadline)
        : [],
    instances: Object.fromEntries(instancesOf.map((one, index) => [one.name, counts[index] ?? 0])),
    calls,
    elapsedMs: nowMs() - start,
  };
}

interface Judged {
  /** Live objects of each class, in the order of `instancesOf`. */
  counts: number[];
  outcome: Pick<Growth, 'kind' | 'reason' | 'verdict'>;
}

/** Objects first; live memory where their number decides nothing; objects again after those calls. */
async function outcomeOf(
  caller: Caller,
  options: ReturnType<typeof settle>,
  size: number,
  deadline: number,
): Promise<Judged> {
  const { instancesOf, atMost } = options;
  const full = await countWhenFull(caller, options, size, deadline);
  const limits = full.map((count) => atMost ?? count);
  const excess = excessOf(instancesOf, full, limits, caller.calls);
  if (excess) return { counts: full, outcome: { kind: 'leak', reason: excess, verdict: null } };

  const verdict = await measureCalls(caller, options, size, deadline);
  const counts = await countLive(instancesOf);
  const late = excessOf(instancesOf, counts, limits, caller.calls);
  if (late) return { counts, outcome: { kind: 'leak', reason: late, verdict } };
  return { counts, outcome: { kind: verdict.kind, reason: testVerdictText(verdict), verdict } };
}
