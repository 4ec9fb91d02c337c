import { count, megabytes, milliseconds } from '../src/command/format.js';
import type { Row } from './measurement.js';

export interface Column {
  title: string;
  cell: (row: Row) => string;
}

const NONE = '–';
const orNone = (figure: number | null, format: (figure: number) => string): string =>
  figure === null ? NONE : format(figure);

export const columns = {
  requests: { title: 'requests', cell: (row) => count(row.requests) },
  vsz: { title: 'VSZ MB', cell: (row) => megabytes(row.vszBytes) },
  rss: { title: 'RSS MB', cell: (row) => megabytes(row.rssBytes) },
  heap: { title: 'heap MB', cell: (row) => megabytes(row.heapUsedBytes) },
  external: { title: 'external MB', cell: (row) => megabytes(row.externalBytes) },
  entries: { title: 'cache entries', cell: (row) => orNone(row.cacheEntries, count) },
  pace: { title: 'requests/s', cell: (row) => orNone(row.requestsPerSecond, count) },
  p50: { title: 'p50 ms', cell: (row) => orNone(row.p50Ms, milliseconds) },
  p99: { title: 'p99 ms', cell: (row) => orNone(row.p99Ms, milliseconds) },
  errors: { title: 'errors', cell: (row) => count(row.errors) },
} satisfies Record<string, Column>;

/** Further columns of the report: what is not V8's. */
export const outsideColumns = {
  native: { title: 'native MB', cell: (row) => orNone(row.nativeBytes, megabytes) },
  anonymous: {
    title: 'anonymous MB',
    cell: ({ outside }) => orNone(outside?.anonymousBytes ?? null, megabytes),
  },
  threads: { title: 'threads', cell: ({ outside }) => orNone(outside?.threads ?? null, count) },
  openFiles: { title: 'open files', cell: ({ outside }) => orNone(outside?.openFiles ?? null, count) },
  children: { title: 'children', cell: ({ outside }) => orNone(outside?.children ?? null, count) },
} satisfies Record<string, Column>;

/** The columns that a narrow terminal leaves out, in this order. */
const dispensable: Column[] = [columns.vsz, columns.external, columns.p50];

/** The columns that fit into this width. The JSON and the report have all of them. */
export function fitting(width: number): Column[] {
  let shown: Column[] = Object.values(columns);
  for (const one of dispensable)
    if (header(shown).length > width) shown = shown.filter((other) => other !== one);
  return shown;
}

/** Wide enough for a million requests and a terabyte: rows are printed one by one and must align. */
const width = ({ title }: Column): number => Math.max(title.length, 9);

export function header(shown: Column[] = Object.values(columns)): string {
  return shown.map((column) => column.title.padStart(width(column))).join('  ');
}

export function line(row: Row, shown: Column[] = Object.values(columns)): string {
  return shown.map((column) => column.cell(row).padStart(width(column))).join('  ');
}
