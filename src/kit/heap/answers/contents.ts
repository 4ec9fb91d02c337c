import { Heap } from '../heap.js';
import { propertyText } from '../path/describe.js';
import { isScopeName } from '../path/scopes.js';
import { classOf } from './node-facts.js';

/** One step into the entries of a container, from an entry to the largest part of what it retains. */
export interface ContentStep {
  /** `.lines`, `.notify()`, `view`, `[…]`; '' for the entry itself. */
  via: string;
  /** The class of what is there; null for a function. */
  className: string | null;
  /** How many of these one entry has, on average. */
  perEntry: number;
  /** What they retain of one entry, on average, in bytes. */
  bytesPerEntry: number;
}

const MOST_STEPS = 6;
/** A part that is smaller is not what makes the entries large. */
const LARGE_PART = 0.5;
/** A level with more nodes is not entered: where its bytes are would take too long to sum. */
const MOST_NODES = 20_000;
/** Nodes of V8 between an object and what the program calls its contents. */
const INSIDE_V8 = new Set(['array', 'hidden', 'object shape', 'synthetic']);

/**
 * What is inside of entries: from them down the dominator tree, as long as one property, variable or class has at least
 * half of their bytes. So it shows that a small object retains a view by a function, and the view retains its lines.
 *
 * @param members some of the entries, evenly spaced
 */
export function contentsOf(heap: Heap, members: readonly number[]): ContentStep[] {
  let level = largestOf(
    heap,
    members.flatMap((member) => (isInsideV8(heap, member) ? childrenOf(heap, member) : [[member, '']])),
  );
  const steps: ContentStep[] = [];
  const { nodes: entries, bytes } = level ?? { nodes: [], bytes: 0 };
  while (level !== null && steps.length < MOST_STEPS && level.bytes >= LARGE_PART * bytes) {
    steps.push(stepOf(level, entries.length));
    if (level.className === 'string' || level.nodes.length > MOST_NODES) break;
    level = largestOf(
      heap,
      level.nodes.flatMap((node) => childrenOf(heap, node)),
    );
  }
  return steps;
}

type Child = [node: number, via: string];

interface Part {
  via: string;
  className: string | null;
  nodes: number[];
  bytes: number;
}

function stepOf({ via, className, nodes, bytes }: Part, entries: number): ContentStep {
  return { via, className, perEntry: nodes.length / entries, bytesPerEntry: bytes / entries };
}

/** Of some nodes and their names, those of one name and class that retain most. */
function largestOf(heap: Heap, named: readonly Child[]): Part | null {
  const parts = new Map<string, Part>();
  for (const [child, via] of named) {
    const one = partOf(heap, child, via);
    const key = `${one.via} ${one.className}`;
    const part = parts.get(key) ?? one;
    part.nodes.push(child);
    part.bytes += heap.retainedBytesOf(child);
    parts.set(key, part);
  }
  return [...parts.values()].toSorted((a, b) => b.bytes - a.bytes)[0] ?? null;
}

function partOf(heap: Heap, node: number, via: string): Part {
  const { graph } = heap;
  const isFunction = graph.typeOf(node) === 'closure';
  const name = isFunction ? graph.nameOf(node) : '';
  const text = isFunction ? `${via === '' || via === '[…]' ? name || 'a function' : via}()` : via;
  return { via: text, className: isFunction ? null : classOf(heap, node), nodes: [], bytes: 0 };
}

/** What a node dominates, with its name there. Tables of V8 and scopes are entered: the program does not know them. */
function childrenOf(heap: Heap, node: number): Child[] {
  const { graph } = heap;
  const children: Child[] = [];
  const pending: { at: number; via: string }[] = [{ at: node, via: '' }];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    const names = namesBelow(heap, one.at);
    for (const child of heap.dominated.children(one.at)) {
      const via = names.get(child) ?? one.via;
      if (isInsideV8(heap, child)) pending.push({ at: child, via });
      else if (graph.typeOf(child) !== 'code') children.push([child, via]);
      if (children.length + pending.length > MOST_NODES) return children;
    }
  }
  return children;
}

function isInsideV8({ graph }: Heap, node: number): boolean {
  return INSIDE_V8.has(graph.typeOf(node)) || isScopeName(graph.nameOf(node));
}

/** The names of a node's properties, variables and elements, by what they lead to. */
function namesBelow(heap: Heap, node: number): Map<number, string> {
  const { graph } = heap;
  const names = new Map<number, string>();
  for (let edge = graph.edgeStart(node); edge < graph.edgeEnd(node); edge++) {
    const type = graph.edgeTypeOf(edge);
    const to = graph.targetOf(edge);
    if (type === 'property') names.set(to, propertyText(heap, edge, node));
    else if (type === 'context') names.set(to, graph.edgeName(edge));
    else if (names.has(to)) continue;
    else if (
      type === 'element' ||
      (type === 'internal' && graph.strings.numberAt(graph.nameNumberOf(edge)) >= 0)
    )
      names.set(to, '[…]');
  }
  return names;
}
