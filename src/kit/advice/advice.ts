import type { DeclaredBound } from '../census/index.js';
import type { SuspectKind } from './kinds.js';
import { makerAdvice, OUTSIDE_ADVICE } from './outside.js';

/** What is known of a suspect. Each fact beyond its kind makes the advice more exact. */
export interface AdviceFacts {
  kind: SuspectKind;
  /** The constructor of the retainer, such as `Map`. */
  type?: string | undefined;
  bound?: DeclaredBound | null | undefined;
  /** Some of its keys, where it has keys that are text. */
  keys?: readonly string[] | undefined;
  /** Whether it retains slices of larger strings. */
  slices?: boolean | undefined;
  /** Whether it belongs to one of Node's own modules. */
  ofNode?: boolean | undefined;
  /** How many snapshots it was seen in: they do not show whether anything removes entries, or stops them. */
  compared?: number | undefined;
  /** Whether it has no more entries in the last of them than in the first. */
  sameEntries?: boolean | undefined;
  /** Whether they are handles, which the event loop retains. */
  handles?: boolean | undefined;
  /** How many entries it gains for each request, where that was counted. */
  perRequest?: number | undefined;
}

const ADVICE: Record<SuspectKind, string> = {
  ...OUTSIDE_ADVICE,
  container:
    'Entries are added and never removed. Give it a bound: an LRU cache with a maximum of entries and of bytes, or delete each entry when its work is done. If the keys are objects with a lifetime of their own, use a WeakMap.',
  listeners:
    'Listeners are added and never removed, and each retains what it closes over. Add them once, outside the request; or remove them when the work ends, with { once: true }, { signal }, or off() in a finally block.',
  timers:
    'A timer retains its callback, and everything the callback closes over, until it is cleared. Clear each timer in the code that starts it (in a finally block or the close hook), or use one timer for all.',
  closures:
    'Each function retains the scope it was created in, and that scope retains the previous one, so the chain only grows. Do not wrap the old function in a new one at each call, and set variables of the scope to null when they are no longer needed.',
  promises:
    'Promises that never settle retain everything that waits for them. End each wait: use AbortSignal.timeout(), reject on close, and do not await an event that may never come.',
  finalizers:
    'A finalizer whose held value or closure references its own target prevents the target from ever being collected. Pass only an id as the held value, and release resources in dispose() or a finally block. Use a FinalizationRegistry only as a safety net.',
  buffers:
    'The memory is outside the V8 heap, in Buffers. A small slice retains the whole block that it was cut from. Copy each slice that is stored, with Buffer.from(slice), and bound the container that stores it.',
  objects:
    'Many objects reference each other, and no single container has them all. Follow the path to the first object that outlives a request, and remove the reference there: set it to null, or shorten the list.',
};

/** An Array has no keys: no cache and no WeakMap takes its place. */
const LIST_BOUND =
  'keep a fixed number of the latest entries and drop the oldest; what must be kept whole belongs in a file or a database.';
const OF_A_LIST = `Entries are added and never removed. Take each entry out when its work is done, or ${LIST_BOUND}`;

/** Where one promise has all the reactions. */
const ADVICE_OF_ONE_PROMISE =
  'One promise stays pending, and each then(), await, Promise.race() or Promise.any() of it adds a reaction that it retains. Wait for it once, outside the request, and let that end the work: through an AbortSignal, or through a Set of callbacks from which each request removes its own in a finally block.';

/** With fewer entries than requests. */
const OF_SOME_REQUESTS =
  'Some requests leave an entry in it, and others none. If each adds one, look for the path on which it is not deleted, such as an error or an early return, and delete it in a finally block. If only some add one, give it a bound: an LRU cache with a maximum of entries and of bytes. If the keys are objects with a lifetime of their own, use a WeakMap.';
const OF_SOME_REQUESTS_TO_A_LIST = `Some requests leave an entry in it, and others none. If each adds one, look for the path on which it is not taken out, such as an error or an early return, and take it out in a finally block. If only some add one, ${LIST_BOUND}`;
const FEWEST_OF_ALL = 0.9;

const OF_TWO_SNAPSHOTS =
  'It has more entries than before. Snapshots do not show whether something removes them later: a cache below its bound, a time to live or a ring grows like this until it is full. Look for that in its code, or take one more snapshot after more work. If nothing removes entries, give it a bound, or delete each entry when its work is done.';
const OF_SAME_ENTRIES =
  'It has no more entries than before; what they retain has grown. Look into an entry for what takes new items, and give that a bound, or delete each item when its work is done.';
const OF_SNAPSHOTS =
  'It was still gaining entries in the last snapshot. Snapshots do not show code that removes entries, or a bound that is not reached yet: look for that. If there is none, give it a bound, or delete each entry when its work is done.';

/** What the pattern is and what to do about it, in a few sentences. */
export function adviceFor(facts: AdviceFacts): string {
  const { bound } = facts;
  if (bound && bound.filled < 1) {
    return `It declares a bound (${bound.declaredBy}: ${bound.limit.toLocaleString('en')}) and is ${Math.round(100 * bound.filled)} % full. A container that fills up to its bound does not leak. Check that there is enough memory for it when it is full.`;
  }
  const ofMaker = makerAdvice(facts.kind, facts.type);
  if (ofMaker !== undefined) return ofMaker;
  if (facts.handles) {
    return 'Node retains open handles, and everything their listeners close over, until they are closed. Close each handle when its work ends, in a finally block, or open one handle and share it.';
  }
  if (facts.type === 'LoadCache' || facts.type === 'ResolveCache') {
    return 'import() of an address that is new each time, such as one with another query, loads the module again, and Node never forgets a module. Import it once, and pass what changes as an argument; what must be loaded anew belongs into a worker that ends, or is read as data.';
  }
  if (facts.ofNode) {
    return 'The list belongs to Node, and the program adds to it. Find the call that adds, and make the call that removes, such as performance.clearMarks(name) after performance.mark(name).';
  }
  if (facts.type === 'string') {
    return 'A string is appended to and never cut. Write each piece to a stream or a logger; if the latest pieces must stay in memory, keep a fixed number of lines and drop the oldest.';
  }
  if (facts.type === 'ArrayBuffer' && !facts.compared) {
    return 'A Buffer is replaced by a larger one again and again, and never cut. Write each piece to a stream or a file; if the latest pieces must stay in memory, keep a fixed number of them and drop the oldest.';
  }
  if (facts.kind === 'promises' && facts.type === 'Promise') return ADVICE_OF_ONE_PROMISE;
  if (facts.slices) {
    return `${SLICES} Copy each string that is stored, with Buffer.from(piece).toString() or structuredClone(piece). ${facts.type === 'Array' && facts.kind === 'container' ? OF_A_LIST : ADVICE[facts.kind]}`;
  }
  if (facts.kind !== 'container') return ADVICE[facts.kind];
  if (facts.sameEntries) return OF_SAME_ENTRIES;
  const keys = aboutKeys(facts.keys ?? []);
  const { compared = 0 } = facts;
  const ofSnapshots = compared > 2 ? OF_SNAPSHOTS : OF_TWO_SNAPSHOTS;
  const isOfSome = facts.perRequest !== undefined && facts.perRequest > 0 && facts.perRequest < FEWEST_OF_ALL;
  const [ofSome, ofAll] =
    facts.type === 'Array' ? [OF_SOME_REQUESTS_TO_A_LIST, OF_A_LIST] : [OF_SOME_REQUESTS, ADVICE.container];
  const ofRequests = isOfSome ? ofSome : ofAll;
  const advice = compared > 0 ? ofSnapshots : ofRequests;
  return keys === null ? advice : `${keys} ${advice}`;
}

const SLICES = 'Small strings that were cut from large ones retain the large ones.';

/** Whether an advice is about strings that retain larger ones. */
export const isAboutSlices = (advice: string): boolean => advice.startsWith(SLICES);

const FEWEST_KEYS = 5;

const SHAPES: readonly [shape: RegExp, named: string][] = [
  [/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i, 'UUIDs'],
  [/^[\da-f]{24,}$/i, 'hexadecimal ids'],
  [/^\d+$/, 'numbers'],
  [/^\d{4}-\d\d-\d\dT/, 'timestamps'],
  [/^(?:https?:\/)?\/\S*\?\S*=/, 'URLs with a query'],
  [/^(?:https?:\/)?\/\S*$/, 'URLs or paths'],
  [/^(?:\d{1,3}\.){3}\d{1,3}$/, 'IP addresses'],
  [/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'e-mail addresses'],
];

/** What the keys have in common; null when they are too few, or not alike. */
function aboutKeys(keys: readonly string[]): string | null {
  if (keys.length < FEWEST_KEYS) return null;
  const [, named] = SHAPES.find(([shape]) => keys.every((key) => shape.test(key))) ?? [];
  return named === undefined
    ? null
    : `Its keys are ${named}, and each is different, so their number has no limit.`;
}
