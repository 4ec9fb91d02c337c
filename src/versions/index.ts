/** Versions of a service: how each is fetched, built, started and ended. */
export { bisect, type Bisected, type BisectOptions, filesOf, type Measured, type Step } from './bisect.js';
export { compareVersions, type CompareVersionsOptions } from './compare-versions.js';
export { measureOutside, type OutsideOptions } from './measure-outside.js';
export { openVersion, type OpenOptions, type OpenVersion, type VersionCommand } from './open.js';
export { type BuildOptions, Worktrees } from './worktrees.js';
export { ScratchCopies } from './scratch.js';
export { runStep } from './step.js';
export { onExit } from './on-exit.js';
export { type Running, start } from './start.js';
