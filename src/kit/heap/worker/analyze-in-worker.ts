import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { HeapErrorCode, HeapSnapshotError } from '../errors.js';
import { HeapReport, HeapReportOptions } from './heap-report.js';

/** What the worker posts back, once. */
export type WorkerAnswer =
  | { report: HeapReport }
  | { failure: { code: HeapErrorCode; what: string; byteOffset: number | null } }
  | { crash: string };

/**
 * The twin of `heapReport` in a thread of its own, so that the process that asks goes on serving while a
 * snapshot of any size is analysed. An abort ends the thread and rejects with an
 * AbortError.
 */
export async function analyzeInWorker(
  file: string,
  options: HeapReportOptions & { signal?: AbortSignal } = {},
): Promise<HeapReport> {
  const { signal, ...rest } = options;
  signal?.throwIfAborted();
  const worker = new Worker(new URL('worker-main.js', import.meta.url), {
    workerData: { file, options: rest },
  });
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`the analysing thread ended with code ${code} and no answer`);
  });
  // It always ends, mostly after its answer: then nobody waits for this any more.
  ended.catch(() => {});
  try {
    const [answer] = (await Promise.race([once(worker, 'message', { signal }), ended])) as [WorkerAnswer];
    if ('report' in answer) return answer.report;
    if ('crash' in answer) throw new Error(answer.crash);
    const { code, what, byteOffset } = answer.failure;
    throw new HeapSnapshotError(code, what, byteOffset);
  } finally {
    await worker.terminate();
  }
}
