import { styleText } from 'node:util';

type Stream = NodeJS.WriteStream;

/** Colours a text for a terminal, never for a file, and not if NO_COLOR is set (no-color.org). */
export function colour(
  style: Parameters<typeof styleText>[0],
  text: string,
  stream: Stream = process.stdout,
): string {
  return stream.isTTY && !process.env['NO_COLOR'] ? styleText(style, text) : text;
}

/** The width of the terminal in characters; infinite when the output is not a terminal. */
export const screenWidth = (): number => process.stdout.columns ?? Number.POSITIVE_INFINITY;

/** A progress line that is overwritten in place. Prints nothing when the output is not a terminal. */
export class StatusLine {
  private shown = false;

  constructor(private readonly stream: Stream = process.stderr) {}

  show(line: string): void {
    if (!this.stream.isTTY) return;
    this.stream.write(`\r\u001B[K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) this.stream.write('\r\u001B[K');
    this.shown = false;
  }
}

export function bar(done: number, all: number, width = 24): string {
  const full = Math.round(width * Math.min(1, done / all));
  return '█'.repeat(full) + '░'.repeat(width - full);
}
