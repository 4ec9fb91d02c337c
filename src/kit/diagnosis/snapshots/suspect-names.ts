import type { SuspectKind } from '../../advice/index.js';
import { type Heap, type OwnerPath, type PathStep, classOf, isNodeFile } from '../../heap/index.js';
import { sizeText, type SuspectFacts } from '../naming/index.js';
import { type Accumulation, isText } from './accumulation.js';

/** Whether only native code retains an accumulation, or owners that have nothing in common. */
export function isWithoutOwner(heap: Heap, { retainer }: Accumulation): boolean {
  return retainer === heap.graph.root;
}

/** Whether the path to an accumulation is in a file of Node itself. */
export function isOfNode({ path }: Accumulation): boolean {
  return path.file !== null && isNodeFile(path.file);
}

/** The constructor of the retainer; without an owner, that of what has accumulated. */
export function typeOf(heap: Heap, accumulation: Accumulation): string {
  const { retainer, point } = accumulation;
  if (isWithoutOwner(heap, accumulation)) return point.composition[0]?.className ?? 'object';
  return isText(heap, retainer) ? 'string' : classOf(heap, retainer);
}

/** What Node's caches of ECMAScript modules have. Every module leads to them, and none owns them. */
const MODULE_CACHES = new Map([
  ['LoadCache', 'modules that import() loaded'],
  ['ResolveCache', 'addresses that import() resolved'],
]);

/** Where Node keeps signals of `AbortSignal.any()` that have a listener, until one of their sources aborts. */
const PERSISTENT_SIGNALS = /\bgcPersistentSignals$/;

/**
 * How a suspect is named. Without an owner it is named by its class. If Node retains functions of the program, it is
 * named by the place of the first one: no property of the program leads to a list of Node such as that of its timers,
 * and the author of the callback is the one who can change it.
 */
export function namesOf(
  heap: Heap,
  accumulation: Accumulation,
  kind: SuspectKind,
  type: string,
  entries: number | null,
): Pick<SuspectFacts, 'owner' | 'subject' | 'size' | 'path'> {
  const { path, functions } = accumulation;
  const [place] = functions;
  if (isWithoutOwner(heap, accumulation)) {
    return {
      owner: place ? heap.fileName(place.file) : path.owner,
      subject: type,
      size: `${sizeText(entries ?? 0, { noun: 'objects' })} without a common owner`,
      path: [type],
    };
  }
  const size = PERSISTENT_SIGNALS.test(accumulation.fullPath)
    ? sizeText(entries ?? 0, { noun: 'AbortSignals with listeners' })
    : (chainText(kind, accumulation, heap) ?? sizeOf(kind, type, entries));
  const subject = MODULE_CACHES.get(type);
  if (subject !== undefined) return { owner: 'Node', subject, size, path: ['Node', `${subject} (${type})`] };
  if (isOfNode(accumulation) && place) {
    const file = heap.fileName(place.file);
    return { owner: file, subject: `${file}:${place.line}`, size, path: [file, place.function] };
  }
  return { owner: path.owner, subject: subjectOf(kind, path), size, path: pathText(heap, path.steps) };
}

/** The text for a retainer: the emitter of listeners; the whole path if it starts with a file; otherwise its name. */
function subjectOf(kind: SuspectKind, { origin, text, name }: OwnerPath): string {
  const emitter =
    kind === 'listeners' ? /^(.+)(?:\._events|\[<symbol kEvents>\]).*$/.exec(text)?.[1] : undefined;
  return emitter ?? (origin === 'module' || origin === 'function' ? text : name);
}

/** The noun for what is counted, for kinds that do not count entries. */
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

/** Kinds whose chains are lists inside of V8. */
const LISTS_OF_V8 = new Set<SuspectKind>(['promises', 'finalizers', 'timers', 'listeners']);

/** `a chain of 12,000 Scope, each retained by the next`; null for anything but a chain of the program. */
function chainText(kind: SuspectKind, { point, retainer }: Accumulation, heap: Heap): string | null {
  const [link] = point.composition;
  if (point.kind !== 'chain' || !link || LISTS_OF_V8.has(kind) || isText(heap, retainer)) return null;
  const named = point.composition.filter(({ className }) => !UNNAMED_LINKS.test(className));
  // A class says more than the functions between its instances.
  const { className } = named.find((one) => one.className !== 'Function') ?? named[0] ?? link;
  const noun = NOUNS_OF_LINKS[className] ?? className;
  return `a chain of ${link.count.toLocaleString('en')} ${noun}, each retained by the next`;
}

/** Links that have no class. */
const NOUNS_OF_LINKS: Record<string, string> = { Function: 'functions', 'system / Context': 'scopes' };
/** Classes of what links of a program have between them. */
const UNNAMED_LINKS = /^(?:Object|Array|Map|Set|system \/ .*|\(.*)$/;

/** One text for each named step, with the class of the node it leads to. An index or a call is part of the name before it. */
function pathText(heap: Heap, steps: readonly PathStep[]): string[] {
  const names: { name: string; className: string; times?: number }[] = [];
  for (const { node, via, type, className, edge, times } of steps) {
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
    // V8 stores an exported variable in a cell without a name: the class is that of the value.
    else if (names.length > 1 && last?.className === '') last.className = step.className;
    const written = names.at(-1);
    if (times !== undefined && written) written.times = times;
  }
  return names.map(({ name, className, times }) => {
    const text = className === '' || className === name ? name : `${name} (${className})`;
    return times === undefined ? text : `${text}, ${times.toLocaleString('en')} times`;
  });
}
