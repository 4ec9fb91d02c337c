/**
 * `leak-lab/testing`: tests that fail when memory grows with the number of calls. No flag has to be passed to Node.
 *
 * - `staysBounded(tested, options)`, for any runner: resolves with the `Growth` that was measured; throws a Problem with
 *   code LEAK_LAB_GREW for a leak, LEAK_LAB_UNSETTLED when it cannot decide, LEAK_LAB_CALL_FAILED when the function
 *   throws, and a RangeError for an option that is not accepted.
 * - `matchers`, for vitest and jest: `expect.extend(matchers)`, or import `leak-lab/testing/vitest` or
 *   `leak-lab/testing/jest`, which does that.
 * - `growthOf(tested, options)` returns the same figures and asserts nothing.
 *
 * Memory is the heap without compiled code plus external memory, in bytes after a forced collection. Rates are bytes
 * per call, judged by the statistics of `leak-lab/verdict`. docs/matcher.md has the options and the measured error rate.
 */
export type { Tested } from './caller.js';
export { type Growth, growthOf } from './growth.js';
export { matchers } from './matchers.js';
export type { BoundOptions, Class } from './options.js';
export { staysBounded } from './stays-bounded.js';
