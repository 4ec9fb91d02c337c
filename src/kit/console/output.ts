import { Writable } from 'node:stream';
import type { Size } from './wire.js';

/** What may wait for a slow terminal. More is left out, and said so: the service is not the place to keep it. */
const MOST_WAITING = 1_000_000;

/**
 * The screen of one client, as a REPL wants it. `write` answers false once the other end no longer keeps up; `drained`
 * says that it has caught up.
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

  /** What was printed has left. */
  drained(): void {
    this.waiting = 0;
    if (this.leftOut === 0) return;
    const text = `\n… ${this.leftOut.toLocaleString('en')} characters left out: print less at a time\n`;
    this.leftOut = 0;
    this.show(text);
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString();
    const room = MOST_WAITING - this.waiting;
    this.leftOut += Math.max(0, text.length - room);
    if (room > 0) this.show(text.slice(0, room));
    // Never made to wait: a REPL does not heed it, and what it would pile up is what is left out above.
    done();
    if (this.waiting === 0) this.drained();
  }

  private show(text: string): void {
    this.waiting = this.print(text) ? 0 : this.waiting + text.length;
  }
}
