import { type Change, changeOf } from './change.js';
import { type Difference, judgeDifference } from './difference.js';
import { SERVICE_DRIFT_BYTES } from './drift.js';
import { SMALLEST_LEAK_BYTES } from './judge.js';
import type { Reading } from './reading.js';
import { judgeByWork } from './resolution.js';
import type { Unit, Verdict } from './verdict.js';

export interface JudgedChange {
  before: Verdict;
  after: Verdict;
  difference: Difference;
  change: Change;
}

/**
 * Two versions that did the same work, each judged by itself and both by their difference. As in `judgeByWork`, the
 * smallest leak and the smallest difference follow from the work.
 *
 * @throws RangeError as `judgeDifference` does
 */
export function judgeChange(
  before: readonly Reading[],
  after: readonly Reading[],
  unit: Unit = 'request',
): JudgedChange {
  const work = (before.at(-1)?.work ?? 0) - (before[0]?.work ?? 0);
  const smallestBytes = Math.max(SMALLEST_LEAK_BYTES, SERVICE_DRIFT_BYTES / Math.max(work, 1));
  const verdicts = { before: judgeByWork(before, { unit }), after: judgeByWork(after, { unit }) };
  const difference = judgeDifference(before, after, { unit, smallestBytes });
  return { ...verdicts, difference, change: changeOf(verdicts.before, verdicts.after, difference) };
}
