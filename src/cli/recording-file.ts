import { closeSync, fstatSync, ftruncateSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { Problem } from '../kit/problem.js';
import { onExit } from '../versions/on-exit.js';

/** A new file of whole lines that only its owner can read. Empty, it is removed at the end. */
export class RecordingFile {
  private readonly output: number;
  private readonly forget: () => void;

  /** @throws Problem LEAK_LAB_WRITE when it exists, or cannot be made */
  constructor(private readonly file: string) {
    try {
      this.output = openSync(file, 'wx', 0o600);
    } catch (cause) {
      throw this.unwritable(cause);
    }
    this.forget = onExit(() => this.removeEmpty());
  }

  /** @throws Problem LEAK_LAB_WRITE, as on a disk that is full; nothing of the line is then in the file */
  add(line: string): void {
    const { size } = fstatSync(this.output);
    try {
      writeFileSync(this.output, line);
    } catch (cause) {
      ftruncateSync(this.output, size);
      throw this.unwritable(cause, '. What was recorded before is in the file');
    }
  }

  close(): void {
    this.forget();
    this.removeEmpty();
    closeSync(this.output);
  }

  private removeEmpty(): void {
    if (fstatSync(this.output).size === 0) rmSync(this.file, { force: true });
  }

  private unwritable(cause: unknown, more = ''): Problem {
    const { code, message } = cause as NodeJS.ErrnoException;
    return code === 'EEXIST'
      ? new Problem('LEAK_LAB_WRITE', `${this.file} exists already; choose another name, or remove it`, {
          cause,
        })
      : new Problem('LEAK_LAB_WRITE', `cannot write ${this.file}: ${message}${more}`, { cause });
  }
}
