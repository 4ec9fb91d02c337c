import { formatCount } from '../../heap/index.js';
import { moreLine, table } from '../../heap/print/format.js';
import { entriesOf } from '../container-entries.js';
import { classNames } from '../live-heap.js';

export interface CountRow {
  className: string;
  /** Live objects of the class. */
  count: number;
}

export interface GrowthRow extends CountRow {
  /** How many more there are than at the previous call. */
  delta: number;
}

/** Rows that a verb prints, or returns by default. */
export const ROWS = 20;

export function printCounts(rows: CountRow[]): string {
  return table<CountRow>(
    [
      { title: 'count', align: 'right', cell: ({ count }) => formatCount(count) },
      { title: 'class', align: 'left', cell: ({ className }) => className },
    ],
    rows,
  );
}

export function printGrowth(rows: GrowthRow[]): string {
  if (rows.length === 0) return 'no class has more live objects than before';
  const shown = rows.slice(0, ROWS);
  return (
    table<GrowthRow>(
      [
        { title: 'more', align: 'right', cell: ({ delta }) => `+${formatCount(delta)}` },
        { title: 'count', align: 'right', cell: ({ count }) => formatCount(count) },
        { title: 'class', align: 'left', cell: ({ className }) => className },
      ],
      shown,
    ) + moreLine(rows.length - shown.length, 'classes')
  );
}

/** @param largest the largest container of each kind, by the name of the kind */
export function printLargest(largest: Record<string, object>): string {
  const named = classNames();
  const rows = Object.entries(largest)
    .map(([kind, object]) => ({ kind, className: named(object), entries: entriesOf(object) ?? 0 }))
    .toSorted((a, b) => b.entries - a.entries);
  return table<(typeof rows)[number]>(
    [
      { title: 'entries', align: 'right', cell: ({ entries }) => formatCount(entries) },
      {
        title: 'kind',
        align: 'left',
        cell: ({ kind }) => (kind === 'ArrayBuffer' ? `${kind} (bytes)` : kind),
      },
      { title: 'class', align: 'left', cell: ({ className }) => className },
    ],
    rows,
  );
}
