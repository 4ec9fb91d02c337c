import { kindOf, type SuspectKind } from '../../advice/index.js';
import {
  type Baseline,
  type Heap,
  type OwnerPath,
  type PathStep,
  accumulationPoints,
  classOf,
  freshSizes,
  gainOf,
  isNodeFile,
  keysOf,
  shortFile,
} from '../../heap/index.js';
import { IDLE_DRIFT_BYTES } from '../../verdict/index.js';
import { ranked, sizeText, suspectFrom } from '../naming/index.js';
import type { Suspect } from '../model/result.js';
import { type Accumulation, accumulationAt, isText, merged } from './accumulation.js';

/**
 * The share of the heap, or of the growth, below which nothing is a suspect. Eclipse MAT asks for a tenth; much of a
 * Node process's heap is code and Node's own, so that a twentieth may be a fifth of what the program retains.
 */
export const FEWEST_SHARE = 0.05;
const MOST_SUSPECTS = 5;
const KEYS_SHOWN = 8;
const PLACES_SHOWN = 3;

/** The largest retainers of a heap: by retained size or, with an earlier snapshot, by what they gained since. */
export function suspectsIn(heap: Heap, before: Baseline | null): Suspect[] {
  const total = before === null ? heap.totalBytes : heap.totalBytes - before.totalBytes;
  if (before !== null && total < IDLE_DRIFT_BYTES) return [];
  const sizes = before === null ? heap.retainedSizes : freshSizes(before, heap);
  const found = accumulationPoints(heap, { sizes, minShare: FEWEST_SHARE, limit: 50 }).flatMap(
    (point) => accumulationAt(heap, point, before !== null) ?? [],
  );
  const all = merged(heap, found);
  const largest = all
    .map((accumulation) => ({ accumulation, bytes: weightOf(heap, accumulation, all, before) }))
    .filter(({ bytes }) => bytes >= FEWEST_SHARE * total)
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, MOST_SUSPECTS);
  return ranked(
    largest.map(({ accumulation, bytes }) => suspectOf(heap, accumulation, bytes, total, before !== null)),
  );
}

/**
 * The bytes of an accumulation. Where its retainer alone retains it, that is the retained size (or gain) of the
 * retainer, its own table included; unless another suspect is below it and would be counted twice.
 */
function weightOf(
  heap: Heap,
  one: Accumulation,
  all: readonly Accumulation[],
  before: Baseline | null,
): number {
  const measure = (node: number): number =>
    before === null ? (heap.retainedSizes[node] ?? 0) : gainOf(before, heap, node);
  if (one.isWhole && !all.some((other) => other !== one && dominates(heap, one.retainer, other.retainer))) {
    return measure(one.retainer);
  }
  return one.point.kind === 'object' ? Math.min(one.bytes, measure(one.point.node)) : one.bytes;
}

function dominates({ graph, dominators }: Heap, above: number, node: number): boolean {
  let at = node;
  while (at !== above && at !== graph.root) at = dominators.of[at] ?? graph.root;
  return at === above;
}

function suspectOf(
  heap: Heap,
  accumulation: Accumulation,
  bytes: number,
  total: number,
  grew: boolean,
): Suspect {
  const { point, retainer, path, container, functions } = accumulation;
  const members = point.madeOf.map(({ className }) => className);
  // Native code retains them, or owners that have nothing in common.
  const isUnowned = retainer === heap.graph.root;
  const type = isUnowned
    ? (members[0] ?? 'object')
    : isText(heap, retainer)
      ? 'string'
      : classOf(heap, retainer);
  const kind = kindOf({
    path: accumulation.fullPath,
    type,
    members,
    container: type === 'string' ? 'listed' : containerOf(container),
  });
  const entries = container?.entries ?? point.madeOf[0]?.count ?? null;
  const sampleKeys = container === null ? [] : keysOf(heap, container.node, KEYS_SHOWN);
  const [place] = functions;
  const isOfNode = path.file !== null && isNodeFile(path.file);
  // Node's lists of timers belong to nobody's property: the author of the callbacks is the one to ask.
  const callback = isOfNode && place ? place : null;
  const share = Math.min(1, bytes / total);
  return suspectFrom({
    kind,
    owner: callback || (isUnowned && place) ? shortFile((callback ?? place)?.file ?? '') : path.owner,
    subject: isUnowned
      ? type
      : callback
        ? `${shortFile(callback.file)}:${callback.line}`
        : subjectOf(kind, path),
    size: isUnowned
      ? `${sizeText(entries ?? 0, { noun: 'objects' })} without a common owner`
      : sizeOf(kind, type, entries),
    path: isUnowned
      ? [type]
      : callback
        ? [shortFile(callback.file), callback.function]
        : pathText(heap, path.steps),
    type,
    entries,
    entriesPerWork: null,
    // No owner alone retains records that several hold; together they do.
    retainedBytes: !grew || isUnowned ? bytes : Math.max(bytes, heap.retainedSizes[retainer] ?? 0),
    bytesPerWork: null,
    growthShare: grew ? share : null,
    ...(grew ? { gainedBytes: bytes } : { heapShare: share }),
    allocatedAt: functions.slice(0, PLACES_SHOWN),
    bound: null,
    ...(sampleKeys.length > 0 && { sampleKeys }),
    slices: members[0] === '(sliced string)',
    handles: isUnowned && place === undefined,
    ofNode: path.origin === 'module' && isOfNode && !place,
  });
}

/** What a retainer is called: the emitter of listeners; the whole path where it begins with a file. */
function subjectOf(kind: SuspectKind, { origin, text, name }: OwnerPath): string {
  const emitter =
    kind === 'listeners' ? /^(.+)(?:\._events|\[<symbol kEvents>\]).*$/.exec(text)?.[1] : undefined;
  return emitter ?? (origin === 'module' || origin === 'function' ? text : name);
}

function containerOf(container: Accumulation['container']): 'keyed' | 'listed' | null {
  if (container === null) return null;
  return container.kind === 'Array' || container.kind === 'Set' ? 'listed' : 'keyed';
}

/** What is counted, where it is not entries. */
const NOUNS: Partial<Record<SuspectKind, string>> = {
  listeners: 'listeners',
  timers: 'timers',
  promises: 'reactions',
  finalizers: 'targets',
  closures: 'functions',
  buffers: 'buffers',
};

function sizeOf(kind: SuspectKind, type: string, entries: number | null): string {
  if (entries === null) return type;
  if (type === 'string') return sizeText(entries, { type, noun: 'pieces' });
  const noun = NOUNS[kind];
  return noun === undefined ? sizeText(entries, { type }) : sizeText(entries, { noun });
}

/** A step for each name, with the class of what it leads to; an index or a call belongs to the name before it. */
function pathText(heap: Heap, steps: readonly PathStep[]): string[] {
  const names: { name: string; className: string }[] = [];
  for (const { node, via, type, className, edge } of steps) {
    // A file has variables, not properties.
    const name = names.length === 1 ? via.trim().replace(/^\./, '') : via.trim();
    const plain =
      type !== 'object' || className.startsWith('system /') || edge === 'nest' || names.length === 0;
    const step = { name, className: plain ? '' : classOf(heap, node) };
    const last = names.at(-1);
    if (/^[[(]/.test(name) && names.length > 1 && last) {
      names.pop();
      step.name = last.name + name;
    }
    if (name !== '') names.push(step);
    // V8 keeps an exported variable in a cell: the class is that of its value.
    else if (names.length > 1 && last?.className === '') last.className = step.className;
  }
  return names.map(({ name, className }) =>
    className === '' || className === name ? name : `${name} (${className})`,
  );
}
