/** Names: what an engineer of the target calls an object, a file or a line. */
export { type Named, nameOf } from './owner-name.js';
export { Imports } from './imports.js';
export { dataKeys } from './data-keys.js';
export { sourcesOf, textOf } from './sources.js';
export { removesByAge } from './removes-by-age.js';
export { SourceMaps } from './source-maps.js';
export { ranked, sizeText, type SuspectFacts, suspectFrom, withBound } from './suspect.js';
export { withoutMap } from './without-map.js';
export { ARROW, fileName, type NameSource } from './step-text.js';
export { workspaceRoot } from './project-root.js';
