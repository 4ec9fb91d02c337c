import type { Heap } from '../../heap.js';
import { column, OBJECT_COLUMNS } from '../answer.js';
import { LargestNodes, objectRow } from '../pages.js';
import { choiceGiven, QueryError, type Question } from '../question.js';
import { nameOf } from '../object-name.js';
import { counted } from '../../print/format.js';

const WHERE = ['constructor', 'property', 'string', 'regexp', 'value'] as const;

export const search: Question = {
  name: 'search',
  purpose: 'objects by constructor, by a property that they have, or by the text of a string or number',
  takes: [
    {
      name: 'where',
      kind: 'choice',
      choices: WHERE,
      required: true,
      why: 'constructor: its exact name; property: objects that have it; string: strings that contain the text; regexp: strings that match; value: a string or number that is the text',
    },
    { name: 'text', kind: 'text', required: true, why: 'what to look for' },
  ],
  ask(session, given, page) {
    const { heap } = session;
    const where = choiceGiven(given, 'where', WHERE);
    const text = given['text'] ?? '';
    const matches = session.once(`search ${where} ${text}`, () => matcher(heap, where, text));
    const found = new LargestNodes(page, (node) => heap.retainedBytesOf(node));
    for (let node = 0; node < heap.graph.nodeCount; node++) if (matches(node)) found.add(node);
    return found.answer(
      {
        question: 'search',
        title: `${counted(found.total, 'object matches', 'objects match')} ${where} ${JSON.stringify(text)}, the largest retained size first`,
        columns: [...OBJECT_COLUMNS, column('owner', 'text')],
        notes:
          where === 'string' || where === 'regexp'
            ? ['V8 writes the first 1,024 characters of a string: what comes later is not found.']
            : [],
      },
      (node) => ({ ...objectRow(heap, node), owner: nameOf(heap, node) }),
    );
  },
};

function matcher(heap: Heap, where: (typeof WHERE)[number], text: string): (node: number) => boolean {
  const { graph } = heap;
  switch (where) {
    case 'constructor': {
      const name = graph.strings.indexOf(text);
      const object = graph.nodeType('object');
      return (node) => graph.types[node] === object && graph.names[node] === name;
    }
    case 'property':
      return hasProperty(heap, text);
    case 'string':
      return named(heap, graph.strings.containing(text));
    case 'regexp': {
      const pattern = regexpOf(text);
      return named(
        heap,
        graph.strings.matching((value) => pattern.test(value)),
      );
    }
    case 'value': {
      const same = graph.strings.matching((value) => value === text);
      const number = graph.nodeType('number');
      const isText = named(heap, same);
      return (node) => isText(node) || (graph.types[node] === number && same[graph.names[node] ?? 0] === 1);
    }
  }
}

function hasProperty({ graph }: Heap, text: string): (node: number) => boolean {
  const name = graph.strings.indexOf(text);
  const property = graph.edgeType('property');
  return (node) => {
    for (let edge = graph.edgeStart(node); edge < graph.edgeEnd(node); edge++) {
      if (graph.edgeKinds[edge] === property && graph.edgeNames[edge] === name) return true;
    }
    return false;
  };
}

function named({ graph }: Heap, wanted: Uint8Array): (node: number) => boolean {
  const isString = graph.nodeTypes.map((type) => type === 'string');
  return (node) => isString[graph.types[node] ?? 0] === true && wanted[graph.names[node] ?? 0] === 1;
}

function regexpOf(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (cause) {
    throw new QueryError(
      `${JSON.stringify(text)} is not a regular expression: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}
