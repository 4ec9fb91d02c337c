import { open } from 'node:fs/promises';
import { HeapSnapshotError } from '../errors.js';

/**
 * What a snapshot can be read from: the path of a file, or anything that yields its chunks in order
 * (stdin, `v8.getHeapSnapshot()`, the text chunks of the inspector).
 */
export type SnapshotSource = string | AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

export interface OpenSource {
  chunks: AsyncIterable<Uint8Array>;
  /** Null when nobody knows before the end. */
  size: number | null;
  /** Set when strings can be read again later from the same place. */
  file: { path: string; modifiedMs: number } | null;
}

/** A megabyte is read in less time than it is parsed, and two of them are nothing in the total. */
const CHUNK_BYTES = 1 << 20;

export async function openSource(source: SnapshotSource): Promise<OpenSource> {
  if (typeof source !== 'string') return { chunks: bytesOf(source), size: null, file: null };
  try {
    const file = await open(source, 'r');
    const stats = await file.stat();
    const regular = stats.isFile();
    return {
      chunks: chunksOf(file),
      size: regular ? stats.size : null,
      file: regular ? { path: source, modifiedMs: stats.mtimeMs } : null,
    };
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** Two buffers in turn: one is being read into while the other is parsed. */
async function* chunksOf(file: Awaited<ReturnType<typeof open>>): AsyncGenerator<Uint8Array> {
  try {
    const buffers = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
    let next = file.read(buffers[0]!, 0, CHUNK_BYTES, null);
    for (let turn = 1; ; turn++) {
      const { bytesRead, buffer } = await next.catch((cause: unknown) => {
        throw unreadable(cause);
      });
      if (bytesRead === 0) return;
      next = file.read(buffers[turn % 2]!, 0, CHUNK_BYTES, null);
      // Nobody awaits the read ahead when the parser gives up; its failure then is of no interest.
      next.catch(() => {});
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* bytesOf(
  source: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of source) yield typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): HeapSnapshotError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HeapSnapshotError('HEAP_UNREADABLE', why, null, { cause });
}
