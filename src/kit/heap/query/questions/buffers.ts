import { labelOf } from '../../answers/node-facts.js';
import { counted, formatBytes } from '../../print/format.js';
import { column } from '../answer.js';
import { LargestNodes } from '../pages.js';
import type { Question } from '../question.js';
import { nameOf } from '../object-name.js';

/** V8's node for the bytes of an ArrayBuffer. */
const BYTES = 'system / JSArrayBufferData';

export const buffers: Question = {
  name: 'buffers',
  purpose: 'the largest Buffers and ArrayBuffers, with the views that keep them alive',
  takes: [],
  ask({ heap }, _given, page) {
    const { graph } = heap;
    const name = graph.strings.indexOf(BYTES);
    const found = new LargestNodes(page, (node) => graph.selfBytesOf(node));
    let bytes = 0;
    for (let node = 0; node < graph.nodeCount; node++) {
      if (graph.names[node] !== name) continue;
      found.add(node);
      bytes += graph.selfBytesOf(node);
    }
    return found.answer(
      {
        question: 'buffers',
        title: `${counted(found.total, 'buffer')}, ${formatBytes(bytes)}`,
        columns: [
          column('bytes', 'bytes'),
          column('views', 'count'),
          column('id', 'id'),
          column('what', 'text'),
          column('owner', 'text'),
        ],
        notes: ['A small view keeps the whole buffer alive. Buffer.from(view) copies.'],
      },
      (node) => {
        const buffer = heap.retainersOf(node)[0] ?? node;
        const views = [...heap.retainersOf(buffer)].filter((from) => graph.typeOf(from) === 'object');
        return {
          bytes: graph.selfBytesOf(node),
          views: views.length,
          id: graph.idOf(buffer),
          what: labelOf(heap, buffer),
          owner: nameOf(heap, buffer),
        };
      },
    );
  },
};
