/** Measures memory over work, judges it, and says which memory grew. */
export { measure, ROUNDS } from './measure.js';
export { triage, type Triaged } from './triage.js';
