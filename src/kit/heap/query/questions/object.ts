import { labelOf, type NodeFacts } from '../../answers/node-facts.js';
import { neighboursThroughStores, type Neighbour, references, retainers } from '../../answers/neighbours.js';
import type { Heap } from '../../heap.js';
import { formatBytes } from '../../print/format.js';
import { type Answer, column, OBJECT_COLUMNS, type Page, type Row } from '../answer.js';
import { choiceGiven, nodeGiven, type Question } from '../question.js';
import { nameOf } from '../object-name.js';

const LEVELS = ['program', 'engine'] as const;
const level = {
  name: 'level',
  kind: 'choice',
  choices: LEVELS,
  why: 'program: entries and properties as the program has them; engine: every edge of V8 (default program)',
} as const;

export const object = neighbourQuestion('references', {
  name: 'object',
  purpose: 'the fields and entries of an object, the largest first',
  what: 'what it refers to',
});

export const retaining = neighbourQuestion('retainers', {
  name: 'retainers',
  purpose: 'what refers to an object; edges that do not keep it alive come last',
  what: 'what refers to it',
});

function neighbourQuestion(
  direction: 'references' | 'retainers',
  { name, purpose, what }: { name: string; purpose: string; what: string },
): Question {
  const edges = direction === 'references' ? references : retainers;
  return {
    name,
    purpose,
    takes: [{ name: 'id', kind: 'id', required: true, why: 'the object' }, level],
    ask: (session, given, page) => {
      const { heap } = session;
      const node = nodeGiven(session, given);
      const limit = page.offset + page.limit;
      const { list, more } =
        choiceGiven(given, 'level', LEVELS) === 'engine'
          ? edges(heap, node, { limit })
          : neighboursThroughStores(heap, node, direction, { limit });
      return neighbours(heap, node, name, what, { list, more, page });
    },
  };
}

interface Listed {
  list: readonly Neighbour[];
  more: number;
  page: Page;
}

function neighbours(
  heap: Heap,
  node: number,
  question: string,
  what: string,
  { list, more, page }: Listed,
): Answer {
  return {
    question,
    title: `${labelOf(heap, node)} @${heap.graph.idOf(node)}, ${nameOf(heap, node)}, ${formatBytes(heap.retainedBytesOf(node))} retained: ${what}`,
    columns: [column('via', 'text', 'name'), column('retains', 'flag'), ...OBJECT_COLUMNS],
    rows: list.slice(page.offset).map((one) => neighbourRow(one)),
    total: list.length + more,
    offset: page.offset,
    notes: [],
  };
}

function neighbourRow({ via, edgeName, retains, ...facts }: Neighbour): Row {
  return { via: via === '' ? `{${edgeName}}` : via.trim(), retains, ...cells(facts) };
}

function cells({ id, shallowBytes, retainedBytes, type, className }: NodeFacts): Row {
  return { id, shallowBytes, retainedBytes, type, what: className };
}
