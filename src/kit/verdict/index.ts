export { judge } from './judge.js';
export type { Reading } from './reading.js';
export type { JudgeOptions, Verdict, VerdictKind } from './verdict.js';
export { FEWEST_READINGS } from './window.js';
export { judgeByWork } from './resolution.js';
export { workUntil } from './work-until.js';
