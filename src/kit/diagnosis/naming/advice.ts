import type { DeclaredBound, SuspectKind } from '../result.js';

/** What may be known of a suspect beyond its kind; the lesson gets more exact with it. */
export interface LessonFacts {
  kind: SuspectKind;
  /** The constructor of what holds, such as `Map`. */
  type?: string | undefined;
  bound?: DeclaredBound | null | undefined;
  /** Some of its keys, where it has keys that are text. */
  keys?: readonly string[] | undefined;
  /** Whether it holds slices of larger strings. */
  slices?: boolean | undefined;
  /** Whether it is inside of a module of Node's. */
  ofNode?: boolean | undefined;
  /** Whether they are handles, which the event loop holds. */
  handles?: boolean | undefined;
}

const LESSONS: Record<SuspectKind, string> = {
  container:
    'It takes entries and nothing takes them out. Give it a bound: an LRU with a maximum of entries and of bytes, or delete each entry when its work is done. Where the keys are objects that end by themselves, a WeakMap.',
  listeners:
    'Listeners are added again and again and never removed, and each keeps what it closes over. Add them once, outside of the request; or remove them when the work ends, with { once: true }, { signal }, or off() in a finally.',
  timers:
    'Timers keep their callbacks and all that these close over until they are cleared. Clear each in the same place that starts it (a finally, or the close hook), or have one timer do the work of all.',
  closures:
    'Each function keeps the scope it was made in, and that scope the one before: a chain that only grows. Do not make a new function out of the old one at each call, and set what the scope no longer needs to null.',
  promises:
    'Promises that never settle keep everything that waits for them. Give each wait an end: AbortSignal.timeout(), a reject on close, and no await on an event that may not come.',
  finalizers:
    'A finalizer that reaches its own target, by its held value or its closure, keeps it from ever being collected. Hold only an id there, and release by hand in dispose or finally; a FinalizationRegistry is the last net, not the first.',
  buffers:
    'The memory is outside the V8 heap, in Buffers. A small slice keeps the whole block that it was cut from: copy what is to be kept, with Buffer.from(piece), and bound what keeps them.',
  objects:
    'Many objects hold each other and no one container holds them all. Follow the path to the first object that outlives a request, and let go there: set it to null, or cut the list.',
};

/** What the pattern is and what to try, in a few sentences. */
export function lessonFor(facts: LessonFacts): string {
  const { bound } = facts;
  if (bound && bound.filled < 1) {
    return `It declares a bound (${bound.declaredBy}: ${bound.limit.toLocaleString('en')}) and is ${Math.round(100 * bound.filled)} % full: what fills up to its bound does not leak. Ask whether the bound is one that the memory can carry.`;
  }
  if (facts.handles) {
    return 'Node itself holds what is open, and all that its listeners close over, until it is closed. Close each where its work ends, in a finally; or open it once, and share it.';
  }
  if (facts.ofNode) {
    return 'This is a list of Node itself, which the program fills. Find the call that does, and make the one that undoes it, such as performance.clearMarks(name) after performance.mark(name).';
  }
  if (facts.type === 'string') {
    return 'A text that is only appended to. Write it out as it comes, to a stream or a logger; where the last of it has to be at hand, keep so many lines and drop the oldest.';
  }
  if (facts.slices) {
    return `Small strings that were cut from large ones keep the large ones whole. Copy what is to be kept, with Buffer.from(piece).toString() or structuredClone(piece). ${LESSONS[facts.kind]}`;
  }
  const keys = facts.kind === 'container' ? aboutKeys(facts.keys ?? []) : null;
  return keys === null ? LESSONS[facts.kind] : `${keys} ${LESSONS[facts.kind]}`;
}

const FEWEST_KEYS = 5;

const SHAPES: readonly [shape: RegExp, named: string][] = [
  [/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i, 'UUIDs'],
  [/^[\da-f]{24,}$/i, 'ids of hexadecimal digits'],
  [/^\d+$/, 'numbers'],
  [/^\d{4}-\d\d-\d\dT/, 'times'],
  [/^(?:https?:\/)?\/\S*\?\S*=/, 'addresses with a query'],
  [/^(?:https?:\/)?\/\S*$/, 'addresses'],
  [/^(?:\d{1,3}\.){3}\d{1,3}$/, 'IP addresses'],
  [/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'e-mail addresses'],
];

/** What the keys have in common; null when that says nothing. */
function aboutKeys(keys: readonly string[]): string | null {
  if (keys.length < FEWEST_KEYS) return null;
  const [, named] = SHAPES.find(([shape]) => keys.every((key) => shape.test(key))) ?? [];
  return named === undefined
    ? null
    : `Its keys are ${named}, each a different one: there is no end to those.`;
}
