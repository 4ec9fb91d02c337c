/** Walks the target's objects twice, and ranks the containers that grew in between. */
export { NOTHING_WALKED, walk } from './stage.js';
