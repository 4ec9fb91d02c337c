import { type FileHandle, open } from 'node:fs/promises';
import { HeapSnapshotError } from '../errors.js';
import { compressionOf, decompressed } from './decompress.js';
import type { SnapshotFile } from './string-bytes.js';

/**
 * The source of a snapshot: the path of a file, or anything that yields its chunks in order (stdin,
 * `v8.getHeapSnapshot()`, the text chunks of the inspector).
 */
export type SnapshotSource = string | AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

export interface OpenSource {
  chunks: AsyncIterable<Uint8Array>;
  /** In bytes; null for a stream. */
  size: number | null;
  /** Set if strings can be read again from the file; null for a stream. */
  file: SnapshotFile | null;
}

/** A megabyte is read faster than it is parsed, and two buffers of it are little compared with the columns. */
const CHUNK_BYTES = 1 << 20;

export async function openSource(source: SnapshotSource): Promise<OpenSource> {
  if (typeof source !== 'string')
    return { chunks: readable(decompressed(bytesOf(source))), size: null, file: null };
  try {
    const file = await open(source, 'r');
    const stats = await file.stat();
    const regular = stats.isFile();
    if (regular && (await isCompressed(file, source)))
      return { chunks: readable(decompressed(chunksOf(file), source)), size: null, file: null };
    return {
      chunks: chunksOf(file),
      size: regular ? stats.size : null,
      file: regular ? { path: source, sizeBytes: stats.size, modifiedMs: stats.mtimeMs } : null,
    };
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** Strings cannot be read again from a compressed file, so that it is read as a stream is. */
async function isCompressed(file: FileHandle, path: string): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return compressionOf(buffer, path) !== null;
}

/** Alternates between two buffers: one is filled while the other is parsed. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    let [filling, parsed] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
    let next = file.read(filling, 0, CHUNK_BYTES, null);
    for (;;) {
      const { bytesRead, buffer } = await next.catch((cause: unknown) => {
        throw unreadable(cause);
      });
      if (bytesRead === 0) return;
      [filling, parsed] = [parsed, filling];
      next = file.read(filling, 0, CHUNK_BYTES, null);
      // If the parser throws, nothing awaits this read, and its failure must not be an unhandled rejection.
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

async function* readable(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): HeapSnapshotError {
  if (cause instanceof HeapSnapshotError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HeapSnapshotError('HEAP_UNREADABLE', why, null, { cause });
}
