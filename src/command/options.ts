/** The options of commands: their kinds, and how their values are read. */
export { flagOf, type Option, type Options, type Values, variableOf } from './option.js';
export { bytes, choice, many, text, toggle, whole } from './option-kinds.js';
export { readOptions } from './read-options.js';
