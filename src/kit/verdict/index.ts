export { IDLE_DRIFT_BYTES, SERVICE_DRIFT_BYTES, TEST_DRIFT_BYTES } from './drift.js';
export { judge } from './judge.js';
export { type VerdictJson, verdictJson } from './json.js';
export type { Reading } from './reading.js';
export type { Reason, ReasonCode } from './reason.js';
export { judgeByWork } from './resolution.js';
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
