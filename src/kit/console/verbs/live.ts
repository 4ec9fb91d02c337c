import { types } from 'node:util';
import { type ContainerKind, formatCount } from '../../heap/index.js';
import { moreLine, table } from '../../heap/print/format.js';
import { classNames, type Kind, type LiveHeap } from '../live-heap.js';
import { printedBy, type Verb } from './verb.js';

interface Forced {
  /** Look although it does not fit. */
  force?: boolean;
}

export interface CountRow {
  className: string;
  count: number;
}

export interface GrowthRow extends CountRow {
  delta: number;
}

const ROWS = 20;
/** The built-in containers that `largest` knows, and what their entries are. */
const ENTRIES: Record<string, (object: object) => number | undefined> = {
  Map: (object) => (types.isMap(object) ? object.size : undefined),
  Set: (object) => (types.isSet(object) ? object.size : undefined),
  Array: (object) => (Array.isArray(object) ? object.length : undefined),
  Object: (object) => (isPlain(object) ? Object.keys(object).length : undefined),
  ArrayBuffer: (object) => (types.isAnyArrayBuffer(object) ? object.byteLength : undefined),
};

/** What is asked of the live objects alone. */
export function liveVerbs(heap: LiveHeap): Verb[] {
  let before: Map<string, number> | undefined;

  const countsByClass = (verb: string, force?: boolean): Map<string, number> => {
    const counts = new Map<string, number>();
    const named = classNames();
    heap.each(Object.prototype, verb, force, (object) => {
      const name = named(object);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    });
    return counts;
  };

  const largestOf = (kinds: string[], verb: string, force?: boolean): Record<string, object> => {
    const largest: Record<string, { object: object; entries: number }> = {};
    const compare = (object: object): void => {
      for (const kind of kinds) {
        const entries = ENTRIES[kind]!(object);
        if (entries === undefined || entries <= (largest[kind]?.entries ?? -1)) continue;
        largest[kind] = { object, entries };
      }
    };
    if (kinds.includes('Object')) heap.eachOfAll(verb, force, compare);
    else heap.each(builtIn(kinds[0]!), verb, force, compare);
    return Object.fromEntries(Object.entries(largest).map(([kind, { object }]) => [kind, object]));
  };

  return [
    {
      usage: 'histogram(n)',
      help: 'how many live objects each class has, the n most numerous',
      call: (limit = ROWS, { force }: Forced = {}) => {
        const rows = rowsOf(countsByClass('histogram', force)).slice(0, limit);
        return printedBy(rows, (shown) => printCounts(shown));
      },
    },
    {
      usage: 'growth()',
      help: 'what there is more of than when it was last called',
      call: ({ force }: Forced = {}) => {
        const counts = countsByClass('growth', force);
        const last = before;
        before = counts;
        if (!last) return 'counted; call growth() again after some traffic';
        const rows = rowsOf(counts)
          .map((row): GrowthRow => Object.assign(row, { delta: row.count - (last.get(row.className) ?? 0) }))
          .filter(({ delta }) => delta > 0)
          .toSorted((a, b) => b.delta - a.delta);
        return printedBy(rows, (shown) => printGrowth(shown));
      },
    },
    {
      usage: "count('User')",
      help: 'how many live objects of a class',
      call: (kind: Kind, { force }: Forced = {}) => heap.ofKind(kind, 'count', force).length,
    },
    {
      usage: "byType('Map')",
      help: 'the live objects of a class',
      call: (kind: Kind, { force }: Forced = {}) => heap.ofKind(kind, 'byType', force),
    },
    {
      usage: "largest('Map')",
      help: 'the live Map (Set, Array, Object, ArrayBuffer) with the most entries; of each without an argument',
      call: (kind?: string | Forced, { force }: Forced = {}) => {
        if (typeof kind !== 'string') {
          return printedBy(largestOf(Object.keys(ENTRIES), 'largest', kind?.force), printLargest);
        }
        if (kind in ENTRIES) return largestOf([kind], 'largest', force)[kind];
        return heap
          .ofKind(kind, 'largest', force)
          .toSorted((a, b) => (entriesOf(b) ?? 0) - (entriesOf(a) ?? 0))[0];
      },
    },
    {
      usage: "random('User')",
      help: 'any live object of a class',
      call: (kind: Kind, { force }: Forced = {}) => {
        const objects = heap.ofKind(kind, 'random', force);
        return objects[Math.floor(Math.random() * objects.length)];
      },
    },
  ];
}

/** Which of the built-in containers an object is. */
export function kindOf(object: object): ContainerKind | undefined {
  return (Object.keys(ENTRIES) as ContainerKind[]).find((kind) => ENTRIES[kind]!(object) !== undefined);
}

/** How many entries a container has; undefined for what is none. */
export function entriesOf(object: object): number | undefined {
  for (const entries of Object.values(ENTRIES)) {
    const count = entries(object);
    if (count !== undefined) return count;
  }
  return undefined;
}

function builtIn(kind: string): object {
  return (globalThis as never as Record<string, { prototype: object }>)[kind]!.prototype;
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return (prototype === Object.prototype || prototype === null) && !types.isModuleNamespaceObject(object);
}

function rowsOf(counts: Map<string, number>): CountRow[] {
  return Array.from(counts, ([className, count]) => ({ className, count })).toSorted(
    (a, b) => b.count - a.count,
  );
}

function printCounts(rows: CountRow[]): string {
  return table<CountRow>(
    [
      { title: 'count', align: 'right', cell: ({ count }) => formatCount(count) },
      { title: 'class', align: 'left', cell: ({ className }) => className },
    ],
    rows,
  );
}

function printLargest(largest: Record<string, object>): string {
  const named = classNames();
  return table<[string, object]>(
    [
      { title: 'entries', align: 'right', cell: ([kind, object]) => formatCount(ENTRIES[kind]!(object)!) },
      { title: 'kind', align: 'left', cell: ([kind]) => (kind === 'ArrayBuffer' ? `${kind} (bytes)` : kind) },
      { title: 'class', align: 'left', cell: ([, object]) => named(object) },
    ],
    Object.entries(largest).toSorted(([a, one], [b, other]) => ENTRIES[b]!(other)! - ENTRIES[a]!(one)!),
  );
}

function printGrowth(rows: GrowthRow[]): string {
  if (rows.length === 0) return 'nothing has grown';
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
