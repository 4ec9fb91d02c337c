/** Counts the suspects again after more work, and rules out those that stop. */
export { type Verified, verify } from './stage.js';
