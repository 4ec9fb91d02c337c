import { labelOf } from '../../answers/node-facts.js';
import { Bits } from '../../graph/bits.js';
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
    const edges = edgesOf(heap, node, given['property']);
    const freed = freedWithout(heap, node, new Set(edges));
    const rows = [...freed.classes.entries()].toSorted(([, a], [, b]) => b.bytes - a.bytes);
    const what = given['property'] === undefined ? 'its references' : JSON.stringify(given['property']);
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
      rows,
      page,
      ([className, { count, bytes }]) => ({ count, bytes, className }),
    );
  },
};

function edgesOf(heap: Heap, node: number, name: string | undefined): number[] {
  const { graph, retaining } = heap;
  const all = Array.from(
    { length: graph.edgeEnd(node) - graph.edgeStart(node) },
    (_, at) => graph.edgeStart(node) + at,
  );
  const retains = all.filter((edge) => retaining.has(edge));
  if (name === undefined) return retains;
  const named = retains.filter((edge) => graph.edgeName(edge) === name);
  if (named.length > 0) return named;
  throw new QueryError(
    `${labelOf(heap, node)} @${graph.idOf(node)} has no reference named ${JSON.stringify(name)}; ask "object @${graph.idOf(node)}" for those it has`,
  );
}

interface Freed {
  count: number;
  bytes: number;
  classes: Map<string, { count: number; bytes: number }>;
}

/**
 * Every path from a root to what a node dominates leads through the node. What its remaining references do not reach
 * within that part of the heap would therefore be freed, and nothing outside of it.
 */
function freedWithout(heap: Heap, node: number, edges: ReadonlySet<number>): Freed {
  const { graph, retaining, classes } = heap;
  const below = dominatedBy(heap, node);
  const inside = new Bits(graph.nodeCount);
  for (const one of below) inside.add(one);
  const kept = new Bits(graph.nodeCount);
  const pending = [node];
  for (let from = pending.pop(); from !== undefined; from = pending.pop()) {
    for (let edge = graph.edgeStart(from); edge < graph.edgeEnd(from); edge++) {
      const to = graph.targetOf(edge);
      if (!retaining.has(edge) || edges.has(edge) || !inside.has(to) || kept.has(to)) continue;
      kept.add(to);
      pending.push(to);
    }
  }
  const freed: Freed = { count: 0, bytes: 0, classes: new Map() };
  for (const one of below) {
    if (kept.has(one)) continue;
    const bytes = heap.shallowBytesOf(one);
    const className = classes.name(classes.of(one));
    const row = freed.classes.get(className) ?? { count: 0, bytes: 0 };
    freed.classes.set(className, { count: row.count + 1, bytes: row.bytes + bytes });
    freed.count++;
    freed.bytes += bytes;
  }
  return freed;
}

/** All that a node dominates, without the node. */
function dominatedBy({ dominated }: Heap, node: number): number[] {
  const found: number[] = [];
  const pending = [node];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const child of dominated.children(at)) {
      found.push(child);
      pending.push(child);
    }
  }
  return found;
}
