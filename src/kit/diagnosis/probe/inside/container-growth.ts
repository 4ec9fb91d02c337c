import type { types as utilTypes } from 'node:util';
import type { Entries } from './entry-samples.js';
import type { Mirror } from './inspector.js';
import type { LookNearby, Nearby } from './bound-hints.js';
import type { Objects } from './reflect.js';
import type { CodePosition, Container, Edge, Walked } from './types.js';

/** One step of a route: how an object was reached, and what it is. */
export interface RouteStep {
  edge: Edge;
  className: string;
}

/** What the containers at one place gained from the first walk to the second. */
export interface GrownContainer extends Portrait {
  /** To ask for its object again. */
  index: number;
  /** How many containers stand there, and how many entries they have together (estimated where sampled). */
  containers: number;
  /** How many of these containers there are more than in the first walk. */
  born: number;
  total: number;
  gained: number;
  bytesPerEntry: number;
}

/** What is told of a container. */
export interface Portrait {
  kind: Container['kind'];
  className: string;
  entries: number;
  /** What the entries are: a class, or a type. */
  entryClass: string;
  keys: string[];
  route: RouteStep[];
  nearby: Nearby;
  /** The function that an entry is or calls, where it is a listener, a timer or the like. */
  calls: (CodePosition & { name: string; usesOuterThis: boolean }) | null;
}

/** Runs inside the patient, from its source: it may use nothing but what it is given. */
export function makePortraits(
  { valueAt, classOf, typeName, usesOuterThis }: Objects,
  mirror: Mirror,
  types: typeof utilTypes,
  entries: Entries,
  { look }: LookNearby,
): (container: Container, walked: Walked) => Portrait {
  const LONGEST_KEY = 80;
  /** How registries call the function that they keep in a record. */
  const CALLED = ['_onTimeout', 'listener', 'callback', 'handler', 'fn', 'next'];

  function routeTo(node: number, { objects, parents, edges }: Walked): RouteStep[] {
    const route: RouteStep[] = [];
    for (let at = node; at >= 0; at = parents[at]!) {
      const step = { edge: edges[at]!, className: classOf(objects[at]!) };
      const below = route.at(-1);
      // Of the links of a chain, one stands for all.
      const isLink =
        below?.edge.kind === step.edge.kind &&
        below.edge.name === step.edge.name &&
        below.className === step.className &&
        step.edge.kind === 'property';
      if (!isLink) route.push(step);
    }
    return route.toReversed();
  }

  function callOf(entry: unknown): Portrait['calls'] {
    let program = entry;
    for (const key of CALLED) {
      if (typeof program !== 'object' || program === null || types.isProxy(program)) break;
      const value = valueAt(program, key);
      if (typeof value === 'function') program = value;
    }
    if (typeof program !== 'function') return null;
    // What `once` registers is a wrapper of Node's around it.
    const listener = valueAt(program, 'listener');
    const called = typeof listener === 'function' ? listener : program;
    let inside = mirror.functionInside(called);
    const wrapped = inside?.bound.find(([name]) => name === '[[TargetFunction]]')?.[1];
    if (typeof wrapped === 'function') inside = mirror.functionInside(wrapped);
    if (!inside || inside.script === '') return null;
    const name = valueAt(called, 'name');
    return {
      name: typeof name === 'string' ? name : '',
      script: inside.script,
      line: inside.line,
      column: inside.column,
      usesOuterThis: usesOuterThis(called),
    };
  }

  /** Of a key and its value the value goes first; a link has what it calls anywhere. */
  function callIn(values: unknown[]): Portrait['calls'] {
    for (const value of values.toReversed()) {
      const call = callOf(value);
      if (call) return call;
    }
    return null;
  }

  /** Keys that say something: objects as keys do not. */
  function keysOf(some: unknown[][]): string[] {
    return some.flatMap(([key]) => {
      if (typeof key === 'string') return key.slice(0, LONGEST_KEY);
      return (typeof key === 'object' && key !== null) || typeof key === 'function' ? [] : String(key);
    });
  }

  return (container, walked) => {
    const some = entries.sample(container);
    return {
      kind: container.kind,
      className: classOf(container.object),
      entries: container.entries,
      entryClass: some.length > 0 ? typeName(some[0]!.at(-1)) : '',
      keys: keysOf(some),
      route: routeTo(container.node, walked),
      nearby: look(container, walked),
      calls: callIn(some.at(-1) ?? []),
    };
  };
}
