import { sorted } from './copies.js';
import type { Introspection } from './introspection.js';
import { ownKeysOf, valueAt } from './reflect.js';
import {
  MAY_REMOVE,
  REMOVES,
  THIS,
  calledMethodRemovesFrom,
  empties,
  methodCode,
  methodsCalledOn,
  removesFrom,
  usesThis,
} from './timer-code.js';
import type { Edge, WalkedGraph } from './walk-result.js';

/** Timers that are read from either end of each list of Node. */
const MOST_TIMERS = 32;
/** Of timers in one list whose callbacks have the same source. Each function that is inspected takes 0.1 ms. */
const MOST_OF_SOURCE = 3;
/** All bound functions have the same source. */
const BOUND = /\[native code\]/;
const MOST_BOUND = 12;
const MOST_PROPERTIES = 60;
/** A timer that runs once and waits for longer is no cleanup timer. */
export const LONGEST_WAIT_MS = 10 * 60_000;

/** A timer of Node that has not run yet, or runs again. */
export interface RunningTimer {
  dueMs: number;
  /** Null for a timer that runs once. */
  everyMs: number | null;
  callback: unknown;
}

/** A timer whose callback may remove entries from containers. */
interface CleanupTimer {
  everyMs: number;
  source: string;
  variables: [name: string, value: unknown][];
  /** What the callback is bound to, if it is a bound function. */
  boundThis: unknown;
}

/** How a container is retained: the object that leads to it, and the edge between the two. */
export interface Retention {
  retained: object;
  edge: Edge;
  retainer: object;
}

/** Finds the timers that remove entries from a container. */
export class CleanupTimers {
  readonly #introspection: Introspection;
  /** Of the graph that was asked about last. */
  #inLists: { graph: WalkedGraph; timers: CleanupTimer[] } | null = null;

  constructor(introspection: Introspection) {
    this.#introspection = introspection;
  }

  /** @returns null for anything that is no timer, or a timer that was cleared */
  runningTimer(value: unknown): RunningTimer | null {
    if (!this.#introspection.reflection.isReadable(value) || !Object.hasOwn(value, '_onTimeout')) return null;
    const dueMs = valueAt(value, '_idleTimeout');
    if (valueAt(value, '_destroyed') === true || typeof dueMs !== 'number' || dueMs < 0) return null;
    const repeat = valueAt(value, '_repeat');
    return {
      dueMs,
      everyMs: typeof repeat === 'number' ? repeat : null,
      callback: valueAt(value, '_onTimeout'),
    };
  }

  /** Periods of the timers that remove entries from a container, by their variables and their code, in milliseconds. */
  periodsMs({ retained, edge, retainer }: Retention, graph: WalkedGraph): number[] {
    if (this.#inLists?.graph !== graph) this.#inLists = { graph, timers: this.#timersInLists(graph) };
    const ofRetainer = this.#intervalsOf(retainer);
    const hasName = edge.kind === 'property' || edge.kind === 'private';
    return [...this.#inLists.timers, ...ofRetainer]
      .filter(
        (timer) =>
          this.#mayEmpty(timer, { retained, edge, retainer }, ofRetainer.includes(timer)) ||
          (hasName && this.#removesFromOwner(timer, edge.name, retainer)),
      )
      .map(({ everyMs }) => everyMs);
  }

  /** Whether a callback that mentions the container, or what retains it, may remove its entries. */
  #mayEmpty(
    { source, variables }: CleanupTimer,
    { retained, edge, retainer }: Retention,
    isOwn: boolean,
  ): boolean {
    if (!REMOVES.test(source)) return false;
    const namesOf = (object: object): string[] =>
      variables.flatMap(([name, value]) => (value === object && source.includes(name) ? [name] : []));
    const names = namesOf(retained);
    const ofRetainer = namesOf(retainer);
    if (names.length === 0 && ofRetainer.length === 0 && !isOwn) return false;
    const isProperty = edge.kind === 'property' || edge.kind === 'private';
    if (isProperty && source.includes(edge.name)) names.push(edge.name);
    if (names.length > 0) return names.some((name) => empties(source, name));
    // Only what retains it is mentioned: the methods that are called on that tell, where their code is known.
    const classCode = this.#classCode(retainer);
    const bodies = methodsCalledOn(source, [...THIS, ...ofRetainer]).flatMap(
      (method) => methodCode(classCode, method) ?? [],
    );
    return bodies.length === 0 || !isProperty || bodies.some((body) => empties(body, edge.name));
  }

  /**
   * Periods of the timers of the program, whatever they do, in milliseconds: what happens at an interval has to be
   * watched for longer than that.
   *
   * @param isNodeScript whether a script is Node's own
   */
  programMs({ timers }: Pick<WalkedGraph, 'timers'>, isNodeScript: (script: string) => boolean): number[] {
    const periods = new Set<number>();
    for (const latest of timers) {
      for (const timer of this.#runningIn(latest)) {
        const isProgram = !isNodeScript(this.#scriptOf(timer.callback));
        if (isProgram) periods.add(timer.everyMs ?? timer.dueMs);
        // All timers of a list have one period.
        if (isProgram) break;
      }
    }
    return sorted([...periods], (a, b) => a - b);
  }

  /**
   * Timers in one of Node's lists that run a function, a few of each source: Node's own for the sockets of a server wait
   * in one list with the program's.
   */
  *#runningIn(first: object): Generator<RunningTimer & { callback: object }> {
    const ofSource = new Map<string, number>();
    for (const timer of this.#timersFrom(first)) {
      const { callback } = timer;
      if (typeof callback !== 'function' || this.#introspection.types.isProxy(callback)) continue;
      if (this.#isOneMore(this.#sourceOf(callback), ofSource)) yield { ...timer, callback };
    }
  }

  /** Of a bound function, that of its target: every server of Node's has a bound function in an interval of 30 s. */
  #scriptOf(callback: object): string {
    const details = this.#introspection.inspector.functionDetails(callback);
    const target = details?.bound.find(([name]) => name === '[[TargetFunction]]')?.[1];
    if (typeof target !== 'function') return details?.script ?? '';
    return this.#introspection.inspector.positionOf(target)?.script ?? '';
  }

  /** A timer that runs once removes one entry, or starts the next timer when it has run. */
  #cleanupTimer(timer: RunningTimer | null): CleanupTimer | null {
    const { types, inspector } = this.#introspection;
    if (!timer || typeof timer.callback !== 'function' || types.isProxy(timer.callback)) return null;
    const everyMs = timer.everyMs ?? (timer.dueMs <= LONGEST_WAIT_MS ? timer.dueMs : 0);
    if (everyMs <= 0) return null;
    const details = inspector.functionDetails(timer.callback);
    const bound = new Map(details?.bound);
    return {
      everyMs,
      source: this.#sourceOf(bound.get('[[TargetFunction]]') ?? timer.callback),
      variables: (details?.scopes ?? []).flatMap(({ variables }) => Array.from(variables)),
      boundThis: bound.get('[[BoundThis]]'),
    };
  }

  /** In Node's lists of timers, whether or not the program has a reference to them. */
  #timersInLists({ timers }: WalkedGraph): CleanupTimer[] {
    return timers.flatMap((latest) => Array.from(this.#timersInList(latest)));
  }

  *#timersInList(first: object): Generator<CleanupTimer> {
    const ofSource = new Map<string, number>();
    for (const timer of this.#timersFrom(first)) {
      const source = this.#sourceOf(timer.callback);
      const mayRemove = this.#isOneMore(source, ofSource) && MAY_REMOVE.test(source);
      const cleanup = mayRemove ? this.#cleanupTimer(timer) : null;
      if (cleanup) yield cleanup;
    }
  }

  /**
   * Running timers in one of Node's lists: the latest, then the oldest. Those of a server's sockets are started again
   * with each request, and stand before an interval of the same length.
   *
   * @param latest the latest of the list
   */
  *#timersFrom(latest: object): Generator<RunningTimer> {
    const seen = new Set<unknown>();
    for (const next of ['_idleNext', '_idlePrev']) {
      let at: unknown = latest;
      for (let read = 0; read < MOST_TIMERS && this.#introspection.reflection.isReadable(at); read += 1) {
        if (seen.has(at) && read > 0) return;
        const timer = seen.has(at) ? null : this.runningTimer(at);
        seen.add(at);
        if (timer) yield timer;
        at = valueAt(at, next);
      }
    }
  }

  /** Whether a timer of this source is one of the first few. */
  #isOneMore(source: string, ofSource: Map<string, number>): boolean {
    const times = (ofSource.get(source) ?? 0) + 1;
    ofSource.set(source, times);
    return times <= (BOUND.test(source) ? MOST_BOUND : MOST_OF_SOURCE);
  }

  /** Intervals in properties and private fields of an object. Node's own are under symbols, which are not read. */
  #intervalsOf(owner: object): CleanupTimer[] {
    const { types, reflection, inspector } = this.#introspection;
    if (types.isProxy(owner) || Array.isArray(owner)) return [];
    const keys = ownKeysOf(owner).filter((key) => typeof key === 'string');
    const values = keys.slice(0, MOST_PROPERTIES).map((key) => valueAt(owner, key));
    if (reflection.declaresPrivate(owner))
      values.push(...inspector.privateFields(owner).map(([, value]) => value));
    return values.flatMap((value) => {
      const timer = this.runningTimer(value);
      return timer?.everyMs ? (this.#cleanupTimer(timer) ?? []) : [];
    });
  }

  /** Whether a callback removes entries from a container of its `this`: by itself, or in a method that it calls. */
  #removesFromOwner({ source, boundThis }: CleanupTimer, name: string, owner: object): boolean {
    if (boundThis !== owner && !usesThis(source)) return false;
    return removesFrom(source, name) || calledMethodRemovesFrom(source, this.#classCode(owner), name);
  }

  /** The source of a class; for a constructor function, that of its methods. */
  #classCode(object: object): string {
    const prototype = this.#introspection.reflection.prototypeOf(object);
    if (!prototype) return '';
    const source = this.#sourceOf(valueAt(prototype, 'constructor'));
    if (source.startsWith('class')) return source;
    const methods = Object.getOwnPropertyNames(prototype).slice(0, MOST_PROPERTIES);
    return methods.map((name) => `${name} = ${this.#sourceOf(valueAt(prototype, name))}`).join('\n');
  }

  #sourceOf(fn: unknown): string {
    return typeof fn === 'function' ? this.#introspection.reflection.sourceOf(fn) : '';
  }
}
