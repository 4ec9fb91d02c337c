import { Writable } from 'node:stream';
import type { Size } from './wire.js';

/** The most characters that wait for a slow terminal. More are left out, with a note: the service must not buffer them. */
const MOST_WAITING = 1_000_000;

/**
 * The output stream of one client's REPL. `print` returns false once the client is too slow; `drained` is called when it
 * has received everything.
 */
export class Output extends Writable {
  readonly isTTY: boolean;
  columns: number;
  rows: number;
  private waiting = 0;
  private leftOut = 0;

  constructor(
    private readonly print: (text: string) => boolean,
    size?: Size,
  ) {
    super({ decodeStrings: false });
    this.isTTY = size !== undefined;
    this.columns = size?.columns ?? 80;
    this.rows = size?.rows ?? 24;
  }

  resize({ columns, rows }: Size): void {
    Object.assign(this, { columns, rows });
    this.emit('resize');
  }

  /** Everything that was printed has been sent. */
  drained(): void {
    this.waiting = 0;
    if (this.leftOut === 0) return;
    const text = `\n… ${this.leftOut.toLocaleString('en')} characters left out. Print less at a time.\n`;
    this.leftOut = 0;
    this.show(text);
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString();
    const room = MOST_WAITING - this.waiting;
    this.leftOut += Math.max(0, text.length - room);
    if (room > 0) this.show(text.slice(0, room));
    // Without backpressure: a REPL ignores it and would buffer the text that is left out above.
    done();
    if (this.waiting === 0) this.drained();
  }

  private show(text: string): void {
    this.waiting = this.print(text) ? 0 : this.waiting + text.length;
  }
}
