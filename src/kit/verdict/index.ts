/**
 * `leak-lab/verdict`: readings of live memory in, a verdict out. It imports nothing but Node, reads no clock and keeps
 * no state.
 *
 *     const verdict = judge([{ work: 0, bytes: 37_000_000 }, { work: 5_000, bytes: 39_400_000 }, …]);
 *     verdict.kind;       // 'leak', 'bounded' or 'unsettled'
 *     verdict.growthRate; // { estimate, low, high } in bytes per request; null with fewer than 10 readings
 *     verdictText(verdict);
 *
 * A `Reading` is the running total of work (requests, seconds or calls) and the bytes that were live after a forced
 * collection. The slope is Theil's and Sen's (1950, 1968), its interval allows for autocorrelated noise (Bayley &
 * Hammersley 1946), and both may be evaluated after every reading: in simulation, at most one verdict in a
 * hundred is wrong (`test/verdict-error-rates.test.ts`).
 *
 * `judge` and `judgeByWork` throw a RangeError for readings that are not finite or not in order of work.
 */
export {
  type Change,
  type ChangeKind,
  changeOf,
  type ChangeReasonCode,
  isSettled,
  type Judged,
} from './change.js';
export {
  type Difference,
  type DifferenceKind,
  type DifferenceOptions,
  judgeDifference,
} from './difference.js';
export { IDLE_DRIFT_BYTES, SERVICE_DRIFT_BYTES, TEST_DRIFT_BYTES } from './drift.js';
export { judge } from './judge.js';
export { judgeChange, type JudgedChange } from './judge-change.js';
export { type RequestVerdictJson, type VerdictJson, verdictJson } from './json.js';
export { medianInterval } from './median.js';
export { medianInPlace } from './theil-sen.js';
export type { Reading } from './reading.js';
export type { Reason, ReasonCode } from './reason.js';
export { judgeByWork, type WorkOptions } from './resolution.js';
export {
  type JudgeOptions,
  type Rate,
  type Unit,
  type Verdict,
  type VerdictKind,
  unsettled,
} from './verdict.js';
export { FEWEST_READINGS } from './window.js';
export { rateText, verdictText } from './words.js';
export { workUntil } from './work-until.js';
