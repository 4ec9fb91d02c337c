/** Measures memory over work, judges it, and says which memory grew. */
export { confirmWithMoreWork } from './confirm.js';
export { measure, ROUNDS } from './measure.js';
export { afterRest, USUAL_DOUBT } from './rest.js';
export { triage, type Triaged } from './triage.js';
