/** A diagnosis and the author's source → a patch, or the reason why there is none. `fix` is the pipeline. */
export { fixSuspect, fixSuspects, type Fixed, type FixOptions } from './fix.js';
export { unifiedDiff } from './diff.js';
export { digestOf } from './digest.js';
export type {
  Assumption,
  DeclinedReason,
  NoRegressionTest,
  Patch,
  PatternName,
  Proof,
  RegressionTest,
  SuspectFacts,
} from './model.js';
export { declinedText } from './declined-words.js';
export { assumptionText, doneText, noRegressionText } from './words.js';
export { fixJson, type FixJson } from './json.js';
export { projectRoot, shownFrom, sourceFilesOf } from './project.js';
export { packagePatch } from './package-patch.js';
