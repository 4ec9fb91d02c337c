import { HeapErrorCode, HeapSnapshotError } from '../errors.js';
import { askWorker } from './ask-worker.js';
import { HeapReport, HeapReportOptions } from './heap-report.js';
import type { ObjectReport, ObjectReportOptions } from './object-report.js';

export interface WorkerTask {
  file: string;
  options: HeapReportOptions;
  /** Asks about one object, instead of about everything. */
  object?: ObjectReportOptions;
}

/** What the worker answers. */
export type WorkerAnswer =
  | { report: HeapReport | ObjectReport }
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
  return (await ask({ file, options: rest }, signal)) as HeapReport;
}

/** The twin of `objectReport` in a thread of its own. */
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
