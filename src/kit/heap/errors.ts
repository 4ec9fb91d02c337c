/**
 * Every code that a {@link HeapSnapshotError} can carry. Stable: scripts and docs rely on them.
 */
export const HEAP_ERROR_CODES = {
  /** The bytes end before the snapshot does. */
  HEAP_TRUNCATED: 'the bytes end before the snapshot does',
  /** A byte that cannot stand where it stands. */
  HEAP_SYNTAX: 'the bytes are not a heap snapshot, or were damaged',
  /** The snapshot describes its own format in a way this reader does not know. */
  HEAP_META: 'the description of the format is missing, wrong or unknown',
  /** The counts that the snapshot states and the rows that it holds disagree. */
  HEAP_COUNTS: 'the stated counts and the rows disagree',
  /** A type, a name or a node is referred to that does not exist. */
  HEAP_RANGE: 'an index points outside of what it refers to',
  /** More than this reader's indexes can address. */
  HEAP_TOO_LARGE: 'larger than the reader can address',
  /** The file or stream itself failed. */
  HEAP_UNREADABLE: 'the file or stream could not be read',
  /** A question about a node or class that the snapshot does not have. */
  HEAP_NO_SUCH_NODE: 'the snapshot has no such node',
  /** A picture could not be drawn. */
  HEAP_PICTURE: 'the picture could not be drawn',
} as const;

export type HeapErrorCode = keyof typeof HEAP_ERROR_CODES;

const ADVICE: Record<HeapErrorCode, string> = {
  HEAP_TRUNCATED:
    'The dump was probably cut short (disk full, process killed, copy stopped). Take it again and copy it whole.',
  HEAP_SYNTAX: 'Give a .heapsnapshot file as V8 wrote it; if it was compressed, decompress it first.',
  HEAP_META: 'Give a .heapsnapshot of Node 20 or newer, or of a current Chrome.',
  HEAP_COUNTS: 'The file was damaged or edited. Take the snapshot again.',
  HEAP_RANGE: 'The file was damaged or edited. Take the snapshot again.',
  HEAP_TOO_LARGE: 'Take the snapshot earlier in the growth: the same owner leaks at a tenth of the size.',
  HEAP_UNREADABLE: 'Check the path, its permissions and the disk.',
  HEAP_NO_SUCH_NODE: 'Take the id from an answer about this very snapshot.',
  HEAP_PICTURE: 'Ask for .dot and draw it with any Graphviz.',
};

/**
 * The one class of error of the heap engine: what happened, where (a byte offset when a byte is to
 * blame) and what to do.
 */
export class HeapSnapshotError extends Error {
  override readonly name = 'HeapSnapshotError';
  readonly advice: string;

  constructor(
    readonly code: HeapErrorCode,
    /** What happened, without place and advice. */
    readonly what: string,
    /** Offset from the start of the snapshot, in bytes; null when no byte is to blame. */
    readonly byteOffset: number | null = null,
    options?: ErrorOptions,
  ) {
    const where = byteOffset === null ? '' : ` at byte ${byteOffset}`;
    super(`${code}${where}: ${what}. ${ADVICE[code]}`, options);
    this.advice = ADVICE[code];
  }
}
