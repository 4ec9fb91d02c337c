/**
 * What a healthy program gains while it is measured, in bytes. V8 refines its type feedback, fills its pools and grows
 * its tables for as long as the program warms up, so growth below these limits is never called a leak.
 */

/**
 * For a whole service. The service of this repository gained up to 0.2 MB in its first 100,000 requests after its cache
 * was full, whatever the number of users (README, `npm run demo`).
 */
export const SERVICE_DRIFT_BYTES = 400_000;

/** Two samples of an idle process differ by about this much, because V8 compiles code and discards it. */
export const IDLE_DRIFT_BYTES = 200_000;

/** For a function under test: V8's type feedback, and the messages of the test runner (`npm run bench -- matcher`). */
export const TEST_DRIFT_BYTES = 64_000;
