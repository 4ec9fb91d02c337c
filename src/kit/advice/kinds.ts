/** The kinds of retainers. Each has advice of its own. */
export const suspectKinds = [
  'container',
  'listeners',
  'timers',
  'closures',
  'promises',
  'finalizers',
  'buffers',
  'objects',
  // Outside V8's heap.
  'files',
  'sockets',
  'threads',
  'processes',
  'contexts',
  'webassembly',
  'streams',
  'handles',
  'native',
] as const;
export type SuspectKind = (typeof suspectKinds)[number];

/** What is known of a retainer. Names are those of the program and of V8. */
export interface Retainer {
  /** Its path, as source code would write it: `bus._events.change`. */
  path: string;
  /** Its class, such as `Map`. */
  type: string;
  /** The classes of what it retains, the heaviest first; `Function` for functions. */
  members: readonly string[];
  /** 'keyed' for a Map, a dictionary or the like; 'listed' for an Array or Set; null for anything else. */
  container: 'keyed' | 'listed' | null;
}

/**
 * Ends of paths at which EventEmitters, EventTargets (AbortSignal) and RxJS subjects store listeners, and at which Node
 * stores signals of `AbortSignal.any()` because they have one. A longer path leads to what a listener retains.
 */
const REGISTRIES =
  /(?:\._events(?:\.[\w$]+|\[[^\]]*\]){0,2}|\[<symbol kEvents>\](?:\.[\w$]+|\[[^\]]*\]){0,4}|\.(?:currentO|o)bservers|\bgcPersistentSignals)$/;
/** Names that programs give their own lists of listeners. */
const NAMED_LISTENERS = /(?:listener|observer|subscriber|subscription|handler|callback|hook)s?$/i;
const SUBSCRIBERS = new Set(['Listener', 'Subscriber', 'SafeSubscriber', 'OperatorSubscriber']);
const TIMERS = new Set(['Timeout', 'Immediate', 'TimersList']);
const BUFFERS = new Set(['Buffer', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView']);
const BUFFER = /^(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array$/;
const SCOPE = /^system \/ (?:.* )?Context\b/;

/** Handles that the event loop retains until they are closed. */
const HANDLES = /^\.open handles of /;

/** The kind of a retainer, by its path, its class and the classes of what it retains. */
export function kindOf({ path, type, members, container }: Retainer): SuspectKind {
  const [first = ''] = members;
  const either = (is: (name: string) => boolean): boolean => is(first) || is(type);
  if (HANDLES.test(path)) return 'objects';
  if (either((name) => name === 'FinalizationRegistry')) return 'finalizers';
  if (either((name) => TIMERS.has(name))) return 'timers';
  if (REGISTRIES.test(path) || NAMED_LISTENERS.test(path) || either((name) => SUBSCRIBERS.has(name)))
    return 'listeners';
  if (either((name) => name === 'Promise' || name === 'PromiseReaction')) return 'promises';
  if (either((name) => BUFFERS.has(name) || BUFFER.test(name))) return 'buffers';
  // A keyed container is a cache, whatever its values are. Functions in a list are closures that were registered.
  if (container === 'keyed') return 'container';
  if (first === 'Function' || members.some((name) => SCOPE.test(name))) return 'closures';
  return container === 'listed' ? 'container' : 'objects';
}
