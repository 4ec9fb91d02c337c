import type { Heap } from '../../heap.js';
import { isScope } from '../../path/scopes.js';
import { column } from '../answer.js';
import { functionText } from '../functions.js';
import { LargestNodes } from '../pages.js';
import type { Question } from '../question.js';
import { counted } from '../../print/format.js';

const VARIABLES_SHOWN = 4;

export const closures: Question = {
  name: 'closures',
  purpose: 'the scopes that closures keep alive, with their variables, the largest first',
  takes: [],
  ask({ heap }, _given, page) {
    const { graph } = heap;
    const found = new LargestNodes(page, (node) => heap.retainedBytesOf(node));
    const object = graph.nodeType('object');
    for (let node = 0; node < graph.nodeCount; node++) {
      if (graph.types[node] === object && isScope(heap, node)) found.add(node);
    }
    return found.answer(
      {
        question: 'closures',
        title: `${counted(found.total, 'scope')}, the largest retained size first`,
        columns: [
          column('retainedBytes', 'bytes', 'retained'),
          column('id', 'id'),
          column('closures', 'count'),
          column('function', 'text', 'a closure of it'),
          column('variables', 'text'),
        ],
        notes: [
          'All closures of one scope keep all of its variables alive, also those that only another one uses.',
        ],
      },
      (scope) => {
        const functions = closuresOf(heap, scope);
        const [first] = functions;
        return {
          retainedBytes: heap.retainedBytesOf(scope),
          id: graph.idOf(scope),
          closures: functions.length,
          function: first === undefined ? '' : functionText(heap, first),
          variables: variablesOf(heap, scope),
        };
      },
    );
  },
};

function closuresOf(heap: Heap, scope: number): number[] {
  const { graph } = heap;
  return [...heap.retainersOf(scope)].filter(
    (from) => graph.typeOf(from) === 'closure' && graph.follow(from, 'internal', 'context') === scope,
  );
}

/** The variables that retain most, with their sizes in bytes. */
function variablesOf(heap: Heap, scope: number): string {
  const { graph } = heap;
  const variables: { name: string; bytes: number }[] = [];
  for (let edge = graph.edgeStart(scope); edge < graph.edgeEnd(scope); edge++) {
    if (graph.edgeTypeOf(edge) !== 'context') continue;
    variables.push({ name: graph.edgeName(edge), bytes: heap.retainedBytesOf(graph.targetOf(edge)) });
  }
  const sorted = variables.toSorted((a, b) => b.bytes - a.bytes);
  const more = sorted.length - VARIABLES_SHOWN;
  const shown = sorted.slice(0, VARIABLES_SHOWN).map(({ name }) => name);
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
