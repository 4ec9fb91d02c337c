/** How far a process is from what the system allows it. */
export type { Headroom, LimitCode } from './headroom.js';
export { headroomOf } from './of-process.js';
