import { ROOT_COSTS, fileCost } from './costs.js';
import type { Introspection } from './introspection.js';
import { isObject, valueAt } from './reflect.js';
import type { Edge, WalkRoot } from './walk-result.js';

/** So many handles of one class are a container of their own: nothing else counts them. */
const MANY_HANDLES = 64;

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const upTo = (count: number, unitMs: number): number[] =>
  Array.from({ length: count }, (_, at) => (at + 1) * unitMs);
/** Lengths that programmers give to timers: milliseconds, seconds, minutes and hours in round numbers. */
const TIMER_LENGTHS_MS = new Set([
  1,
  ...upTo(10, 10),
  ...upTo(20, 100),
  ...upTo(120, SECOND),
  ...upTo(120, 5 * SECOND),
  ...upTo(60, MINUTE),
  ...upTo(24, HOUR),
]);

/** Globals that are objects of V8 or Node. Native functions are known by their source. */
const BUILT_IN_GLOBALS = new Set([
  'Atomics',
  'JSON',
  'Math',
  'Intl',
  'Reflect',
  'WebAssembly',
  'console',
  'global',
  'globalThis',
]);

/**
 * Roots that are found without knowing the program: its CommonJS files, because a path from a file is the one that
 * its programmer would give; what the event loop retains; global variables.
 */
export function findRoots(
  { reflection }: Pick<Introspection, 'reflection'>,
  require: NodeJS.Require | undefined,
): WalkRoot[] {
  return [
    ...commonJsRoots(require),
    ...handleRoots(reflection),
    ...timerRoots(),
    ...globalRoots(),
    ...rootOf('process', process, ROOT_COSTS.process),
  ];
}

function rootOf(name: string, object: unknown, cost: number): WalkRoot[] {
  return isObject(object) || typeof object === 'function'
    ? [{ edge: { kind: 'root', name }, object, cost }]
    : [];
}

/** The exports of each file. Its module object is left out: `children` and `parent` lead to other files. */
function commonJsRoots(require: NodeJS.Require | undefined): WalkRoot[] {
  return Object.entries(require?.cache ?? {}).flatMap(([file, module]) =>
    // A program that loads a file again may leave undefined in the cache.
    rootOf(file, module?.exports, fileCost(file)),
  );
}

/** Node's list of what keeps the event loop alive; not part of its documented API, and there since Node 0.10. */
interface EventLoop {
  _getActiveHandles(): object[];
  _getActiveRequests(): object[];
}

function handleRoots(reflection: Introspection['reflection']): WalkRoot[] {
  const loop = process as unknown as EventLoop;
  const byClass = new Map<string, object[]>();
  for (const handle of [...loop._getActiveHandles(), ...loop._getActiveRequests()]) {
    const name = reflection.classOf(handle);
    const open = byClass.get(name);
    if (open) open.push(handle);
    else byClass.set(name, [handle]);
  }
  return [...byClass].flatMap(([name, open]) =>
    open.length > MANY_HANDLES
      ? rootOf(`open handles of ${name}`, open, ROOT_COSTS.root)
      : open.flatMap((handle) => rootOf(name, handle, ROOT_COSTS.root)),
  );
}

/**
 * Lists of timers. Node has a list for each length of timers, and shows it to nobody. A timer that is started joins
 * the list of its length, and its neighbour there is the one that was started before it. So each usual length is
 * tried, within a millisecond in all; timers of other lengths are not found.
 */
function timerRoots(): WalkRoot[] {
  const roots: WalkRoot[] = [];
  for (const ms of TIMER_LENGTHS_MS) {
    const timer = setTimeout(doNothing, ms);
    const neighbour = valueAt(timer, '_idleNext');
    clearTimeout(timer);
    if (isObject(neighbour) && '_onTimeout' in neighbour)
      roots.push(...rootOf(`${TIMERS_OF} ${ms.toLocaleString('en')} ms`, neighbour, ROOT_COSTS.root));
  }
  return roots;
}

/** Whether a root is the latest timer of one of Node's lists. */
export function isTimerList({ kind, name }: Edge): boolean {
  return kind === 'root' && name.startsWith(TIMERS_OF);
}

const TIMERS_OF = 'timers of';

function doNothing(): void {}

/**
 * Global variables of the program. Since Node 22, some of Node's own (`WebSocket`) are defined lazily: reading one, even
 * by its descriptor, makes Node load it.
 */
function globalRoots(): WalkRoot[] {
  return Object.getOwnPropertyNames(globalThis).flatMap((name) => {
    const value = valueAt(globalThis, name);
    if (value === globalThis || value === process || BUILT_IN_GLOBALS.has(name)) return [];
    const isNative =
      typeof value === 'function' && Function.prototype.toString.call(value).endsWith('{ [native code] }');
    return isNative ? [] : rootOf(`globalThis.${name}`, value, ROOT_COSTS.global);
  });
}
