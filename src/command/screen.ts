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

/**
 * A progress line that is overwritten in place. Without a terminal, a line from time to time, or none.
 */
export class StatusLine {
  private shown = false;
  private printedMs = performance.now();

  /** @param everyMs how often a line is printed where the output is not a terminal; without it, none is */
  constructor(
    private readonly stream: Stream = process.stderr,
    private readonly everyMs = Number.POSITIVE_INFINITY,
  ) {}

  /** @param plain the line without a bar, for a file */
  show(line: string, plain = line): void {
    if (!this.stream.isTTY) {
      if (performance.now() - this.printedMs < this.everyMs) return;
      this.printedMs = performance.now();
      this.stream.write(`${plain}\n`);
      return;
    }
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
