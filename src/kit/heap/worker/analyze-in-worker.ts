import { HeapErrorCode, HeapSnapshotError } from '../errors.js';
import { askWorker } from './ask-worker.js';
import { HeapReport, HeapReportOptions } from './heap-report.js';

/** What the worker answers. */
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
  const script = new URL('worker-main.js', import.meta.url);
  const answer = await askWorker<WorkerAnswer>(script, { file, options: rest }, { signal });
  if ('report' in answer) return answer.report;
  if ('crash' in answer) throw new Error(answer.crash);
  const { code, what, byteOffset } = answer.failure;
  throw new HeapSnapshotError(code, what, byteOffset);
}
