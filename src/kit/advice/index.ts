/** The kinds of leaks, how each is recognised, and what to do about it. */
export { adviceFor, type AdviceFacts, isAboutSlices } from './advice.js';
export { kindOf, type Retainer, type SuspectKind, suspectKinds } from './kinds.js';
