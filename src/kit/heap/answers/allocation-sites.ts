import type { Heap } from '../heap.js';
import { isNodeFile, isOwnFile, shortFile } from '../path/script-name.js';
import { formatCount } from '../print/format.js';
import type { AllocationTraces } from '../read/allocation-traces.js';
import { sizesOf } from './group-sizes.js';
import { Top } from './top.js';

/** A function in a call stack. V8 gives the line where it begins, from 1; 0 where it gives none. */
export interface Frame {
  name: string;
  /** As V8 gives it; '' for V8 itself. */
  script: string;
  line: number;
}

export interface AllocationSite {
  /** `onMessage app.js:12` */
  where: string;
  /** Live objects, and their own bytes: each object has one site. */
  count: number;
  liveBytes: number;
  /** What a collection would free without them. */
  retainedBytes: number;
  /** Allocations since tracking began, also of what was collected. */
  made: number;
  /** The one with the largest retained size, of those that the program knows. */
  id: number;
  /** `1,000 × Session, 1,000 × Array` */
  what: string;
}

const CLASSES_SHOWN = 2;
/** What V8 allocates for itself is counted, but named only where there is nothing else. */
const INSIDE_V8 = new Set(['(array)', '(system)', '(compiled code)', '(object shape)']);
const MUCH = 2 ** 50;

/** The stack that allocated a node, the innermost function first; empty where none was recorded. */
export function allocationStack(heap: Heap, node: number): Frame[] {
  const { traces } = heap.graph;
  const frames: Frame[] = [];
  if (traces === null) return frames;
  for (let stack = traces.stackOf(node); stack !== 0; stack = traces.callerOf(stack)) {
    const frame = frameOf(heap, traces, stack);
    if (!isRoot(frame)) frames.push(frame);
  }
  return frames;
}

/** What a program allocates. */
const OF_PROGRAM = new Set(['object', 'closure', 'string', 'concatenated string', 'array']);
/** The first stacks may be at older objects, where V8 has mixed addresses up. */
const FIRST_STACKS = 0.02;

/**
 * The share of the live objects since tracking began that have a stack. V8's ids ascend, so those after the first traced
 * one are meant. It is 1 on Node 20 and 26; V8 of Node 22 and 24 loses stacks when it moves objects.
 */
export function shareWithStack({ graph }: Heap): number {
  const { traces } = graph;
  if (traces === null) return 0;
  const counted = graph.nodeTypes.map((type) => OF_PROGRAM.has(type));
  const ids: number[] = [];
  for (let node = 0; node < graph.nodeCount; node++)
    if (traces.stackOf(node) !== 0) ids.push(graph.idOf(node));
  const first = ids.toSorted((a, b) => a - b)[Math.floor(FIRST_STACKS * ids.length)];
  if (first === undefined) return 0;
  let [all, known] = [0, 0];
  for (let node = 0; node < graph.nodeCount; node++) {
    const id = graph.idOf(node);
    // Even ids are those of native memory.
    if (id < first || id % 2 === 0 || !counted[graph.types[node]!]) continue;
    all++;
    if (traces.stackOf(node) !== 0) known++;
  }
  return all === 0 ? 0 : known / all;
}

export function frameText({ name, script, line }: Frame): string {
  const place = script === '' ? '' : ` ${shortFile(script)}${line === 0 ? '' : `:${line}`}`;
  return `${name || '(anonymous)'}${place}`;
}

/**
 * Live objects by the function that allocated them.
 *
 * @param by `function`: the one that allocated; `program`: the innermost of the program's own files that it was called
 *   from, so that what packages and Node allocate is counted where the program asked for it
 */
export function allocationSites(heap: Heap, by: 'function' | 'program'): AllocationSite[] {
  const { graph, classes } = heap;
  const { traces } = graph;
  if (traces === null) return [];
  const { names, groupOf } = groupsOf(heap, traces, by);
  const of = (node: number): number => groupOf[traces.stackOf(node)]!;
  const { counts, retained } = sizesOf(heap, { count: names.length, of });
  const bytes = new Float64Array(names.length);
  const made = new Float64Array(names.length);
  const largest = new Map<number, number>();
  const composition = names.map(() => new Map<number, number>());
  const rank = (node: number): number =>
    heap.retainedBytesOf(node) - (INSIDE_V8.has(classes.name(classes.of(node))) ? MUCH : 0);
  for (let stack = 1; stack <= traces.count; stack++)
    if (groupOf[stack]! >= 0) made[groupOf[stack]!]! += traces.madeBy(stack);
  for (let node = 0; node < graph.nodeCount; node++) {
    const group = of(node);
    if (group < 0) continue;
    bytes[group]! += graph.selfBytesOf(node);
    const known = largest.get(group);
    if (known === undefined || rank(node) > rank(known)) largest.set(group, node);
    const inGroup = composition[group]!;
    inGroup.set(classes.of(node), (inGroup.get(classes.of(node)) ?? 0) + 1);
  }
  return [...largest].map(([group, node]) => ({
    where: names[group]!,
    count: counts[group]!,
    liveBytes: bytes[group]!,
    retainedBytes: retained[group]!,
    made: made[group]!,
    id: graph.idOf(node),
    what: composed(heap, composition[group]!),
  }));
}

function composed({ classes }: Heap, counts: ReadonlyMap<number, number>): string {
  const top = new Top<[number, number]>(CLASSES_SHOWN, ([, count]) => count);
  const all = [...counts];
  const known = all.filter(([index]) => !INSIDE_V8.has(classes.name(index)));
  for (const one of known.length > 0 ? known : all) top.add(one);
  return top
    .sorted()
    .map(([index, count]) => `${formatCount(count)} × ${classes.name(index)}`)
    .join(', ');
}

/** The group of each stack, by the text of its site; -1 for no stack. */
function groupsOf(heap: Heap, traces: AllocationTraces, by: 'function' | 'program') {
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const groupOf = new Int32Array(traces.count + 1).fill(-1);
  for (let stack = 1; stack <= traces.count; stack++) {
    const frame = siteOf(heap, traces, stack, by);
    if (isRoot(frame)) continue;
    const text = frameText(frame);
    const known = numbers.get(text) ?? names.push(text) - 1;
    numbers.set(text, known);
    groupOf[stack] = known;
  }
  return { names, groupOf };
}

/** Where no function of the program is in the stack, that of a package tells more than that of Node. */
function siteOf(heap: Heap, traces: AllocationTraces, stack: number, by: 'function' | 'program'): Frame {
  const innermost = frameOf(heap, traces, stack);
  if (by === 'function') return innermost;
  let inPackage: Frame | null = null;
  for (let at = stack; at !== 0; at = traces.callerOf(at)) {
    const frame = frameOf(heap, traces, at);
    if (frame.script === '' || isNodeFile(frame.script)) continue;
    if (isOwnFile(frame.script)) return frame;
    inPackage ??= frame;
  }
  return inPackage ?? innermost;
}

function frameOf({ graph }: Heap, traces: AllocationTraces, stack: number): Frame {
  const { name, script, line } = traces.functions.of(traces.functionOf(stack));
  return { name: graph.strings.get(name), script: graph.strings.get(script), line };
}

/** V8's name for what calls the outermost function. */
const isRoot = ({ name, script }: Frame): boolean => name === '(root)' && script === '';
