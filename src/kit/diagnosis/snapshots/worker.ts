import { parentPort, workerData } from 'node:worker_threads';
import type { Post } from '../../heap/index.js';
import { Problem } from '../../problem.js';
import type { WorkerAnswer } from './in-worker.js';
import { diagnoseFiles } from './from-files.js';

/** The worker thread of `diagnoseFilesInWorker`. */
async function answer(): Promise<WorkerAnswer> {
  try {
    return { diagnosis: await diagnoseFiles(workerData as string[], (progress) => post({ progress })) };
  } catch (error) {
    if (error instanceof Problem) return { problem: { code: error.code, message: error.message } };
    return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function post(message: Post<WorkerAnswer>): void {
  parentPort?.postMessage(message, []);
}

post({ answer: await answer() });
