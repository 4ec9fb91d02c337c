import type { types as utilTypes } from 'node:util';
import type { FunctionInside, Mirror } from './mirror.js';

/** How something was reached from what holds it. Variables begin a path: a file owns them, however it is reached. */
export interface Edge {
  kind: 'root' | 'property' | 'private' | 'entry' | 'variable' | 'prototype' | 'bound';
  name: string;
  /** Of a variable: the script, whose function it belongs to (empty for the module's own) and what scope that is. */
  script?: string;
  scope?: string;
  /** Of a variable: where the function is through which it was seen. From 1. */
  line?: number;
  column?: number;
}

export interface Container {
  kind: 'Map' | 'Set' | 'Array' | 'Object' | 'Buffer' | 'List';
  entries: number;
  /** Containers like this one that stand behind it, where only a sample of them was visited. */
  weight: number;
  /** Index of the place it stands at; the same in every walk. */
  place: number;
  /** Index of the object, within one walk. */
  node: number;
  object: object;
}

export interface Walked {
  containers: Container[];
  /** Every object that was visited, and its index in what follows. */
  nodes: Map<object, number>;
  objects: object[];
  parents: number[];
  edges: Edge[];
  /** Nest's own lists of modules. */
  nest: object[];
}

export interface Walker {
  /** Goes on for about so long. @returns whether it is done. */
  step(forMs: number): boolean;
  walked: Walked;
  counts: { objects: number; functions: number; skipped: number };
}

/** Of a function. From 1. */
export interface CodePosition {
  script: string;
  line: number;
  column: number;
}

/** Where an object stands, by the names that lead to it: the same in every walk of one process. */
export interface Places {
  under(place: number, edge: Edge, className: string): number;
}

/**
 * Runs inside the patient, from its source: it may use nothing but what it is given.
 *
 * Visits what the program can reach, nearest first, and notes the size of every container. Of a large one it enters
 * a few entries, so that its cost follows the structure of the program and not the size of its data. No getter and
 * no proxy is ever called.
 */
export function makeWalker(
  mirror: Mirror,
  types: typeof utilTypes,
  places: Places,
  isInternal: (script: string) => boolean,
  roots: [name: string, object: object, cost: number][],
  arrows: Map<string, CodePosition>,
): Walker {
  /** Fewer entries are all entered; of more, a sample is. */
  const ALL_ENTERED = 64;
  const SAMPLED = 8;
  /** Fewer own properties than this are a record, not a dictionary. */
  const DICTIONARY = 24;
  const DICTIONARY_ENTERED = 400;
  const MOST_OBJECTS = 300_000;
  /** Visits to one place, and looks into functions of one code: beyond, they are more of the same. */
  const MOST_AT_PLACE = 2_000;
  const MOST_OF_CODE = 8;
  const LIST_BEGINS = 200;
  const MOST_ARROWS = 100;
  const cost = { property: 2, private: 2, entry: 3, variable: 2, symbol: 6, prototype: 8, bound: 4, root: 0 };

  const nodes = new Map<object, number>();
  const walked: Walked = { containers: [], nodes, objects: [], parents: [], edges: [], nest: [] };
  const counts = { objects: 0, functions: 0, skipped: 0 };
  const nodePlaces: number[] = [];
  const nodeWeights: number[] = [];
  const nodeCosts: number[] = [];
  const visitsAt = new Map<number, number>();
  const looksInto = new Map<string, number>();
  const hasPrivate = new Map<unknown, boolean>();
  /** Candidates by what it costs to get there, the nearest first. */
  const queue: { object: object; parent: number; edge: Edge; weight: number }[][] = [];
  let level = 0;
  /** A linked list that is being counted, over as many slices as it takes. */
  let list: { at: object | null; head: object; key: string; length: number; node: number } | null = null;

  const sourceOf = (program: object): string => Function.prototype.toString.call(program);
  const valueAt = (object: object, key: PropertyKey): unknown => {
    const property = Object.getOwnPropertyDescriptor(object, key);
    return property && 'value' in property ? property.value : undefined;
  };
  function classOf(object: object): string {
    if (typeof object === 'function') return 'Function';
    let at: object | null = object;
    for (let depth = 0; at !== null && depth < 4 && !types.isProxy(at); depth += 1) {
      const made = valueAt(at, 'constructor');
      if (typeof made === 'function') {
        const name = valueAt(made, 'name');
        return typeof name === 'string' && name !== '' ? name : 'Object';
      }
      at = Object.getPrototypeOf(at) as object | null;
    }
    return 'Object';
  }

  function offer(value: unknown, parent: number, edge: Edge, price: number, weight: number): void {
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return;
    if (nodes.has(value)) return;
    const total = Math.min(1_000, (nodeCosts[parent] ?? 0) + price);
    (queue[total] ??= []).push({ object: value, parent, edge, weight });
    if (total < level) level = total;
  }

  function next() {
    for (; level < queue.length; level += 1) {
      const bucket = queue[level] ?? [];
      // Last in, first out within a level: cheap, and as good as any order.
      for (let candidate = bucket.pop(); candidate; candidate = bucket.pop()) {
        if (!nodes.has(candidate.object)) return candidate;
      }
    }
    return null;
  }

  function enter({ object, parent, edge, weight }: NonNullable<ReturnType<typeof next>>): void {
    nodes.set(object, walked.objects.length);
    const isProxy = types.isProxy(object);
    const className = isProxy ? 'Proxy' : classOf(object);
    const place = places.under(edge.kind === 'variable' ? -1 : (nodePlaces[parent] ?? -1), edge, className);
    const visits = (visitsAt.get(place) ?? 0) + 1;
    visitsAt.set(place, visits);
    const node = walked.objects.push(object) - 1;
    walked.parents.push(parent);
    walked.edges.push(edge);
    nodePlaces.push(place);
    nodeWeights.push(weight);
    nodeCosts.push(level);
    counts.objects += 1;
    if (isProxy) return;
    if (className === 'NestContainer') walked.nest.push(object);
    // A list's links all stand at one place: they are counted along the link instead of one by one.
    if (visits > LIST_BEGINS && edge.kind === 'property' && nodePlaces[parent] === place && list === null) {
      list = { at: object, head: object, key: edge.name, length: visits, node };
      visitsAt.set(place, Number.POSITIVE_INFINITY);
      return;
    }
    if (visits > MOST_AT_PLACE) {
      counts.skipped += 1;
      return;
    }
    if (typeof object === 'function') visitFunction(object, node, weight);
    else visitObject(object, node, weight, className);
  }

  function note(kind: Container['kind'], entries: number, node: number): void {
    const container = { kind, entries, weight: nodeWeights[node]!, place: nodePlaces[node]!, node };
    walked.containers.push({ ...container, object: walked.objects[node]! });
  }

  function visitObject(object: object, node: number, weight: number, className: string): void {
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (prototype) offer(prototype, node, { kind: 'prototype', name: '' }, cost.prototype, 1);
    if (types.isAnyArrayBuffer(object)) return note('Buffer', object.byteLength, node);
    if (types.isArrayBufferView(object)) {
      offer(object.buffer, node, { kind: 'property', name: 'buffer' }, cost.property, weight);
      return;
    }
    if (Array.isArray(object)) visitArray(object, node, weight);
    else {
      if (types.isMap(object)) visitMap(object, node, weight);
      else if (types.isSet(object)) visitSet(object, node, weight);
      visitProperties(object, node, weight);
    }
    const isLarge = types.isMap(object) || types.isSet(object) || Array.isArray(object);
    if (!isLarge && prototype && declaresPrivate(prototype)) {
      for (const [name, value] of mirror.privateFields(object)) {
        offer(value, node, { kind: 'private', name }, cost.private, weight);
      }
    } else if (isLarge && className !== 'Map' && className !== 'Set' && className !== 'Array') {
      // A class of one's own above a container: its private fields are shown without its entries.
      if (prototype && declaresPrivate(prototype) && walked.containers.at(-1)!.entries < 1_000) {
        for (const [name, value] of mirror.privateFields(object)) {
          offer(value, node, { kind: 'private', name }, cost.private, weight);
        }
      }
    }
  }

  /** Whether a class above declares private fields: its own source says so. */
  function declaresPrivate(prototype: object): boolean {
    const known = hasPrivate.get(prototype);
    if (known !== undefined) return known;
    let found = false;
    let at: object | null = prototype;
    for (let depth = 0; at && depth < 6 && !found && !types.isProxy(at); depth += 1) {
      const made = valueAt(at, 'constructor');
      if (typeof made === 'function' && !types.isProxy(made)) {
        const source = sourceOf(made);
        found = source.startsWith('class') && /#[\p{ID_Start}$_]/u.test(source);
      }
      at = Object.getPrototypeOf(at) as object | null;
    }
    hasPrivate.set(prototype, found);
    return found;
  }

  function visitMap(map: Map<unknown, unknown>, node: number, weight: number): void {
    const size = Reflect.get(Map.prototype, 'size', map);
    note('Map', size, node);
    const entered = size > ALL_ENTERED ? SAMPLED : size;
    let count = 0;
    for (const [key, value] of Map.prototype.entries.call(map) as MapIterator<[unknown, unknown]>) {
      if (count >= entered) break;
      count += 1;
      const edge: Edge = { kind: 'entry', name: '' };
      offer(key, node, { kind: 'entry', name: 'key' }, cost.entry + 1, (weight * size) / entered);
      offer(value, node, edge, cost.entry, (weight * size) / entered);
    }
  }

  function visitSet(set: Set<unknown>, node: number, weight: number): void {
    const size = Reflect.get(Set.prototype, 'size', set);
    note('Set', size, node);
    const entered = size > ALL_ENTERED ? SAMPLED : size;
    let count = 0;
    for (const value of Set.prototype.values.call(set) as SetIterator<unknown>) {
      if (count >= entered) break;
      count += 1;
      offer(value, node, { kind: 'entry', name: '' }, cost.entry, (weight * size) / entered);
    }
  }

  function visitArray(array: unknown[], node: number, weight: number): void {
    const { length } = array;
    note('Array', filledOf(array), node);
    const all = length <= ALL_ENTERED;
    const entered = all ? length : SAMPLED;
    for (let index = 0; index < entered; index += 1) {
      // Of a long one from both ends: what grows is at one of them.
      const at = all || index < SAMPLED / 2 ? index : length - entered + index;
      const edge: Edge = { kind: 'entry', name: '' };
      offer(valueAt(array, at), node, edge, cost.entry, (weight * length) / entered);
    }
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

  function visitProperties(object: object, node: number, weight: number): void {
    const keys = Reflect.ownKeys(object);
    const isDictionary = keys.length >= DICTIONARY;
    if (isDictionary) note('Object', keys.length, node);
    const entered = keys.length > DICTIONARY_ENTERED ? SAMPLED : keys.length;
    for (let index = 0; index < entered; index += 1) {
      const key = keys[index]!;
      if (key === '_idlePrev') continue; // Node's timers stand in rings: one way round is enough
      const value = valueAt(object, key);
      if ((typeof value !== 'object' || value === null) && typeof value !== 'function') {
        if (value === undefined) offerGetter(object, key, node, weight);
        continue;
      }
      const isSymbol = typeof key === 'symbol';
      const edge: Edge =
        keys.length > DICTIONARY_ENTERED
          ? { kind: 'entry', name: '' }
          : { kind: 'property', name: String(key) };
      const price = isSymbol ? cost.symbol : cost.property;
      offer(value, node, edge, price, (weight * keys.length) / entered);
    }
  }

  /** A getter is never called, but it is a function like any other: what it gives may be in its closure alone. */
  function offerGetter(object: object, key: PropertyKey, node: number, weight: number): void {
    const getter = Object.getOwnPropertyDescriptor(object, key)?.get;
    if (getter) offer(getter, node, { kind: 'property', name: String(key) }, cost.property, weight);
  }

  function visitFunction(program: object, node: number, weight: number): void {
    counts.functions += 1;
    const source = sourceOf(program);
    const isBound = (valueAt(program, 'name') as string | undefined)?.startsWith?.('bound ') ?? false;
    const isClass = source.startsWith('class');
    for (const key of Reflect.ownKeys(program)) {
      // Reading the prototype of a plain function would make one.
      if (key === 'name' || key === 'length' || (key === 'prototype' && !isClass)) continue;
      if (key === 'arguments' || key === 'caller') continue;
      const price =
        key === 'prototype' ? cost.prototype : typeof key === 'symbol' ? cost.symbol : cost.property;
      offer(valueAt(program, key), node, { kind: 'property', name: String(key) }, price, weight);
      offerGetter(program, key, node, weight);
    }
    if (isClass) {
      const parent = Object.getPrototypeOf(program) as object | null;
      if (parent) offer(parent, node, { kind: 'prototype', name: '' }, cost.prototype, 1);
    }
    if (!isBound && source.endsWith('{ [native code] }')) return;
    // All bound functions have the same source: their place says more.
    const code = isBound ? `bound ${nodePlaces[node]}` : `${source.length} ${source.slice(0, 80)}`;
    const looks = (looksInto.get(code) ?? 0) + 1;
    looksInto.set(code, looks);
    if (looks > MOST_OF_CODE) return;
    const inside = mirror.functionInside(program);
    if (!inside || (inside.script !== '' && isInternal(inside.script))) return;
    if (
      /^(async\s*)?(\([^]*?\)|[\w$]+)\s*=>[^]*\bthis\b/.test(source.slice(0, 4_000)) &&
      arrows.size < MOST_ARROWS
    ) {
      const { script, line, column } = inside;
      arrows.set(`${script} ${line} ${column}`, { script, line, column });
    }
    for (const [name, value] of inside.bound) {
      offer(value, node, { kind: 'bound', name }, cost.bound, weight);
    }
    visitScopes(inside, node, weight);
  }

  function visitScopes(inside: FunctionInside, node: number, weight: number): void {
    const { script, line, column, scopes } = inside;
    const own = scopes.filter(({ description }) => !description.startsWith('Global'));
    for (const [depth, { description, object }] of own.entries()) {
      // The outermost is the module's, or the script's.
      const isModule = depth === own.length - 1 || /^(Module|Script)/.test(description);
      const scope = isModule ? '' : (/\((.*)\)/.exec(description)?.[1] ?? 'anonymous');
      for (const name of Object.keys(object)) {
        const edge: Edge = { kind: 'variable', name, script, scope, line, column };
        offer(valueAt(object, name), node, edge, cost.variable + (isModule ? 0 : 1), weight);
      }
    }
  }

  /** Some thousands of links. @returns whether the end was reached. */
  function countList(): void {
    const MOST_LINKS = 20_000_000;
    const current = list!;
    for (let links = 0; links < 2_000; links += 1) {
      const following = current.at && !types.isProxy(current.at) ? valueAt(current.at, current.key) : null;
      const ended = typeof following !== 'object' || following === null || following === current.head;
      if (ended || current.length > MOST_LINKS) {
        // It belongs to who holds its first link.
        let first = current.node;
        while (nodePlaces[walked.parents[first]!] === nodePlaces[first]) first = walked.parents[first]!;
        note('List', current.length, first);
        list = null;
        return;
      }
      current.at = following;
      current.length += 1;
    }
  }

  for (const [name, object, price] of roots) offer(object, -1, { kind: 'root', name }, price, 1);

  return {
    walked,
    counts,
    step(forMs) {
      const end = performance.now() + forMs;
      for (let steps = 0; ; steps += 1) {
        if (steps % 8 === 0 && performance.now() >= end) return false;
        if (list) {
          countList();
          continue;
        }
        const candidate = counts.objects < MOST_OBJECTS ? next() : null;
        if (!candidate) return true;
        enter(candidate);
      }
    },
  };
}
