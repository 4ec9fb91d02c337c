import { type AccumulationPoint, accumulationPoints } from '../../answers/accumulation.js';
import { labelOf } from '../../answers/node-facts.js';
import { Top } from '../../answers/top.js';
import type { Heap } from '../../heap.js';
import { formatBytes, formatCount } from '../../print/format.js';
import { column, type Row } from '../answer.js';
import { pageOf } from '../pages.js';
import type { Question } from '../question.js';
import { nameOf } from '../object-name.js';

const SMALLEST_SHARE = 0.01;
const MOST = 50;

/** The largest things first, by the name that the program has for them. */
export const summary: Question = {
  name: 'summary',
  purpose: 'the size of the heap, and where memory has accumulated',
  takes: [],
  ask(session, _given, page) {
    const { heap } = session;
    const rows = session.once('summary', () => largest(heap));
    const { nodeCount, edgeCount } = heap.graph;
    return pageOf(
      {
        question: 'summary',
        title: `${formatBytes(heap.totalBytes)} in ${formatCount(nodeCount)} objects with ${formatCount(edgeCount)} references`,
        columns: [
          column('retainedBytes', 'bytes', 'retained'),
          column('share', 'share'),
          column('id', 'id'),
          column('owner', 'text'),
          column('what', 'text'),
        ],
        notes: ['Ask "path @ID" for the retaining path of an object, "dominators @ID" for what it retains.'],
      },
      rows,
      page,
      (row) => row,
    );
  },
};

function largest(heap: Heap): Row[] {
  const points = accumulations(heap);
  const known = new Set(points.map(({ id }) => id));
  return [...points, ...dominating(heap).filter(({ id }) => !known.has(id))];
}

/** Where many small objects hang together below one object, with its name. */
function accumulations(heap: Heap): Row[] {
  return accumulationPoints(heap, { minShare: SMALLEST_SHARE, limit: MOST }).map((point) => ({
    retainedBytes: point.accumulatedBytes,
    share: point.share,
    id: point.id,
    owner: nameOf(heap, point.kind === 'siblings' ? (point.members[0] ?? point.node) : point.node),
    what: composed(point),
  }));
}

function composed({ composition, className }: AccumulationPoint): string {
  const parts = composition.slice(0, 2).map((part) => `${formatCount(part.count)} × ${part.className}`);
  return parts.join(', ') || className;
}

/** Single large objects that no owner of the program dominates, such as a buffer of a package written in C++. */
function dominating(heap: Heap): Row[] {
  const { graph, dominated } = heap;
  const total = Math.max(1, heap.totalBytes);
  const top = new Top<number>(MOST, (node) => heap.retainedBytesOf(node));
  const leaves: number[] = [];
  for (const node of dominated.children(graph.root)) {
    if (graph.typeOf(node) === 'synthetic') leaves.push(...dominated.children(node));
    else leaves.push(node);
  }
  for (const node of leaves) {
    if (
      heap.retainedBytesOf(node) >= SMALLEST_SHARE * total &&
      heap.shallowBytesOf(node) > heap.retainedBytesOf(node) / 2
    )
      top.add(node);
  }
  return top.sorted().map((node) => ({
    retainedBytes: heap.retainedBytesOf(node),
    share: heap.retainedBytesOf(node) / total,
    id: graph.idOf(node),
    owner: nameOf(heap, node),
    what: labelOf(heap, node),
  }));
}
