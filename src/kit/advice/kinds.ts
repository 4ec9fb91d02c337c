/** What kind of thing retains the memory. Each has advice of its own. */
export const suspectKinds = [
  'container',
  'listeners',
  'timers',
  'closures',
  'promises',
  'finalizers',
  'buffers',
  'objects',
] as const;
export type SuspectKind = (typeof suspectKinds)[number];

/** What is known of a retainer, in the names that the program and V8 give. */
export interface Retainer {
  /** How it is reached, as it would be written: `bus._events.change`. */
  path: string;
  /** Its class, such as `Map`. */
  type: string;
  /** The classes of what it retains, the heaviest first; `Function` for functions. */
  members: readonly string[];
  /** A Map, dictionary or the like is keyed; an Array or Set is listed; null for what is no container. */
  container: 'keyed' | 'listed' | null;
}

/** Where EventEmitters, EventTargets (AbortSignal) and RxJS subjects keep their listeners; not what a listener retains in turn. */
const REGISTRIES =
  /(?:\._events(?:\.[\w$]+|\[[^\]]*\]){0,2}|\[<symbol kEvents>\](?:\.[\w$]+|\[[^\]]*\]){0,4}|\.(?:currentO|o)bservers)$/;
/** What programs call a list of listeners of their own. */
const NAMED_LISTENERS = /(?:listener|observer|subscriber|subscription|handler|callback|hook)s?$/i;
const SUBSCRIBERS = new Set(['Listener', 'Subscriber', 'SafeSubscriber', 'OperatorSubscriber']);
const TIMERS = new Set(['Timeout', 'Immediate', 'TimersList']);
const BUFFERS = new Set(['Buffer', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView']);
const BUFFER = /^(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array$/;
const SCOPE = /^system \/ (?:.* )?Context\b/;

/** Handles that the event loop retains until they are closed. */
const HANDLES = /^\.open handles of /;

/** The kind of a retainer, by what it is and by what it retains: each kind has its own fix. */
export function kindOf({ path, type, members, container }: Retainer): SuspectKind {
  const [first = ''] = members;
  const isMade = (of: (name: string) => boolean): boolean => of(first) || of(type);
  if (HANDLES.test(path)) return 'objects';
  if (isMade((name) => name === 'FinalizationRegistry')) return 'finalizers';
  if (isMade((name) => TIMERS.has(name))) return 'timers';
  if (REGISTRIES.test(path) || NAMED_LISTENERS.test(path) || isMade((name) => SUBSCRIBERS.has(name)))
    return 'listeners';
  if (isMade((name) => name === 'Promise' || name === 'PromiseReaction')) return 'promises';
  if (isMade((name) => BUFFERS.has(name) || BUFFER.test(name))) return 'buffers';
  // Values by key are a cache, whatever the values are; functions in a list were registered.
  if (container === 'keyed') return 'container';
  if (first === 'Function' || members.some((name) => SCOPE.test(name))) return 'closures';
  return container === 'listed' ? 'container' : 'objects';
}
