import type { SuspectKind } from '../result.js';

/** What is known of something that holds memory, in the names that the program and V8 give. */
export interface Holding {
  /** How it is reached, as it would be written: `bus._events.change`. */
  path: string;
  /** The class of what holds, such as `Map`. */
  type: string;
  /** The classes of what it holds, the heaviest first; `Function` for functions. */
  members: readonly string[];
  /** Whether it is a Map, Set, Array, a dictionary, or a package's instance that is used like one; by keys, or in a row. */
  container: 'keyed' | 'listed' | null;
}

/** EventEmitters, EventTargets (AbortSignal), and the subjects of RxJS; what a listener holds in turn is another matter. */
const REGISTRIES =
  /(?:\._events(?:\.[\w$]+|\[[^\]]*\]){0,2}|\[<symbol kEvents>\](?:\.[\w$]+|\[[^\]]*\]){0,4}|\.(?:currentO|o)bservers)$/;
/** What programs call such a list of their own. */
const CALLED_SO = /(?:listener|observer|subscriber|subscription|handler|callback|hook)s?$/i;
const SUBSCRIBERS = new Set(['Listener', 'Subscriber', 'SafeSubscriber', 'OperatorSubscriber']);
const TIMERS = new Set(['Timeout', 'Immediate', 'TimersList']);
const BUFFERS = new Set(['Buffer', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView']);
const BUFFER = /^(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array$/;
const SCOPE = /^system \/ (?:.* )?Context\b/;

/** What the event loop holds until it is closed. */
const HANDLES = /^\.open handles of /;

/** Each kind has a remedy of its own, so what is held counts as much as what holds it. */
export function kindOf({ path, type, members, container }: Holding): SuspectKind {
  const [first = ''] = members;
  const isMade = (of: (name: string) => boolean): boolean => of(first) || of(type);
  if (HANDLES.test(path)) return 'objects';
  if (isMade((name) => name === 'FinalizationRegistry')) return 'finalizers';
  if (isMade((name) => TIMERS.has(name))) return 'timers';
  if (REGISTRIES.test(path) || CALLED_SO.test(path) || isMade((name) => SUBSCRIBERS.has(name)))
    return 'listeners';
  if (isMade((name) => name === 'Promise' || name === 'PromiseReaction')) return 'promises';
  if (isMade((name) => BUFFERS.has(name) || BUFFER.test(name))) return 'buffers';
  // What is kept by a key is a cache, whatever it keeps; functions in a row were registered.
  if (container === 'keyed') return 'container';
  if (first === 'Function' || members.some((name) => SCOPE.test(name))) return 'closures';
  return container === 'listed' ? 'container' : 'objects';
}
