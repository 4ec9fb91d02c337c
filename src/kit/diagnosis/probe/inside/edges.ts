import type { types as utilTypes } from 'node:util';
import type { Landmarks } from './named-roots.js';
import type { FunctionInside, Mirror } from './inspector.js';
import type { Objects } from './reflect.js';
import type { Edge, Sink } from './types.js';

/** What each kind of step costs. */
export interface EdgeCosts {
  property: number;
  symbol: number;
  entry: number;
  variable: number;
  scope: number;
  outerScope: number;
  prototype: number;
  bound: number;
  nest: number;
  nestBooks: number;
  nextTimer: number;
}

/** Offers everything that can be reached from an object in one step. */
export type Steps = (object: object, node: number, weight: number, place: number) => void;

/**
 * Runs inside the patient, from its source: it may use nothing but what it is given.
 *
 * Of a large container a few entries are offered, each for many, so that the cost of a walk follows the structure of
 * the program and not the size of its data.
 */
export function makeEdges(
  {
    valueAt,
    sourceOf,
    usesOuterThis,
    declaresPrivate,
    declaresStaticPrivate,
    isVisited,
    textLength,
  }: Objects,
  mirror: Mirror,
  types: typeof utilTypes,
  landmarks: Landmarks,
  cost: EdgeCosts,
  isInternal: (script: string) => boolean,
  { offer, note, arrow }: Sink,
): Steps {
  /** Fewer entries are all entered; of more, a sample is. */
  const ALL_ENTERED = 64;
  const SAMPLED = 8;
  /** Fewer own properties than this are a record, not a dictionary. */
  const DICTIONARY = 24;
  const DICTIONARY_ENTERED = 400;
  /** A class of the program's own above a container: its private fields are shown with all of its entries. */
  const MOST_SHOWN = 1_000;
  /** Looks into functions of one code: beyond, they are more of the same. */
  const MOST_OF_CODE = 8;
  const UNIVERSAL = new Set<PropertyKey>(['prototype', 'constructor', '__proto__']);
  const ENTRY: Edge = { kind: 'entry', name: '' };
  const KEY: Edge = { kind: 'entry', name: 'key' };
  const PROTOTYPE: Edge = { kind: 'prototype', name: '' };
  const looksInto = new Map<string, number>();

  function priceOf(key: PropertyKey): number {
    if (UNIVERSAL.has(key)) return cost.prototype;
    if (key === '_idleNext') return cost.nextTimer;
    return typeof key === 'symbol' ? cost.symbol : cost.property;
  }

  function fromObject(object: object, node: number, weight: number): void {
    const characters = textLength(object);
    if (characters !== null) return note('String', characters, node);
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (prototype) offer(prototype, node, PROTOTYPE, cost.prototype, 1);
    if (types.isAnyArrayBuffer(object)) return note('Buffer', object.byteLength, node);
    if (types.isArrayBufferView(object)) {
      return offer(object.buffer, node, { kind: 'property', name: 'buffer' }, cost.property, weight);
    }
    let entries = 0;
    if (Array.isArray(object)) entries = fromArray(object, node, weight);
    else {
      if (types.isMap(object)) entries = fromMap(object, node, weight);
      else if (types.isSet(object)) entries = fromSet(object, node, weight);
      landmarks.passObject(object);
      const steps = landmarks.nestSteps(object);
      for (const [name, to] of steps ?? []) offer(to, node, { kind: 'nest', name }, cost.nest, weight);
      fromProperties(object, node, weight, steps ? cost.nestBooks : 0);
    }
    if (entries < MOST_SHOWN && declaresPrivate(object)) {
      for (const [name, value] of mirror.privateFields(object)) {
        offer(value, node, { kind: 'private', name }, cost.property, weight);
      }
    }
  }

  function fromMap(map: Map<unknown, unknown>, node: number, weight: number): number {
    const size = Reflect.get(Map.prototype, 'size', map);
    note('Map', size, node);
    const entered = size > ALL_ENTERED ? SAMPLED : size;
    let count = 0;
    for (const [key, value] of Map.prototype.entries.call(map) as MapIterator<[unknown, unknown]>) {
      if (count >= entered) break;
      count += 1;
      offer(key, node, KEY, cost.entry + 1, (weight * size) / entered);
      offer(value, node, ENTRY, cost.entry, (weight * size) / entered);
    }
    return size;
  }

  function fromSet(set: Set<unknown>, node: number, weight: number): number {
    const size = Reflect.get(Set.prototype, 'size', set);
    note('Set', size, node);
    const entered = size > ALL_ENTERED ? SAMPLED : size;
    let count = 0;
    for (const value of Set.prototype.values.call(set) as SetIterator<unknown>) {
      if (count >= entered) break;
      count += 1;
      offer(value, node, ENTRY, cost.entry, (weight * size) / entered);
    }
    return size;
  }

  function fromArray(array: unknown[], node: number, weight: number): number {
    const { length } = array;
    note('Array', filledOf(array), node);
    const all = length <= ALL_ENTERED;
    const entered = all ? length : SAMPLED;
    for (let index = 0; index < entered; index += 1) {
      // Of a long one from both ends: what grows is at one of them.
      const at = all || index < SAMPLED / 2 ? index : length - entered + index;
      offer(valueAt(array, at), node, ENTRY, cost.entry, (weight * length) / entered);
    }
    return length;
  }

  /** Rings and queues have room to spare: of a long array, as many as a sample of it says are there. */
  function filledOf(array: unknown[]): number {
    const { length } = array;
    if (length <= ALL_ENTERED) return length;
    let filled = 0;
    for (let at = 0; at < ALL_ENTERED; at += 1) {
      const value = valueAt(array, Math.floor(((at + 0.5) * length) / ALL_ENTERED));
      if (value !== undefined && value !== null) filled += 1;
    }
    return Math.round((length * filled) / ALL_ENTERED);
  }

  function fromProperties(object: object, node: number, weight: number, extra: number): void {
    const keys = Reflect.ownKeys(object);
    if (keys.length >= DICTIONARY) note('Object', keys.length, node);
    const isLarge = keys.length > DICTIONARY_ENTERED;
    const entered = isLarge ? SAMPLED : keys.length;
    for (let index = 0; index < entered; index += 1) {
      const key = keys[index]!;
      if (key === '_idlePrev') continue; // Node's timers stand in rings: one way round is enough
      const value = valueAt(object, key);
      if (value === undefined) fromGetter(object, key, node, weight);
      if (!isVisited(value)) continue;
      const edge: Edge = isLarge ? ENTRY : { kind: 'property', name: String(key) };
      offer(value, node, edge, priceOf(key) + extra, (weight * keys.length) / entered);
    }
  }

  /** A getter is never called, but it is a function like any other: what it gives may be in its closure alone. */
  function fromGetter(object: object, key: PropertyKey, node: number, weight: number): void {
    const getter = Object.getOwnPropertyDescriptor(object, key)?.get;
    if (getter) offer(getter, node, { kind: 'property', name: String(key) }, cost.property, weight);
  }

  function fromFunction(program: object, node: number, weight: number, place: number): void {
    const source = sourceOf(program);
    const isBound = (valueAt(program, 'name') as string | undefined)?.startsWith?.('bound ') ?? false;
    const isClass = source.startsWith('class');
    for (const key of Reflect.ownKeys(program)) {
      // Reading the prototype of a plain function would make one.
      if (key === 'name' || key === 'length' || (key === 'prototype' && !isClass)) continue;
      if (key === 'arguments' || key === 'caller') continue;
      offer(valueAt(program, key), node, { kind: 'property', name: String(key) }, priceOf(key), weight);
      fromGetter(program, key, node, weight);
    }
    if (isClass && declaresStaticPrivate(program)) {
      for (const [name, value] of mirror.privateFields(program))
        offer(value, node, { kind: 'private', name }, cost.property, weight);
    }
    if (isClass) {
      const parent = Object.getPrototypeOf(program) as object | null;
      if (parent) offer(parent, node, PROTOTYPE, cost.prototype, 1);
    }
    if (!isBound && source.endsWith('{ [native code] }')) return;
    // All bound functions have the same source: their place says more.
    const code = isBound ? `bound ${place}` : `${source.length} ${source.slice(0, 80)}`;
    const looks = (looksInto.get(code) ?? 0) + 1;
    looksInto.set(code, looks);
    if (looks > MOST_OF_CODE) return;
    const inside = mirror.functionInside(program);
    if (!inside || (inside.script !== '' && isInternal(inside.script))) return;
    if (usesOuterThis(program)) arrow(inside);
    for (const [name, value] of inside.bound) {
      offer(value, node, { kind: 'bound', name }, cost.bound, weight);
    }
    landmarks.passFunction(program, inside);
    fromScopes(inside, node, weight);
  }

  function fromScopes({ script, line, column, scopes }: FunctionInside, node: number, weight: number): void {
    for (const [depth, { description, variables }] of scopes.entries()) {
      // The outermost is the module's, or the script's.
      const isModule = depth === scopes.length - 1 || /^(Module|Script)/.test(description);
      const scope = isModule ? '' : (/\((.*)\)/.exec(description)?.[1] ?? 'anonymous');
      const price = cost.scope + depth * cost.outerScope + cost.variable;
      for (const [name, value] of variables) {
        // A file is there once, however many of its functions were seen.
        const shared = isModule ? 1 : weight;
        offer(value, node, { kind: 'variable', name, script, scope, line, column }, price, shared);
      }
    }
  }

  return (object, node, weight, place) =>
    typeof object === 'function'
      ? fromFunction(object, node, weight, place)
      : fromObject(object, node, weight);
}
