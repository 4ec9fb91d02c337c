import { labelOf } from '../../answers/node-facts.js';
import { stringPins } from '../../answers/string-pins.js';
import type { Heap } from '../../heap.js';
import { counted, formatBytes } from '../../print/format.js';
import { column, OBJECT_COLUMNS } from '../answer.js';
import { LargestNodes, objectRow, pageOf } from '../pages.js';
import type { Question } from '../question.js';
import { nameOf } from '../object-name.js';

/** V8 writes so many characters of a string at most, so that longer ones may differ after them. */
const WRITTEN_CHARACTERS = 1024;

export const duplicates: Question = {
  name: 'duplicates',
  purpose: 'equal strings that exist more than once, and what the copies cost',
  takes: [],
  ask(session, _given, page) {
    const { heap } = session;
    const { first, copies, texts, wastedBytes } = session.once('duplicates', () => repeated(heap));
    return pageOf(
      {
        question: 'duplicates',
        title: `${counted(texts.length, 'text exists', 'texts exist')} more than once; the copies take ${formatBytes(wastedBytes)}`,
        columns: [
          column('count', 'count', 'copies'),
          column('wastedBytes', 'bytes', 'cost'),
          column('id', 'id', 'one of them'),
          column('what', 'text'),
          column('owner', 'text', 'owner of that one'),
        ],
        notes: [
          `V8 writes ${WRITTEN_CHARACTERS} characters of a string: longer ones count as equal if these and their sizes are.`,
        ],
      },
      texts,
      page,
      (name) => {
        const node = first[name]!;
        return {
          count: copies[name]! + 1,
          wastedBytes: copies[name]! * heap.graph.selfBytesOf(node),
          id: heap.graph.idOf(node),
          what: labelOf(heap, node),
          owner: nameOf(heap, node),
        };
      },
    );
  },
};

interface Repeated {
  /** By the number of a text: one node that has it, and how many more there are. */
  first: Uint32Array;
  copies: Uint32Array;
  /** The numbers of the texts that exist more than once, the most expensive first. */
  texts: Uint32Array;
  wastedBytes: number;
}

/** A snapshot has each text once, so that equal strings have the same name number: no text has to be read. */
function repeated({ graph }: Heap): Repeated {
  const string = graph.nodeType('string');
  const first = new Uint32Array(graph.strings.count);
  const copies = new Uint32Array(graph.strings.count);
  const repeatedTexts: number[] = [];
  let wastedBytes = 0;
  for (let node = 1; node < graph.nodeCount; node++) {
    if (graph.types[node] !== string) continue;
    const name = graph.names[node]!;
    const earlier = first[name]!;
    if (earlier === 0) first[name] = node;
    // Texts that were cut may differ after the cut. Then their sizes differ too, nearly always.
    else if (graph.selfSizes[earlier] === graph.selfSizes[node]) {
      if (copies[name]!++ === 0) repeatedTexts.push(name);
      wastedBytes += graph.selfSizes[node]!;
    }
  }
  const cost = (name: number): number => copies[name]! * graph.selfSizes[first[name]!]!;
  const texts = Uint32Array.from(repeatedTexts).toSorted((a, b) => cost(b) - cost(a));
  return { first, copies, texts, wastedBytes };
}

export const strings: Question = {
  name: 'strings',
  purpose: 'the largest strings',
  takes: [],
  ask({ heap }, _given, page) {
    const { graph } = heap;
    const isString = graph.nodeTypes.map((type) => type.endsWith('string'));
    const found = new LargestNodes(page, (node) => heap.retainedBytesOf(node));
    for (let node = 0; node < graph.nodeCount; node++) if (isString[graph.types[node] ?? 0]) found.add(node);
    return found.answer(
      {
        question: 'strings',
        title: `${counted(found.total, 'string')}, the largest retained size first`,
        columns: [...OBJECT_COLUMNS, column('owner', 'text')],
        notes: ['Ask "pins" for small pieces that keep large strings alive.'],
      },
      (node) => ({ ...objectRow(heap, node), owner: nameOf(heap, node) }),
    );
  },
};

export const pins: Question = {
  name: 'pins',
  purpose:
    'large strings that only a slice of them keeps alive, and concatenations that were never flattened',
  takes: [],
  ask(session, _given, page) {
    const { heap } = session;
    const found = stringPins(heap, { limit: page.offset + page.limit });
    return {
      ...pageOf(
        {
          question: 'pins',
          title: `${counted(found.slicedCount, 'string is', 'strings are')} kept alive by slices only: ${formatBytes(found.slicedBytes)}`,
          columns: [
            column('pinnedBytes', 'bytes', 'pinned'),
            column('pieces', 'count'),
            column('how', 'text'),
            column('id', 'id'),
            column('what', 'text'),
          ],
          notes: ['A copy such as Buffer.from(piece).toString() lets the large string go.'],
        },
        found.largest,
        page,
        ({ pinnedBytes, pieces, kind, id, className }) => ({
          pinnedBytes,
          pieces,
          how: kind,
          id,
          what: className,
        }),
      ),
    };
  },
};
