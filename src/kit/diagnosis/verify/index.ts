/** Counts the suspects again after more work, and rules out those that stop; waits for what may be removed by its age. */
export { type GivenBack, watchAges } from './ages.js';
export { type Verified, verify } from './stage.js';
