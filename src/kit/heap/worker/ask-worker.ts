import { on, once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What a worker posts: how far it is, as often as it likes, and once what it was asked for. */
export type Post<Answer> = { progress: string } | { answer: Answer };

export interface AskOptions {
  /** Ends the thread, and rejects with an AbortError. */
  signal?: AbortSignal | undefined;
  onProgress?: ((doing: string) => void) | undefined;
}

/** Has a thread of its own do what would block this one, so that whoever asks goes on meanwhile. */
export async function askWorker<Answer>(
  script: URL,
  data: unknown,
  { signal, onProgress }: AskOptions = {},
): Promise<Answer> {
  signal?.throwIfAborted();
  const worker = new Worker(script, { workerData: data });
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`the analysing thread ended with code ${code} and no answer`);
  });
  // It always ends, mostly after its answer: then nobody waits for this any more.
  ended.catch(() => {});
  const answered = async (): Promise<Answer> => {
    for await (const [post] of on(worker, 'message', { signal }) as AsyncIterable<[Post<Answer>]>) {
      if ('answer' in post) return post.answer;
      onProgress?.(post.progress);
    }
    throw new Error('the analysing thread stopped posting');
  };
  try {
    return await Promise.race([answered(), ended]);
  } finally {
    await worker.terminate();
  }
}
