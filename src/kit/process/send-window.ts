/** Of what the target has not read yet, with room below the 64 kB that Node's inspector reads at once. */
const UNREAD_BYTES = 48 * 1024;
/** The longest head of a frame of a WebSocket: its code, its length and its mask. */
const HEAD_BYTES = 14;
/** How much Node's inspector reads at once. */
const READ_BYTES = 64 * 1024;
/** Ids of the questions whose answers only tell what has been read. Those of commands count upwards from 1. */
const HIGHEST_ID = 2 ** 31 - 1;

interface Sent {
  id: number;
  bytes: number;
}

interface Queued extends Sent {
  message: string;
}

/**
 * Sends messages to an inspector so that each arrives as a whole.
 *
 * Node reads 64 kB at once. Where a piece ends within the last 2 to 10 bytes of a message, or within its first three,
 * Node takes the message for complete, reads behind its buffer and then writes before it: the process dies of a corrupted
 * heap, or the message is lost (`decode_frame_hybi17` compares the length of the payload with a buffer that has the head
 * as well; Node 20 to 26). So no more than one piece may wait to be read: a message is held back until others have been
 * read, which an answer to one sent later shows. What is longer than a piece ends in the middle of one.
 */
export class SendWindow {
  readonly #queue: Queued[] = [];
  /** In the order of sending, which is that of reading. */
  readonly #unread: Sent[] = [];
  #unreadBytes = 0;
  #question = HIGHEST_ID;
  #isAsking = false;

  constructor(private readonly transmit: (message: string) => void) {}

  send(id: number, message: string): void {
    const whole = inMiddleOfPiece(message);
    this.#queue.push({ id, message: whole, bytes: frameBytes(whole) });
    this.#pump();
  }

  /** A message with this id was answered: the target has read it, and all that was sent before. */
  answered(id: number): void {
    const at = this.#unread.findIndex((sent) => sent.id === id);
    for (const sent of this.#unread.splice(0, at + 1)) {
      this.#unreadBytes -= sent.bytes;
      if (sent.id === this.#question) this.#isAsking = false;
    }
    this.#pump();
  }

  #pump(): void {
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      if (this.#unreadBytes > 0 && this.#unreadBytes + next.bytes > UNREAD_BYTES) {
        this.#ask();
        return;
      }
      this.#queue.shift();
      this.#transmit(next);
    }
  }

  /** Commands may take long to be answered. This one does not, and costs nothing. */
  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#question -= 1;
    const id = this.#question;
    const message = JSON.stringify({ id, method: 'Runtime.getHeapUsage' });
    this.#transmit({ id, message, bytes: frameBytes(message) });
  }

  #transmit({ id, message, bytes }: Queued): void {
    this.#unread.push({ id, bytes });
    this.#unreadBytes += bytes;
    this.transmit(message);
  }
}

function frameBytes(message: string): number {
  return HEAD_BYTES + Buffer.byteLength(message);
}

/** A long message with spaces after it, so that it ends half a piece after the last whole one. JSON allows them. */
function inMiddleOfPiece(message: string): string {
  const bytes = frameBytes(message);
  if (bytes <= UNREAD_BYTES) return message;
  const half = READ_BYTES / 2;
  const pieces = Math.ceil((bytes - half) / READ_BYTES);
  return message + ' '.repeat(pieces * READ_BYTES + half - bytes);
}
