/** Every code of a {@link HeapSnapshotError}, with what it means. The codes are stable: scripts rely on them. */
export const HEAP_ERROR_CODES = {
  HEAP_TRUNCATED: 'the bytes end before the snapshot does',
  HEAP_SYNTAX: 'the bytes are not a heap snapshot, or are damaged',
  HEAP_META: 'the description of the format is missing, wrong or unknown',
  HEAP_COUNTS: 'the stated counts and the rows differ',
  HEAP_RANGE: 'an index refers to a type, a name or a node that does not exist',
  HEAP_TOO_LARGE: 'larger than the reader can address',
  HEAP_UNREADABLE: 'the file or stream could not be read',
  HEAP_NO_SUCH_NODE: 'the snapshot has no such node',
  HEAP_PICTURE: 'the picture could not be drawn',
} as const;

export type HeapErrorCode = keyof typeof HEAP_ERROR_CODES;

const ADVICE: Record<HeapErrorCode, string> = {
  HEAP_TRUNCATED:
    'The snapshot was probably cut short (disk full, process killed, copy stopped). Take it again and copy all of it.',
  HEAP_SYNTAX: 'Give a .heapsnapshot file as V8 wrote it, also compressed as .gz, .zst or .br.',
  HEAP_META: 'Give a .heapsnapshot of Node 20 or newer, or of a current Chrome.',
  HEAP_COUNTS: 'The file was damaged or edited. Take the snapshot again.',
  HEAP_RANGE: 'The file was damaged or edited. Take the snapshot again.',
  HEAP_TOO_LARGE: 'Take the snapshot earlier, while the heap is smaller: the same owner is the largest then.',
  HEAP_UNREADABLE: 'Check the path, its permissions and the disk.',
  HEAP_NO_SUCH_NODE: 'Take the id from a result for this snapshot.',
  HEAP_PICTURE: 'Write a .dot file, and draw it with Graphviz.',
};

/** The only error class of the heap engine: what happened, at which byte offset where that is known, and what to do. */
export class HeapSnapshotError extends Error {
  override readonly name = 'HeapSnapshotError';
  readonly advice: string;

  constructor(
    readonly code: HeapErrorCode,
    /** What happened, without offset and advice. */
    readonly what: string,
    /** Offset from the start of the snapshot, in bytes; null where no byte is the cause. */
    readonly byteOffset: number | null = null,
    options?: ErrorOptions,
  ) {
    const where = byteOffset === null ? '' : ` at byte ${byteOffset}`;
    super(`${code}${where}: ${what}. ${ADVICE[code]}`, options);
    this.advice = ADVICE[code];
  }
}
