/** 1234567 → `1,234,567`. The first toLocaleString of a process takes as long as a histogram, so that it is not used. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 timer`, `2,000 timers`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units with three digits at most: `0 B`, `812 B`, `5.39 MB`, `364 MB`. */
export function formatBytes(bytes: number): string {
  if (Math.abs(bytes) < 1000) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = '';
  for (const next of UNITS) {
    value /= 1000;
    unit = next;
    // A value that rounds to 1000 is shown in the next unit.
    if (Math.abs(value) < 999.5) break;
  }
  const decimals = Math.abs(value) < 9.995 ? 2 : Math.abs(value) < 99.95 ? 1 : 0;
  return `${value.toFixed(decimals)} ${unit}`;
}

/** 0.4321 → `43 %`; below one percent, `0.4 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`;
}

export function formatSigned(text: string, value: number): string {
  return value > 0 ? `+${text}` : text;
}

export interface Column<T> {
  title: string;
  /** `right` for numbers, `left` for names. */
  align: 'left' | 'right';
  cell: (row: T) => string;
}

/** A text table: rows under titles, columns two spaces apart, no trailing spaces. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const lines = [columns.map(({ title }) => title), ...cells];
  const widths = columns.map((_, at) => lines.reduce((width, line) => Math.max(width, line[at]!.length), 0));
  const padded = (line: string[]) =>
    line.map((text, at) =>
      columns[at]!.align === 'left' ? text.padEnd(widths[at]!) : text.padStart(widths[at]!),
    );
  return lines.map((line) => padded(line).join('  ').trimEnd()).join('\n');
}

/** The line under a list that was cut off, or '' if it was not. */
export function moreLine(more: number, what: string): string {
  return more > 0 ? `\n… ${formatCount(more)} more ${what}` : '';
}
