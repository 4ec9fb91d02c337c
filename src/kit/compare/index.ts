/** Two versions of a service under the same load, judged on the difference. `compare` is the pipeline. */
export { compare } from './compare.js';
export { FIELD } from './fields.js';
export { type ComparisonJson, comparisonJson } from './json.js';
export type {
  Answer,
  AnswerDifference,
  AnswerRules,
  Answers,
  CompareOptions,
  Comparer,
  Comparison,
  ComparisonVerdict,
  Cost,
  CostName,
  Exchange,
  SentRequest,
  SuspectChange,
  Version,
} from './model.js';
export { verdictOf } from './model.js';
export { redactedComparison } from './redact.js';
export { RoundSize } from './round-size.js';
export { labelOf } from './suspect-change.js';
export {
  answersText,
  comparisonText,
  costText,
  COSTS,
  differenceText,
  memoryText,
  rateOf,
  times,
} from './words.js';
