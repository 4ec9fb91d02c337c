import {
  entriesOf,
  entriesOfKind,
  isRankedKind,
  prototypeOf,
  type RankedKind,
  rankedKinds,
} from '../container-entries.js';
import { classNames, type Kind, type LiveHeap } from '../live-heap.js';
import { type CountRow, type GrowthRow, printCounts, printGrowth, printLargest, ROWS } from './print-live.js';
import { printedBy, type Verb } from './verb.js';

interface LiveOptions {
  /** Do it although it is too expensive. */
  force?: boolean;
}

/** The verbs that need the live objects and no snapshot. */
export function liveVerbs(heap: LiveHeap): Verb[] {
  return [...countVerbs(heap), ...objectVerbs(heap)];
}

/** The verbs that answer with numbers of objects. */
function countVerbs(heap: LiveHeap): Verb[] {
  let before: Map<string, number> | undefined;
  return [
    {
      usage: 'histogram(n)',
      help: 'number of live objects per class; the n most numerous classes (default 20)',
      call: (limit = ROWS, { force }: LiveOptions = {}) =>
        printedBy(rowsOf(countsByClass(heap, 'histogram', force)).slice(0, limit), printCounts),
    },
    {
      usage: 'growth()',
      help: 'classes with more live objects than at the previous call',
      call: ({ force }: LiveOptions = {}) => {
        const counts = countsByClass(heap, 'growth', force);
        const last = before;
        before = counts;
        if (!last) return 'Counted. Call growth() again after some traffic.';
        const rows = rowsOf(counts)
          .map((row): GrowthRow => Object.assign(row, { delta: row.count - (last.get(row.className) ?? 0) }))
          .filter(({ delta }) => delta > 0)
          .toSorted((a, b) => b.delta - a.delta);
        return printedBy(rows, printGrowth);
      },
    },
    {
      usage: "count('User')",
      help: 'number of live objects of a class',
      call: (kind: Kind, { force }: LiveOptions = {}) => heap.ofKind(kind, 'count', force).length,
    },
  ];
}

/** The verbs that answer with live objects. */
function objectVerbs(heap: LiveHeap): Verb[] {
  return [
    {
      usage: "byType('Map')",
      help: 'the live objects of a class, as an array',
      call: (kind: Kind, { force }: LiveOptions = {}) => heap.ofKind(kind, 'byType', force),
    },
    {
      usage: "largest('Map')",
      help: 'the live Map, Set, Array, Object or ArrayBuffer with the most entries; without an argument, one of each kind',
      call: (kind?: string | LiveOptions, { force }: LiveOptions = {}) => {
        if (typeof kind !== 'string')
          return printedBy(largestOf(heap, rankedKinds, kind?.force), printLargest);
        if (isRankedKind(kind)) return largestOf(heap, [kind], force)[kind];
        return heap
          .ofKind(kind, 'largest', force)
          .toSorted((a, b) => (entriesOf(b) ?? 0) - (entriesOf(a) ?? 0))[0];
      },
    },
    {
      usage: "random('User')",
      help: 'one live object of a class, chosen at random',
      call: (kind: Kind, { force }: LiveOptions = {}) => {
        const objects = heap.ofKind(kind, 'random', force);
        return objects[Math.floor(Math.random() * objects.length)];
      },
    },
  ];
}

function countsByClass(heap: LiveHeap, verb: string, force?: boolean): Map<string, number> {
  const counts = new Map<string, number>();
  const named = classNames();
  heap.each(Object.prototype, verb, force, (object) => {
    const name = named(object);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  return counts;
}

function largestOf(
  heap: LiveHeap,
  kinds: readonly RankedKind[],
  force?: boolean,
): Partial<Record<RankedKind, object>> & Record<string, object> {
  const largest = new Map<RankedKind, { object: object; entries: number }>();
  const compare = (object: object): void => {
    for (const kind of kinds) {
      const entries = entriesOfKind(kind, object);
      if (entries === undefined || entries <= (largest.get(kind)?.entries ?? -1)) continue;
      largest.set(kind, { object, entries });
    }
  };
  const [only, ...more] = kinds;
  // Dictionaries may have no prototype, and V8 finds objects by their prototypes.
  if (only === undefined || more.length > 0 || only === 'Object') heap.eachOfAll('largest', force, compare);
  else heap.each(prototypeOf(only), 'largest', force, compare);
  return Object.fromEntries(Array.from(largest, ([kind, { object }]) => [kind, object]));
}

function rowsOf(counts: Map<string, number>): CountRow[] {
  return Array.from(counts, ([className, count]) => ({ className, count })).toSorted(
    (a, b) => b.count - a.count,
  );
}
