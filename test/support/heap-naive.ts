import { HeapBuilder } from './heap-builder.js';

/**
 * Sizes by their definitions, without regard to speed: a node retains what cannot be reached without it.
 */
export function naiveAnswers(heap: HeapBuilder): { shallow: number[]; retained: number[] } {
  const count = heap.nodes.length;
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
    }).map(({ to }) => to),
  );
  const retained = new Set(retaining.flat());
  const roots = [0, ...all.filter((node) => !retained.has(node))];
  const reachable = reach(roots, (node) => retaining[node]!);
  const shallow = naiveShallow(heap);
  const total = all.reduce((sum, node) => sum + shallow[node]!, 0);
  const sizes = all.map((node) => {
    if (node === 0) return total;
    // The root dominates each member of a cycle that nothing retains.
    if (!reachable.has(node)) return shallow[node]!;
    const without = reach(
      roots.filter((root) => root !== node),
      (from) => retaining[from]!.filter((to) => to !== node),
    );
    return [...reachable].reduce((sum, other) => (without.has(other) ? sum : sum + shallow[other]!), 0);
  });
  return { shallow, retained: sizes.slice(0, count) };
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
