import {
  Baseline,
  Heap,
  OwnerPath,
  PathStep,
  accumulationPoints,
  classOf,
  formatCount,
  freshSizes,
  gainOf,
  keysOf,
  shortFile,
} from '../../heap/index.js';
import type { Suspect, SuspectKind } from '../result.js';
import { Gathering, gatheringAt, isText, merged } from './accumulation.js';
import { kindOf } from '../naming/kinds.js';
import { lessonFor } from '../naming/advice.js';

/**
 * Eclipse MAT asks for a tenth of the heap. Of a Node process's heap a good part is code, and Node's own: a
 * twentieth of it may be a fifth of what the program holds.
 */
const FEWEST_SHARE = 0.05;
/** Two looks at a process that does nothing differ by about so much: code is compiled, and thrown away. */
export const FEWEST_GROWN_BYTES = 200_000;
const MOST_SUSPECTS = 5;
const KEYS_SHOWN = 8;
const PLACES_SHOWN = 3;

/** Who holds memory in a heap: by what they retain or, with an earlier snapshot, by what they gained since. */
export function suspectsIn(heap: Heap, before: Baseline | null): Suspect[] {
  const total = before === null ? heap.totalBytes : heap.totalBytes - before.totalBytes;
  if (before !== null && total < FEWEST_GROWN_BYTES) return [];
  const sizes = before === null ? heap.retainedSizes : freshSizes(before, heap);
  const gatherings = accumulationPoints(heap, { sizes, minShare: FEWEST_SHARE, limit: 50 }).flatMap(
    (point) => gatheringAt(heap, point, before !== null) ?? [],
  );
  const all = merged(heap, gatherings);
  for (const one of all) one.bytes = weighed(heap, one, all, before);
  return all
    .filter(({ bytes }) => bytes >= FEWEST_SHARE * total)
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, MOST_SUSPECTS)
    .map((one, at) => suspect(heap, one, at + 1, total, before));
}

/**
 * What a gathering comes to. Where the holder holds it alone, that is what the holder retains (or gained), its own
 * table included; unless another suspect hangs below it, and would be counted twice.
 */
function weighed(heap: Heap, one: Gathering, all: readonly Gathering[], before: Baseline | null): number {
  const measure = (node: number): number =>
    before === null ? heap.retainedSizes[node]! : gainOf(before, heap, node);
  if (one.isWhole && !all.some((other) => other !== one && dominates(heap, one.holder, other.holder))) {
    return measure(one.holder);
  }
  return one.point.kind === 'object' ? Math.min(one.bytes, measure(one.point.node)) : one.bytes;
}

function dominates({ graph, dominators }: Heap, above: number, node: number): boolean {
  let at = node;
  while (at !== above && at !== graph.root) at = dominators.of[at]!;
  return at === above;
}

function suspect(
  heap: Heap,
  gathering: Gathering,
  rank: number,
  total: number,
  before: Baseline | null,
): Suspect {
  const { point, holder, path, container, functions, bytes } = gathering;
  const members = point.madeOf.map(({ className }) => className);
  // Native code holds them, or owners that have nothing in common.
  const isAnybodys = holder === heap.graph.root;
  const type = isAnybodys ? members[0]! : isText(heap, holder) ? 'string' : classOf(heap, holder);
  const keeps = type === 'string' ? 'listed' : wayOfKeeping(container);
  const kind = kindOf({ path: gathering.keptAt, type, members, container: keeps });
  const entries = container?.entries ?? point.madeOf[0]?.count ?? null;
  const sampleKeys = container === null ? [] : keysOf(heap, container.node, KEYS_SHOWN);
  const [place] = functions;
  // Node's lists of timers are nobody's property: whoever wrote the callbacks is the one to ask.
  const isNodes = path.file?.startsWith('node:') === true && place !== undefined;
  const owner = isNodes || (isAnybodys && place) ? shortFile(place.file) : path.owner;
  const registry = kind === 'listeners' ? /^(.+)(?:\._events|\[<symbol kEvents>\]).*$/.exec(path.text) : null;
  const subject = isNodes
    ? `${shortFile(place.file)}:${place.line}`
    : (registry?.[1] ?? (isOfFile(path.origin) ? path.text : path.name));
  return {
    rank,
    kind,
    owner,
    name: isAnybodys
      ? `${type} (${formatCount(entries ?? 0)} of them, which no one object of the program holds)`
      : `${subject} (${counted(kind, type, entries)})`,
    path: isAnybodys ? [type] : isNodes ? [shortFile(place.file), place.function] : said(heap, path.steps),
    type,
    entries,
    entriesPerRequest: null,
    // Of records that several hold, no holder retains them alone; together they do.
    retainedBytes: before === null || isAnybodys ? bytes : Math.max(bytes, heap.retainedSizes[holder]!),
    bytesPerRequest: null,
    share: Math.min(1, bytes / total),
    allocatedAt: functions.slice(0, PLACES_SHOWN),
    bound: null,
    ...(before !== null && { gainedBytes: bytes }),
    ...(sampleKeys.length > 0 && { sampleKeys }),
    lesson: lessonFor({
      kind,
      type,
      keys: sampleKeys,
      slices: members[0] === '(sliced string)',
      handles: isAnybodys && place === undefined,
      ofNode: path.origin === 'module' && path.file?.startsWith('node:') === true && !place,
    }),
  };
}

/** Whether the path begins with a file, so that all of it is worth saying. */
function isOfFile(origin: OwnerPath['origin']): boolean {
  return origin === 'module' || origin === 'function';
}

function wayOfKeeping(container: Gathering['container']): 'keyed' | 'listed' | null {
  if (container === null) return null;
  return container.kind === 'Array' || container.kind === 'Set' ? 'listed' : 'keyed';
}

const NOUNS: Partial<Record<SuspectKind, string>> = {
  listeners: 'listeners',
  timers: 'timers',
  promises: 'reactions',
  finalizers: 'targets',
  closures: 'functions',
  buffers: 'buffers',
};

function counted(kind: SuspectKind, type: string, entries: number | null): string {
  if (entries === null) return type;
  if (type === 'string') return `string, in ${formatCount(entries)} pieces`;
  const noun = NOUNS[kind];
  return noun === undefined ? `${type}, ${formatCount(entries)} entries` : `${formatCount(entries)} ${noun}`;
}

/** A step for each name, with the class of what it leads to; an index or a call belongs to the name before it. */
function said(heap: Heap, steps: readonly PathStep[]): string[] {
  const names: { name: string; className: string }[] = [];
  for (const { node, via, type, className, edge } of steps) {
    // A file has variables, not properties.
    const name = names.length === 1 ? via.trim().replace(/^\./, '') : via.trim();
    const plain =
      type !== 'object' || className.startsWith('system /') || edge === 'nest' || names.length === 0;
    const step = { name, className: plain ? '' : classOf(heap, node) };
    if (/^[[(]/.test(name) && names.length > 1) step.name = names.pop()!.name + name;
    if (name !== '') names.push(step);
    // V8 keeps an exported variable in a cell: the class is that of what is in it.
    else if (names.length > 1 && names.at(-1)!.className === '') names.at(-1)!.className = step.className;
  }
  return names.map(({ name, className }) =>
    className === '' || className === name ? name : `${name} (${className})`,
  );
}
