import { type Baseline, type Heap, HeapSnapshotError, readHeap, snapshotOrderOf } from '../../heap/index.js';
import { Problem } from '../../problem.js';
import { fileName } from '../naming/index.js';

/** How names are written. */
export interface Naming {
  /** For a diagnosis that is redacted afterwards: names write keys that may be data in brackets. */
  quotesDataKeys?: boolean;
  /** The working directory of the process, where it is known: names write files as seen from it, as those of a walk. */
  folder?: string;
}

/** @throws Problem LEAK_LAB_SNAPSHOT if the file cannot be read */
export async function heapOf(file: string, { quotesDataKeys = false, folder }: Naming): Promise<Heap> {
  try {
    const heap = await readHeap(file);
    if (quotesDataKeys) heap.quoteDataKeys();
    if (folder !== undefined) heap.nameFiles((script) => fileName(script, { folder }));
    return heap;
  } catch (cause) {
    if (!(cause instanceof HeapSnapshotError)) throw cause;
    const { what, byteOffset, advice } = cause;
    const where = byteOffset === null ? '' : ` (byte ${byteOffset})`;
    const message = `${file} cannot be read as a heap snapshot: ${what}${where}. ${advice}`;
    throw new Problem('LEAK_LAB_SNAPSHOT', message, { cause });
  }
}

/**
 * Whether V8's ids tell that the same process wrote a snapshot and the one before it, if there is one.
 *
 * @param at the number of the later one among the files, from 0
 * @throws Problem LEAK_LAB_SNAPSHOT if the later one was taken before the other
 */
export function isSameProcess(
  before: Baseline | undefined,
  heap: Heap,
  files: readonly string[],
  at: number,
): boolean {
  if (before === undefined) return true;
  const order = snapshotOrderOf(before, heap);
  if (order === 'earlier')
    throw new Problem(
      'LEAK_LAB_SNAPSHOT',
      `${files[at]} was taken before ${files[at - 1]}: give the earlier snapshot first`,
    );
  return order === 'later';
}
