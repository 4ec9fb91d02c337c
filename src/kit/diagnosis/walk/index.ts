/** Walks the target's objects twice, and ranks the containers that grew in between; once more where they grow in batches. */
export { NOTHING_WALKED, walk, type WalkedTwice } from './stage.js';
export { mayComeInBatches, type OverPeriods, walkOverPeriods } from './over-periods.js';
