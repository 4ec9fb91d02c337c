import { askWorker, type AskOptions } from '../../heap/index.js';
import { Problem, type ProblemCode } from '../../problem.js';
import type { Diagnosis } from '../model/result.js';
import type { FilesOptions } from './from-files.js';

export interface WorkerQuestion {
  files: readonly string[];
  quotesDataKeys: boolean;
}

/** What the worker posts. Classes do not survive posting, so that errors are data. */
export type WorkerAnswer =
  { diagnosis: Diagnosis } | { problem: { code: ProblemCode; message: string } } | { crash: string };

/**
 * `diagnoseFiles` in a worker thread. It reports progress, and an abort ends it.
 *
 * @throws Problem LEAK_LAB_SNAPSHOT, or an AbortError
 */
export async function diagnoseFilesInWorker(
  files: readonly string[],
  { quotesDataKeys = false, ...options }: AskOptions & Pick<FilesOptions, 'quotesDataKeys'>,
): Promise<Diagnosis> {
  const script = new URL('worker.js', import.meta.url);
  const answer = await askWorker<WorkerAnswer>(
    script,
    { files, quotesDataKeys } satisfies WorkerQuestion,
    options,
  );
  if ('diagnosis' in answer) return answer.diagnosis;
  if ('crash' in answer) throw new Error(answer.crash);
  throw new Problem(answer.problem.code, answer.problem.message);
}
