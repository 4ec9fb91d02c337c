import { labelOf } from '../../answers/node-facts.js';
import { formatBytes } from '../../print/format.js';
import { column, OBJECT_COLUMNS } from '../answer.js';
import { LargestNodes, objectRow } from '../pages.js';
import { nodeGiven, type Question } from '../question.js';

export const dominators: Question = {
  name: 'dominators',
  purpose: 'what an object keeps alive alone, one level of the dominator tree; without an id, of the roots',
  takes: [{ name: 'id', kind: 'id', why: 'the object (default: the root)' }],
  ask(session, given, page) {
    const { heap } = session;
    const node = given['id'] === undefined ? heap.graph.root : nodeGiven(session, given);
    const found = new LargestNodes(page, (child) => heap.retainedBytesOf(child));
    for (const child of heap.dominated.children(node)) found.add(child);
    const total = Math.max(1, heap.totalBytes);
    return found.answer(
      {
        question: 'dominators',
        title: `${labelOf(heap, node)} @${heap.graph.idOf(node)} retains ${formatBytes(heap.retainedBytesOf(node))}, ${formatBytes(heap.shallowBytesOf(node))} of it itself`,
        columns: [column('share', 'share'), ...OBJECT_COLUMNS],
        notes: ['The retained sizes of one level do not overlap.'],
      },
      (child) => ({ share: heap.retainedBytesOf(child) / total, ...objectRow(heap, child) }),
    );
  },
};
