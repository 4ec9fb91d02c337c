import { reversed } from './copies.js';
import type { BoundHints, BoundHintsReader } from './bound-hints.js';
import type { EntryValues } from './entry-weight.js';
import type { Introspection } from './introspection.js';
import { ownKeysOf, isObject, valueAt } from './reflect.js';
import type { CodePosition, ContainerKind, Edge, WalkedContainer, WalkedGraph } from './walk-result.js';

const LONGEST_KEY = 80;
const KEYS_SHOWN = 8;
/** Properties in which registries have the function that they call. */
const CALLBACK_KEYS = ['_onTimeout', 'listener', 'callback', 'handler', 'fn', 'next'];

/** One step of a route: how an object was reached, and its class. */
export interface RouteStep {
  edge: Edge;
  className: string;
  /** Where the class is written; absent for classes of V8. */
  classAt?: CodePosition;
}

/** The function that an entry is or calls, if it is a listener, a timer or the like. */
export interface CalledFunction extends CodePosition {
  name: string;
  /** It is an arrow function that retains the `this` around it. */
  usesLexicalThis: boolean;
}

/** What is reported of a container. */
export interface ContainerDescription {
  kind: ContainerKind;
  className: string;
  entries: number;
  /** The class of an entry, or the type of a primitive one. */
  entryClass: string;
  keys: string[];
  route: RouteStep[];
  nearby: BoundHints;
  calls: CalledFunction | null;
}

/** The largest of the containers on one path, and how they grew from the first walk to the second. */
export interface GrownContainer extends ContainerDescription {
  /** By which the probe finds its object again. */
  index: number;
  /** How many containers are on the path, and how many entries they have in all; estimates where sampled. */
  containers: number;
  total: number;
  /** How many more containers than in the first walk. */
  born: number;
  /** See `Gain`. */
  replaced: number;
  /** Entries that those which are gone had. */
  gone: number;
  /** How many more entries than in the first walk. */
  gained: number;
  /** Of a new entry. */
  bytesPerEntry: number;
  /** Of a new entry, at most: V8 does not show which texts are ropes, and how many free slots an array has. */
  mostBytesPerEntry: number;
  /** Of any entry: the mean of all ages. */
  heldBytesPerEntry: number;
  /** Arrow functions in its entries, each of which retains a `this` that cannot be seen. */
  arrows: CodePosition[];
  /** Of `bytesPerEntry`: what new entries of other containers have as well, which were weighed before this one. */
  overlaps: { index: number; bytesPerEntry: number }[];
}

/** Describes containers. */
export class ContainerDescriber {
  readonly #introspection: Introspection;
  readonly #hints: BoundHintsReader;

  constructor(introspection: Introspection, hints: BoundHintsReader) {
    this.#introspection = introspection;
    this.#hints = hints;
  }

  /** @param entries some of its entries, the newest last */
  describe(
    container: WalkedContainer,
    entries: readonly EntryValues[],
    graph: WalkedGraph,
  ): ContainerDescription {
    const { reflection } = this.#introspection;
    const entry = entries.at(-1);
    return {
      kind: container.kind,
      className: reflection.classOf(container.object),
      entries: container.entries,
      entryClass: entry ? reflection.typeName(entry.at(-1)) : '',
      keys: keysOf(entries),
      route: this.#routeTo(container.node, graph),
      nearby: this.#hints.read(container, graph),
      calls: this.#callIn(container.kind === 'List' ? valuesOf(entry?.[0]) : (entry ?? [])),
    };
  }

  #routeTo(node: number, { objects, parents, edges }: WalkedGraph): RouteStep[] {
    const route: RouteStep[] = [];
    for (let at = node; at >= 0; at = parents[at]!) {
      const step = this.#stepTo(objects[at]!, edges[at]!);
      const below = route.at(-1);
      if (!below || !areLinks(step, below)) route.push(step);
    }
    return reversed(route);
  }

  #stepTo(object: object, edge: Edge): RouteStep {
    const { reflection, inspector } = this.#introspection;
    const constructor = reflection.constructorOf(object);
    const classAt = constructor && inspector.positionOf(constructor);
    return { edge, className: reflection.classOf(object), ...(classAt && { classAt }) };
  }

  /** In a value before its key; in a link anywhere. */
  #callIn(values: EntryValues): CalledFunction | null {
    for (const value of reversed(values)) {
      const call = this.#callOf(value);
      if (call) return call;
    }
    return null;
  }

  #callOf(entry: unknown): CalledFunction | null {
    const { types, reflection, inspector } = this.#introspection;
    let callback = entry;
    for (const key of CALLBACK_KEYS) {
      if (!reflection.isReadable(callback)) break;
      const value = valueAt(callback, key);
      if (typeof value === 'function') callback = value;
    }
    if (typeof callback !== 'function' || types.isProxy(callback)) return null;
    // `once` registers a function of Node's that has the listener as a property.
    const listener = valueAt(callback, 'listener');
    const called = typeof listener === 'function' ? listener : callback;
    let details = inspector.functionDetails(called);
    const target = details?.bound.find(([name]) => name === '[[TargetFunction]]')?.[1];
    if (typeof target === 'function') details = inspector.functionDetails(target);
    if (!details || details.script === '') return null;
    const { script, line, column } = details;
    const name = valueAt(called, 'name');
    return {
      name: typeof name === 'string' ? name : '',
      script,
      line,
      column,
      usesLexicalThis: reflection.usesLexicalThis(called),
    };
  }
}

/** Whether two steps lead along a list: one of them stands for all. */
function areLinks(step: RouteStep, below: RouteStep): boolean {
  return (
    step.edge.kind === 'property' &&
    below.edge.kind === 'property' &&
    below.edge.name === step.edge.name &&
    below.className === step.className
  );
}

function valuesOf(link: unknown): unknown[] {
  return isObject(link) ? ownKeysOf(link).map((key) => valueAt(link, key)) : [];
}

/** Keys as text, without those that are objects. */
function keysOf(entries: readonly EntryValues[]): string[] {
  return entries.slice(-KEYS_SHOWN).flatMap(([key]) => {
    if (typeof key === 'string') return key.slice(0, LONGEST_KEY);
    return isObject(key) || typeof key === 'function' ? [] : String(key);
  });
}
