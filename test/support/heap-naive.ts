import { HeapBuilder } from './heap-builder.js';

/** What retains what, by the definitions. */
interface NaiveGraph {
  shallow: number[];
  /** The retaining edges of each node. */
  retaining: { name: string | number; to: number }[][];
  /** The root, and the nodes that nothing retains. */
  roots: number[];
  reachable: Set<number>;
}

function naiveGraph(heap: HeapBuilder): NaiveGraph {
  const all = [...heap.nodes.keys()];
  const program = reach(
    heap.nodes[0]!.edges.filter(({ type }) => type === 'shortcut').map(({ to }) => to),
    (node) => heap.nodes[node]!.edges.filter(({ type }) => type !== 'weak').map(({ to }) => to),
  );
  const retaining = all.map((node) =>
    heap.nodes[node]!.edges.filter(({ type, name, to }) => {
      if (type === 'weak' || to === node) return false;
      if (node !== 0 && type === 'shortcut') return false;
      if (node !== 0 && program.has(to) && !program.has(node)) return false;
      return !(type === 'internal' && String(name).endsWith(`(table @${heap.id(node)})`));
    }),
  );
  const retained = new Set(retaining.flat().map(({ to }) => to));
  const roots = [0, ...all.filter((node) => !retained.has(node))];
  const reachable = reach(roots, (node) => retaining[node]!.map(({ to }) => to));
  return { shallow: naiveShallow(heap), retaining, roots, reachable };
}

/** The nodes that cannot be reached without a node. The root dominates each member of a cycle that nothing retains. */
function retainedBy({ retaining, roots, reachable }: NaiveGraph, node: number): number[] {
  if (!reachable.has(node)) return [node];
  const without = reach(
    roots.filter((root) => root !== node),
    (from) => retaining[from]!.map(({ to }) => to).filter((to) => to !== node),
  );
  return [...reachable].filter((other) => !without.has(other));
}

const sum = (nodes: Iterable<number>, sizes: number[]): number =>
  [...nodes].reduce((bytes, node) => bytes + sizes[node]!, 0);

/**
 * Sizes by their definitions, without regard to speed: a node retains what cannot be reached without it.
 */
export function naiveAnswers(heap: HeapBuilder): { shallow: number[]; retained: number[] } {
  const graph = naiveGraph(heap);
  const { shallow } = graph;
  const all = [...heap.nodes.keys()];
  const retained = all.map((node) => sum(node === 0 ? all : retainedBy(graph, node), shallow));
  return { shallow, retained };
}

/** What the nodes of a group retain, each node of it counted once. */
export function naiveRetained(heap: HeapBuilder, group: number[]): number {
  const graph = naiveGraph(heap);
  const all = [...heap.nodes.keys()];
  const union = new Set(group.flatMap((node) => (node === 0 ? all : retainedBy(graph, node))));
  return sum(union, graph.shallow);
}

/** What cannot be reached any more without the references of one name that a node has; null if it has none. */
export function naiveCut(heap: HeapBuilder, node: number, name: string | number): number | null {
  const { shallow, retaining, roots, reachable } = naiveGraph(heap);
  if (!reachable.has(node) || !retaining[node]!.some((edge) => edge.name === name)) return null;
  const left = reach(roots, (from) =>
    retaining[from]!.filter((edge) => from !== node || edge.name !== name).map(({ to }) => to),
  );
  return sum(
    [...reachable].filter((other) => !left.has(other)),
    shallow,
  );
}

/** Arrays and hidden nodes belong to the one node that reaches them through such nodes only. */
function naiveShallow(heap: HeapBuilder): number[] {
  const sizes = heap.nodes.map(({ size }) => size);
  if (!heap.nodes[0]!.edges.some(({ to }) => heap.nodes[to]!.type !== 'synthetic')) return sizes;
  const owned = (node: number) => ['array', 'hidden'].includes(heap.nodes[node]!.type);
  const owners = heap.nodes.map(() => new Set<number>());
  const strong = (node: number) =>
    heap.nodes[node]!.edges.filter(({ type, to }) => type !== 'weak' && owned(to)).map(({ to }) => to);
  for (const node of heap.nodes.keys()) {
    if (!owned(node)) for (const to of reach(strong(node), strong)) owners[to]!.add(node);
  }
  const shallow = [...sizes];
  for (const [node, its] of owners.entries()) {
    const [owner] = its;
    if (its.size !== 1 || owner === undefined || heap.nodes[owner]!.type === 'synthetic') continue;
    shallow[owner]! += sizes[node]!;
    shallow[node]! -= sizes[node]!;
  }
  return shallow;
}

function reach(from: number[], next: (node: number) => number[]): Set<number> {
  const seen = new Set(from);
  for (const node of seen) for (const to of next(node)) seen.add(to);
  return seen;
}
