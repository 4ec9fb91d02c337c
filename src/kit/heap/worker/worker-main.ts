import { parentPort, workerData } from 'node:worker_threads';
import { HeapSnapshotError } from '../errors.js';
import type { WorkerAnswer, WorkerTask } from './analyze-in-worker.js';
import { heapReport } from './heap-report.js';
import { objectReport } from './object-report.js';

/** The worker thread of `analyzeInWorker` and `examineInWorker`. */
async function answer(): Promise<WorkerAnswer> {
  const { file, options, object } = workerData as WorkerTask;
  try {
    return { report: object ? await objectReport(file, object) : await heapReport(file, options) };
  } catch (error) {
    if (error instanceof HeapSnapshotError) {
      return { failure: { code: error.code, what: error.what, byteOffset: error.byteOffset } };
    }
    return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.postMessage({ answer: await answer() }, []);
