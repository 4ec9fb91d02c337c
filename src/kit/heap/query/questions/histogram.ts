import { codeOwners } from '../../answers/code-owners.js';
import { sizesOf } from '../../answers/group-sizes.js';
import { histogram as byClass } from '../../answers/histogram.js';
import type { Heap } from '../../heap.js';
import { shortFile } from '../../path/script-name.js';
import { column } from '../answer.js';
import { pageOf } from '../pages.js';
import { choiceGiven, type Question } from '../question.js';
import type { QuerySession } from '../session.js';

const WAYS = ['constructor', 'package', 'file', 'kind'] as const;
const ORDERS = ['retained', 'shallow', 'count'] as const;
const RETAINED = column('retainedBytes', 'bytes', 'retained');

interface GroupRow {
  name: string;
  count: number;
  shallowBytes: number;
  retainedBytes: number;
}

export const histogram: Question = {
  name: 'histogram',
  purpose: 'count and sizes by constructor, package, file or kind of node',
  takes: [
    { name: 'by', kind: 'choice', choices: WAYS, why: 'what is one row (default constructor)' },
    { name: 'order', kind: 'choice', choices: ORDERS, why: 'the largest first by this (default retained)' },
  ],
  ask(session, given, page) {
    const by = choiceGiven(given, 'by', WAYS);
    const owned = by === 'package' || by === 'file';
    const asked = choiceGiven(given, 'order', ORDERS);
    // Every byte has one owner, so that the size of what it owns is the sum of shallow sizes.
    const order = owned && asked === 'retained' ? 'shallow' : asked;
    const size = { retained: 'retainedBytes', shallow: 'shallowBytes', count: 'count' } as const;
    const rows = session
      .once(`histogram ${by}`, () => groupsBy(session, by))
      .toSorted((a, b) => b[size[order]] - a[size[order]]);
    return pageOf(
      {
        question: 'histogram',
        title: `by ${by}, the largest ${order} first`,
        columns: [
          column('count', 'count'),
          column('shallowBytes', 'bytes', 'shallow'),
          ...(owned ? [] : [RETAINED]),
          column('name', 'text', by),
        ],
        notes: [
          owned
            ? 'An object without code belongs to the nearest object above it that has some. The shallow sizes add up to the heap.'
            : 'A retained size counts nothing twice within one row. Different rows overlap, so they do not add up.',
        ],
      },
      rows,
      page,
      (row) => ({ ...row }),
    );
  },
};

function groupsBy({ heap }: QuerySession, by: (typeof WAYS)[number]): GroupRow[] {
  if (by === 'constructor') {
    return byClass(heap).map(({ className, count, shallowBytes, retainedBytes }) => ({
      name: className,
      count,
      shallowBytes,
      retainedBytes,
    }));
  }
  const groups = by === 'kind' ? kinds(heap) : codeOwners(heap, by);
  const { counts, shallow, retained } = sizesOf(heap, groups);
  return Array.from(counts, (count, group) => ({
    name: by === 'file' ? shortFile(groups.name(group)) : groups.name(group),
    count,
    shallowBytes: shallow[group] ?? 0,
    retainedBytes: retained[group] ?? 0,
  })).filter(({ count }) => count > 0);
}

function kinds({ graph }: Heap) {
  return {
    count: graph.nodeTypes.length,
    of: (node: number): number => graph.types[node] ?? -1,
    name: (group: number): string => graph.nodeTypes[group] ?? '',
  };
}
