/**
 * The probe: code that runs inside the target.
 *
 * - How it gets there: `npm run build` bundles `inside/entry.ts` into one expression, and `openProbe` evaluates it through
 *   the inspector. The target needs no preparation.
 * - What it may use: the language, `process`, `performance`, timers, and Node's own modules `util` and `inspector`. It
 *   calls no getter and no proxy of the program.
 * - What it leaves behind: nothing once it is released. Until then, only the inspector retains its one object, and the
 *   probe refers to what it saw in the first walk by weak references.
 */
export { handlesOf } from './open-handles.js';
export { openProbe, type Probe, type WalkCost } from './open-probe.js';
export type { Recount } from './inside/recount.js';
export type { GrownContainer, RouteStep } from './inside/container-growth.js';
export type { NearbyNumber } from './inside/bound-hints.js';
export type { CodePosition, Edge } from './inside/walk-result.js';
