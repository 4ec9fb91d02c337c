import { HeapErrorCode, HeapSnapshotError } from '../errors.js';
import { askWorker } from './ask-worker.js';
import { HeapReport, HeapReportOptions } from './heap-report.js';
import type { ObjectReport, ObjectReportOptions } from './object-report.js';

export interface WorkerTask {
  file: string;
  options: HeapReportOptions;
  /** Asks about one object instead of the whole heap. */
  object?: ObjectReportOptions;
}

/** What the worker posts. Classes do not survive posting, so that errors are data. */
export type WorkerAnswer =
  | { report: HeapReport | ObjectReport }
  | { failure: { code: HeapErrorCode; what: string; byteOffset: number | null } }
  | { crash: string };

/**
 * `heapReport` in a worker thread, so that the process can serve requests while a snapshot is analysed. An abort ends
 * the thread and rejects with an AbortError.
 *
 * @throws HeapSnapshotError, or an AbortError
 */
export async function analyzeInWorker(
  file: string,
  options: HeapReportOptions & { signal?: AbortSignal } = {},
): Promise<HeapReport> {
  const { signal, ...rest } = options;
  return (await ask({ file, options: rest }, signal)) as HeapReport;
}

/** `objectReport` in a worker thread.
 *
 * @throws HeapSnapshotError
 */
export async function examineInWorker(file: string, object: ObjectReportOptions): Promise<ObjectReport> {
  return (await ask({ file, options: {}, object })) as ObjectReport;
}

async function ask(task: WorkerTask, signal?: AbortSignal): Promise<HeapReport | ObjectReport> {
  const script = new URL('worker-main.js', import.meta.url);
  const answer = await askWorker<WorkerAnswer>(script, task, { signal });
  if ('report' in answer) return answer.report;
  if ('crash' in answer) throw new Error(answer.crash);
  const { code, what, byteOffset } = answer.failure;
  throw new HeapSnapshotError(code, what, byteOffset);
}
