/** Heap snapshots: of a live target if the walk explains too little, or of files. */
export { diagnoseFiles } from './from-files.js';
export { diagnoseFilesInWorker } from './in-worker.js';
export { type Compared, snapshots } from './stage.js';
