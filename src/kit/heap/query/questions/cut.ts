import { labelOf } from '../../answers/node-facts.js';
import type { Heap } from '../../heap.js';
import { counted, formatBytes } from '../../print/format.js';
import { column } from '../answer.js';
import { pageOf } from '../pages.js';
import { nodeGiven, QueryError, type Question } from '../question.js';

export const cut: Question = {
  name: 'cut',
  purpose: 'what a collection would free if an object lost one of its properties, or its entries',
  takes: [
    { name: 'id', kind: 'id', required: true, why: 'the object that has the reference' },
    {
      name: 'property',
      kind: 'text',
      why: 'the name of the property, index or variable; without it, all references',
    },
  ],
  ask(session, given, page) {
    const { heap } = session;
    const { graph } = heap;
    const node = nodeGiven(session, given);
    const name = given['property'];
    const freed = session.once(`cut ${node} ${name ?? ''}`, () =>
      freedWithout(heap, node, edgesNamed(heap, node, name)),
    );
    const what = name === undefined ? 'its references' : JSON.stringify(name);
    return pageOf(
      {
        question: 'cut',
        title: `without ${what}, ${labelOf(heap, node)} @${graph.idOf(node)} would free ${formatBytes(freed.bytes)}, ${counted(freed.count, 'object')}`,
        columns: [column('count', 'count'), column('bytes', 'bytes'), column('className', 'text', 'class')],
        notes:
          freed.count === 0
            ? ['Something else keeps all of it alive: ask "retainers" of what it refers to.']
            : [],
      },
      freed.classes,
      page,
      (row) => ({ ...row }),
    );
  },
};

/** The retaining references of an object with a name; null for all of them. A table may have millions. */
function edgesNamed(heap: Heap, node: number, name: string | undefined): ReadonlySet<number> | null {
  if (name === undefined) return null;
  const { graph, retaining } = heap;
  const text = graph.strings.indexOf(name);
  const index = /^\d{1,10}$/.test(name) ? Number(name) : -1;
  const found = new Set<number>();
  for (let edge = graph.edgeStart(node); edge < graph.edgeEnd(node); edge++) {
    const number = graph.nameNumberOf(edge);
    const isNamed = graph.isIndexed(edge)
      ? number === index
      : number === text ||
        (index >= 0 && graph.strings.numberAt(number) === index) ||
        (graph.strings.ephemeronTable(number) >= 0 && graph.edgeName(edge) === name);
    if (isNamed && retaining.has(edge)) found.add(edge);
  }
  if (found.size > 0) return found;
  throw new QueryError(
    `${labelOf(heap, node)} @${graph.idOf(node)} has no reference named ${JSON.stringify(name)}; ask "object @${graph.idOf(node)}" for those it has`,
  );
}

interface Freed {
  count: number;
  bytes: number;
  /** The most bytes first. */
  classes: { className: string; count: number; bytes: number }[];
}

const INSIDE = 1;
const KEPT = 2;

/**
 * Every path from a root to what a node dominates leads through the node. What its remaining references do not reach
 * within that part of the heap would therefore be freed, and nothing outside of it.
 *
 * @param cut the references that are gone; null for all of the node's
 */
function freedWithout(heap: Heap, node: number, cut: ReadonlySet<number> | null): Freed {
  const below = heap.dominated.below(node);
  const marks = new Uint8Array(heap.graph.nodeCount);
  for (const one of below) marks[one] = INSIDE;
  if (cut !== null) markKept(heap, node, cut, { marks, stack: new Uint32Array(below.length) });
  const rows: (Freed['classes'][number] | undefined)[] = [];
  const freed: Freed = { count: 0, bytes: 0, classes: [] };
  for (const one of below) {
    if (marks[one] === KEPT) continue;
    const size = heap.shallowBytesOf(one);
    const index = heap.classes.of(one);
    const row = (rows[index] ??= { className: heap.classes.name(index), count: 0, bytes: 0 });
    row.count++;
    row.bytes += size;
    freed.count++;
    freed.bytes += size;
  }
  freed.classes = rows.filter((row) => row !== undefined).toSorted((a, b) => b.bytes - a.bytes);
  return freed;
}

/** Marks what the remaining references of a node reach of what it dominates. */
function markKept(
  { graph, retaining }: Heap,
  node: number,
  cut: ReadonlySet<number>,
  { marks, stack }: { marks: Uint8Array; stack: Uint32Array },
): void {
  const { firstEdge, edgeTo } = graph;
  let depth = 0;
  const follow = (edge: number): void => {
    const to = edgeTo[edge]!;
    if (marks[to] !== INSIDE || !retaining.has(edge)) return;
    marks[to] = KEPT;
    stack[depth++] = to;
  };
  for (let edge = graph.edgeStart(node); edge < graph.edgeEnd(node); edge++) if (!cut.has(edge)) follow(edge);
  while (depth > 0) {
    const from = stack[--depth]!;
    const end = firstEdge[from + 1]!;
    for (let edge = firstEdge[from]!; edge < end; edge++) follow(edge);
  }
}
