/** Measures memory over work, judges it, and says which memory grew. */
export { doublesAt } from './doubling.js';
export { confirmWithMoreWork } from './confirm.js';
export { judgeReadings, judgeSamples, measure, ROUNDS } from './measure.js';
export { afterRest, USUAL_DOUBT } from './rest.js';
export { growthOutsideV8, triage, type Triaged, triageOf } from './triage.js';
export { steppedGrowth, unevenGrowth } from './uneven-growth.js';
