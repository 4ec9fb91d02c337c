import { parentPort, workerData } from 'node:worker_threads';
import type { Post } from '../../heap/index.js';
import { Problem } from '../../problem.js';
import type { WorkerAnswer, WorkerQuestion } from './in-worker.js';
import { diagnoseFiles } from './from-files.js';

/** The worker thread of `diagnoseFilesInWorker`. */
async function answer(): Promise<WorkerAnswer> {
  try {
    const { files, quotesDataKeys } = workerData as WorkerQuestion;
    return {
      diagnosis: await diagnoseFiles(files, { quotesDataKeys, onProgress: (progress) => post({ progress }) }),
    };
  } catch (error) {
    if (error instanceof Problem) return { problem: { code: error.code, message: error.message } };
    return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function post(message: Post<WorkerAnswer>): void {
  parentPort?.postMessage(message, []);
}

post({ answer: await answer() });
