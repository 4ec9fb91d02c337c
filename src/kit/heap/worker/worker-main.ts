import { parentPort, workerData } from 'node:worker_threads';
import { HeapSnapshotError } from '../errors.js';
import type { WorkerAnswer } from './analyze-in-worker.js';
import { HeapReportOptions, heapReport } from './heap-report.js';

/** The thread of `analyzeInWorker`: one file in, one answer out. Classes do not survive posting, so errors go as data. */
async function answer(): Promise<WorkerAnswer> {
  const { file, options } = workerData as { file: string; options: HeapReportOptions };
  try {
    return { report: await heapReport(file, options) };
  } catch (error) {
    if (error instanceof HeapSnapshotError) {
      return { failure: { code: error.code, what: error.what, byteOffset: error.byteOffset } };
    }
    return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.postMessage({ answer: await answer() }, []);
