import { on, once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What a worker posts: its progress any number of times, and its answer once. */
export type Post<Answer> = { progress: string } | { answer: Answer };

export interface AskOptions {
  /** An abort ends the thread and rejects with an AbortError. */
  signal?: AbortSignal | undefined;
  onProgress?: ((doing: string) => void) | undefined;
}

/**
 * Runs a script in a worker thread and returns the answer that it posts. The thread is always ended.
 *
 * @param data what the script finds in `workerData`
 */
export async function askWorker<Answer>(
  script: URL,
  data: unknown,
  { signal, onProgress }: AskOptions = {},
): Promise<Answer> {
  signal?.throwIfAborted();
  const worker = new Worker(script, { workerData: data });
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`the worker thread ended with code ${code} and no answer`);
  });
  // The thread usually ends after its answer, when nothing awaits this promise any more.
  ended.catch(() => {});
  const answered = async (): Promise<Answer> => {
    for await (const [post] of on(worker, 'message', { signal }) as AsyncIterable<[Post<Answer>]>) {
      if ('answer' in post) return post.answer;
      onProgress?.(post.progress);
    }
    throw new Error('the worker thread stopped posting');
  };
  try {
    return await Promise.race([answered(), ended]);
  } finally {
    await worker.terminate();
  }
}
