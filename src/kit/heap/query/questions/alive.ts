import { ownerPath } from '../../path/owner-path.js';
import { counted, formatCount } from '../../print/format.js';
import type { Heap } from '../../heap.js';
import { column } from '../answer.js';
import { pageOf } from '../pages.js';
import type { Question } from '../question.js';

/** Objects whose paths are searched: of a share of 5 %, ten are seen, and a million objects take no longer. */
const MOST_FOLLOWED = 200;
/** Multiples of the golden ratio fill an interval evenly without a period. */
const GOLDEN = 0.618_033_988_749_895;
/** The key of one entry, as a path has it: `["user-7"]`, `[12]` or `[entry 12]`. */
const KEY = /\[(?:"(?:[^"\\]|\\.)*"|(?:entry )?\d+)\]/g;

interface Owner {
  owner: string;
  count: number;
  /** One of its objects, to ask about. */
  id: number;
}

interface Alive {
  total: number;
  followed: number;
  owners: Owner[];
}

export const alive: Question = {
  name: 'alive',
  purpose: 'why the objects of a constructor are alive: what retains them, by path',
  takes: [{ name: 'constructor', kind: 'text', required: true, why: 'its exact name, such as User' }],
  ask(session, given, page) {
    const { heap } = session;
    const name = given['constructor'] ?? '';
    const { total, followed, owners } = session.once(`alive ${name}`, () => follow(heap, name));
    const notes = [
      ...(followed < total
        ? [`${formatCount(followed)} of them were followed, all over the heap: the counts are of those.`]
        : []),
      ...(total === 0
        ? [
            'A constructor has to be named exactly: search regexp NAME finds similar names, histogram lists all.',
          ]
        : ['For one of them step by step: path @ID.']),
    ];
    return pageOf(
      {
        question: 'alive',
        title: `${counted(total, 'object')} of ${JSON.stringify(name)}, by what retains them`,
        columns: [
          column('count', 'count'),
          column('id', 'id', 'one of them'),
          column('owner', 'text', 'path'),
        ],
        notes,
      },
      owners,
      page,
      (one) => ({ ...one }),
    );
  },
};

function follow(heap: Heap, name: string): Alive {
  const nodes = instancesOf(heap, name);
  const followed = sampleOf(nodes);
  const owners = new Map<string, Owner>();
  for (const node of followed) {
    const owner =
      ownerPath(heap, node)?.text.replaceAll(KEY, '[…]') ?? 'nothing: it is garbage, or weakly held';
    const known = owners.get(owner);
    if (known) known.count++;
    else owners.set(owner, { owner, count: 1, id: heap.graph.idOf(node) });
  }
  return {
    total: nodes.length,
    followed: followed.length,
    owners: [...owners.values()].toSorted((a, b) => b.count - a.count),
  };
}

/** Some of all, spread over the heap but not at equal distances: what a program makes in turns would be seen unequally. */
function sampleOf(nodes: readonly number[]): readonly number[] {
  if (nodes.length <= MOST_FOLLOWED) return nodes;
  const step = nodes.length / MOST_FOLLOWED;
  return Array.from(
    { length: MOST_FOLLOWED },
    (_, at) => nodes[Math.floor((at + ((at * GOLDEN) % 1)) * step)] ?? 0,
  );
}

/** The objects of a class; without one, the functions of that name. */
function instancesOf({ graph }: Heap, name: string): number[] {
  const wanted = graph.strings.indexOf(name);
  const ofType = (type: 'object' | 'closure'): number[] => {
    const found: number[] = [];
    const kind = graph.nodeType(type);
    for (let node = 0; node < graph.nodeCount; node++)
      if (graph.names[node] === wanted && graph.types[node] === kind) found.push(node);
    return found;
  };
  const objects = ofType('object');
  return objects.length > 0 ? objects : ofType('closure');
}
