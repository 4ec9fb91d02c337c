/** What grows outside V8's heap, and who makes it. */
export { outside } from './stage.js';
