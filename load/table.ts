import { count, megabytes, milliseconds } from '../src/command/format.js';
import type { Row } from './measure.js';

export interface Column {
  title: string;
  cell: (row: Row) => string;
}

const NOTHING = '–';
const orNothing = (figure: number | null, format: (figure: number) => string): string =>
  figure === null ? NOTHING : format(figure);

export const columns = {
  requests: { title: 'requests', cell: (row) => count(row.requests) },
  vsz: { title: 'VSZ MB', cell: (row) => megabytes(row.vszBytes) },
  rss: { title: 'RSS MB', cell: (row) => megabytes(row.rssBytes) },
  heap: { title: 'heap MB', cell: (row) => megabytes(row.heapUsedBytes) },
  external: { title: 'external MB', cell: (row) => megabytes(row.externalBytes) },
  entries: { title: 'cache entries', cell: (row) => orNothing(row.cacheEntries, count) },
  pace: { title: 'requests/s', cell: (row) => orNothing(row.requestsPerSecond, count) },
  p50: { title: 'p50 ms', cell: (row) => orNothing(row.p50Ms, milliseconds) },
  p99: { title: 'p99 ms', cell: (row) => orNothing(row.p99Ms, milliseconds) },
  errors: { title: 'errors', cell: (row) => count(row.errors) },
} satisfies Record<string, Column>;

/** What a narrow terminal does without, in this order. */
const dispensable: Column[] = [columns.vsz, columns.external, columns.p50];

/** The columns that there is room for; the JSON and the report have all. */
export function fitting(width: number): Column[] {
  let shown: Column[] = Object.values(columns);
  for (const one of dispensable)
    if (header(shown).length > width) shown = shown.filter((other) => other !== one);
  return shown;
}

/** Wide enough for a million requests and a terabyte: rows are printed as they come, and must line up. */
const width = ({ title }: Column): number => Math.max(title.length, 9);

export function header(shown: Column[] = Object.values(columns)): string {
  return shown.map((column) => column.title.padStart(width(column))).join('  ');
}

export function line(row: Row, shown: Column[] = Object.values(columns)): string {
  return shown.map((column) => column.cell(row).padStart(width(column))).join('  ');
}
