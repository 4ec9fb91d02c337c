/** The processes and worker threads of a service, measured together: what each does, and what follows for the service. */
export { attributed, type PartMeasured } from './attributed.js';
export { besideSiblings, type BusyPart } from './beside-siblings.js';
export { alike, kinOf, oneOfEachKin, surerOf } from './leaking.js';
export { isSilence, type Part, partsOf, releaseParts, type SilentThread } from './part.js';
export { PartWork } from './part-work.js';
export { ProcessAnswers } from './process-answers.js';
export { grown, type ServiceFacts, serviceVerdict } from './service-verdict.js';
export { SharedRounds } from './shared-rounds.js';
