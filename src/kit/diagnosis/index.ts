/** The diagnosis: whether a process leaks, and what retains the memory. `diagnose` is the pipeline. */
export type { Context, DiagnoseOptions, Doubt, Measured, Work } from './model/context.js';
export { STRUCTURAL_CONFIDENCE } from './conclude.js';
export { diagnosisSoFar, endedBecause } from './so-far.js';
export { diagnose, explain } from './diagnose.js';
export { diagnoseService, type Service } from './diagnose-service.js';
export { type DiagnosisJson, diagnosisJson } from './json.js';
export { afterRest, ROUNDS, USUAL_DOUBT } from './measure/index.js';
export type { Note } from './model/notes.js';
export { type Part, partsOf, releaseParts, type SilentThread } from './parts/index.js';
export { redacted, redactedJson } from './redact.js';
export type {
  CodePlace,
  Diagnosis,
  LedgerChange,
  ProcessResult,
  RuledOut,
  Suspect,
  SuspectKind,
  Trend,
} from './model/result.js';
export { diagnoseFiles, diagnoseFilesInWorker } from './snapshots/index.js';
export { type Target, targetAt } from './model/target.js';
export { noteText } from './note-words.js';
export { reasonText, ruledOutText, triageText } from './words.js';
export type { MemoryKind } from '../outside/index.js';
export { familiesOf, type Family } from './model/native-families.js';
export { ledgerText, MEMORY_NAMES } from './outside-words.js';
export { signText } from './snapshot-words.js';
export { workspaceRoot } from './naming/index.js';
