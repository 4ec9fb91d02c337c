/**
 * Tests that fail when memory grows: `staysBounded` for any runner, `matchers` for vitest and jest (or import
 * `leak-lab/testing/vitest` or `leak-lab/testing/jest`, which register them). Nothing has to be passed to Node.
 */
export { type Growth, growthOf } from './growth.js';
export { matchers } from './matchers.js';
export type { BoundOptions, Class } from './options.js';
export type { Tested } from './caller.js';
export { staysBounded } from './stays-bounded.js';
