import { EdgeType, HeapBuilder, NodeType } from './heap-builder.js';
import { seeded } from './heap-random.js';

const TYPES: NodeType[] = ['object', 'object', 'object', 'array', 'hidden', 'closure', 'synthetic', 'code'];
const EDGES: EdgeType[] = [
  'property',
  'property',
  'element',
  'internal',
  'hidden',
  'context',
  'weak',
  'shortcut',
];

/** A heap of up to twenty nodes with every kind of edge, WeakMap entries, cycles and unreachable nodes. */
export function randomHeap(seed: number): HeapBuilder {
  const below = seeded(seed);
  const heap = new HeapBuilder();
  const count = 3 + below(18);
  if (below(5) > 0) heap.userRoot();
  while (heap.nodes.length < count)
    heap.node(TYPES[below(TYPES.length)]!, `N${heap.nodes.length}`, below(100));
  const edges = below(count * 3);
  for (let n = 0; n < edges; n++) {
    const from = below(4) === 0 ? 0 : below(count);
    const type = EDGES[below(EDGES.length)]!;
    const name = type === 'element' || type === 'hidden' ? n : `e${n}`;
    heap.edge(from, type, name, below(count));
  }
  for (let n = below(3); n > 0; n--) heap.ephemeron(below(count), below(count), below(count), n);
  return heap;
}
