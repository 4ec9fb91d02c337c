import type { types as utilTypes } from 'node:util';
import type { Mirror } from './mirror.js';
import type { LookNearby, Nearby } from './nearby.js';
import type { Sizes } from './sizes.js';
import type { Container, Edge, Walked, Walker } from './walker.js';

/** One step of a route: how an object was reached, and what it is. */
export interface RouteStep {
  edge: Edge;
  className: string;
  /** What Nest calls it, where it is one of its providers: `UsersModule › UsersService`. */
  nest?: string;
}

/** What the containers at one place gained from the first walk to the second. */
export interface Gain {
  /** To ask for its object again. */
  index: number;
  kind: Container['kind'];
  className: string;
  /** Of the largest container there. */
  entries: number;
  /** How many containers stand there, and how many entries they have together (estimated where sampled). */
  containers: number;
  total: number;
  gained: number;
  bytesPerEntry: number;
  /** What the entries are: a class, or a type. */
  entryClass: string;
  keys: string[];
  route: RouteStep[];
  nearby: Nearby;
  /** The function that an entry is or calls, where it is a listener, a timer or the like. */
  calls: { name: string; script: string; line: number; column: number } | null;
}

export interface SurveyFacts {
  objects: number;
  functions: number;
  containers: number;
  skipped: number;
}

export interface Survey {
  begin(internalScripts: string[]): void;
  step(forMs: number): boolean;
  /** Ends the first walk: what was found is remembered by weak references only. */
  remember(): SurveyFacts;
  /** Ends the second walk: what the gains are takes a few steps more. */
  compare(limit: number): void;
  /** The gains, those of most bytes first. */
  result(): { gains: Gain[]; facts: SurveyFacts; now: number };
  /** Empties the container of a gain. @returns how many entries it had. */
  clear(index: number): number;
  close(): void;
}

/** Runs inside the patient, from its source: it may use nothing but what it is given. */
export function makeSurvey(
  mirror: Mirror,
  types: typeof utilTypes,
  sizes: Sizes,
  look: LookNearby,
  newWalker: (isInternal: (script: string) => boolean) => Walker,
): Survey {
  const CANDIDATES = 60;
  const SAMPLED = 8;
  const TRIED = 64;
  /** Fewer entries than this are no growth that anybody would measure. */
  const FEWEST = 8;
  let job: Generator<void> | null = null;
  let compared: ReturnType<Survey['result']> | null = null;
  let walker: Walker | null = null;
  let before = new WeakMap<object, number>();
  const totalsBefore = new Map<number, number>();
  /** The largest of each place, for what is asked of it later. */
  let held: { object: object; holder: object | undefined }[] = [];

  interface Group {
    largest: Container;
    containers: number;
    total: number;
    /** Gained by containers that both walks saw. */
    same: number;
  }

  function groupsOf({ containers }: Walked): Map<number, Group> {
    const groups = new Map<number, Group>();
    for (const container of containers) {
      const { place, entries, weight, object } = container;
      let group = groups.get(place);
      if (!group) groups.set(place, (group = { largest: container, containers: 0, total: 0, same: 0 }));
      group.containers += weight;
      group.total += weight * entries;
      group.same += weight * (entries - (before.get(object) ?? entries));
      if (entries > group.largest.entries) group.largest = container;
    }
    return groups;
  }

  function gainOf(place: number, group: Group): number {
    const inSample = group.containers > 1.5 && group.largest.weight > 1;
    // Entries of entries: what new ones brought along belongs to who holds them.
    return inSample ? group.same : group.total - (totalsBefore.get(place) ?? 0);
  }

  function nameOf(object: object): string {
    if (typeof object === 'function') return 'Function';
    for (let at: object | null = object, depth = 0; at && depth < 4 && !types.isProxy(at); depth += 1) {
      const made: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
      if (typeof made === 'function')
        return (Object.getOwnPropertyDescriptor(made, 'name')?.value as string) || 'Object';
      at = Object.getPrototypeOf(at) as object | null;
    }
    return 'Object';
  }

  function entriesOf({ kind, object }: Container): unknown[][] {
    const sample: unknown[][] = [];
    if (kind === 'Map' || kind === 'Set') {
      const all =
        kind === 'Map'
          ? Map.prototype.entries.call(object as never)
          : Set.prototype.values.call(object as never);
      for (const entry of all as Iterable<unknown>) {
        sample.push(kind === 'Map' ? (entry as unknown[]) : [entry]);
        if (sample.length >= SAMPLED) break;
      }
    } else if (kind === 'Array') {
      // The latest; where there is room to spare, whatever there is.
      const { length } = object as unknown[];
      for (let back = 1; back <= Math.min(length, 2 * TRIED) && sample.length < SAMPLED; back += 1) {
        const at = back <= TRIED ? length - back : Math.floor(((2 * TRIED - back) * length) / TRIED);
        const value: unknown = Object.getOwnPropertyDescriptor(object, at)?.value;
        if (value !== undefined && value !== null) sample.push([value]);
      }
    } else if (kind === 'Object') {
      const keys = Reflect.ownKeys(object);
      for (const key of keys.slice(-SAMPLED)) {
        sample.push([key, Object.getOwnPropertyDescriptor(object, key)?.value]);
      }
    } else if (kind === 'List') {
      // A few links, each without the rest of the list.
      const name = nameOf(object);
      for (let at: object | undefined = object; at && sample.length < SAMPLED;) {
        const values = Reflect.ownKeys(at).map(
          (key) => Object.getOwnPropertyDescriptor(at!, key)?.value as unknown,
        );
        const links = values.filter(
          (value) => typeof value === 'object' && value !== null && nameOf(value) === name,
        );
        sample.push(values.filter((value) => !links.includes(value)));
        at = links[0] as object | undefined;
      }
    }
    return sample;
  }

  function isUnder(node: number, ancestor: number, parents: number[]): boolean {
    for (let at = node; at >= 0; at = parents[at]!) if (at === ancestor) return true;
    return false;
  }

  /**
   * Arrays beside a Map of numbers, at which these numbers point: lru-cache and others keep keys in the one and
   * values in the others.
   */
  function parallelTo(
    { kind, node }: Container,
    entries: unknown[][],
    { containers, parents }: Walked,
  ): object[] {
    if (kind !== 'Map' || entries.some((entry) => !Number.isInteger(entry[1]))) return [];
    const parent = parents[node]!;
    return containers
      .filter((other) => other.kind === 'Array' && parents[other.node] === parent && other.entries > 0)
      .map(({ object }) => object);
  }

  function bytesPerEntry(container: Container, walked: Walked): number {
    const { kind } = container;
    const { nodes, parents } = walked;
    if (kind === 'Buffer') return 1;
    const entries = entriesOf(container);
    const beside = parallelTo(container, entries, walked);
    for (const entry of entries) {
      const at = entry[1];
      for (const array of beside) entry.push(Object.getOwnPropertyDescriptor(array, at as number)?.value);
    }
    const node = beside.length > 0 ? parents[container.node]! : container.node;
    return sizes.entryBytes(kind, entries, (object) => {
      const known = nodes.get(object);
      // Reached by another way: somebody else keeps it too. Classes, modules and functions with a name are code.
      return known !== undefined ? !isUnder(known, node, parents) : false;
    });
  }

  function routeTo(
    node: number,
    { objects, parents, edges }: Walked,
    nest: Map<object, string>,
  ): RouteStep[] {
    const route: RouteStep[] = [];
    for (let at = node; at >= 0; at = parents[at]!) {
      const label = nest.get(objects[at]!);
      const step = { edge: edges[at]!, className: nameOf(objects[at]!), ...(label ? { nest: label } : {}) };
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

  function callOf(entry: unknown): Gain['calls'] {
    let program = entry;
    for (const key of ['_onTimeout', 'listener', 'callback', 'handler', 'fn', 'next']) {
      if (typeof program !== 'object' || program === null || types.isProxy(program)) break;
      const value: unknown = Object.getOwnPropertyDescriptor(program, key)?.value;
      if (typeof value === 'function') program = value;
    }
    if (typeof program !== 'function') return null;
    let inside = mirror.functionInside(program);
    const wrapped = inside?.bound.find(([name]) => name === '[[TargetFunction]]')?.[1];
    if (typeof wrapped === 'function') inside = mirror.functionInside(wrapped);
    if (!inside || inside.script === '') return null;
    const name: unknown = Object.getOwnPropertyDescriptor(program, 'name')?.value;
    return {
      name: typeof name === 'string' ? name : '',
      script: inside.script,
      line: inside.line,
      column: inside.column,
    };
  }

  function say(value: unknown): string {
    if (typeof value === 'string') return value.slice(0, 80);
    if (typeof value === 'symbol') return String(value);
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') return nameOf(value);
    return String(value);
  }

  function nestNames({ nest }: Walked): Map<object, string> {
    const names = new Map<object, string>();
    for (const container of nest) {
      const { modules } = container as { modules?: Map<string, Record<string, unknown>> };
      if (!types.isMap(modules)) continue;
      for (const module of modules.values()) {
        const owner = (module['metatype'] ?? module['_metatype']) as { name?: string } | undefined;
        for (const list of ['_providers', '_controllers', '_injectables', '_middlewares']) {
          const wrapped = module[list];
          if (!types.isMap(wrapped)) continue;
          for (const wrapper of (wrapped as Map<unknown, { instance?: unknown }>).values()) {
            // Nest's own accessor: it looks into a WeakMap, and does nothing else.
            const { instance } = wrapper;
            if (typeof instance !== 'object' || instance === null || names.has(instance)) continue;
            const className = nameOf(instance);
            if (!types.isProxy(instance)) names.set(instance, `${owner?.name ?? 'Module'} › ${className}`);
          }
        }
      }
    }
    return names;
  }

  function typeName(value: unknown): string {
    return typeof value === 'object' && value !== null ? nameOf(value) : typeof value;
  }

  function factsOf({ counts, walked }: Walker): SurveyFacts {
    return { ...counts, containers: walked.containers.length };
  }

  /** A bit of work between two yields: measuring an entry walks through it. */
  function* comparing({ walked, counts }: Walker, limit: number): Generator<void> {
    const facts = { ...counts, containers: walked.containers.length };
    const gained = [...groupsOf(walked)]
      .map(([place, group]) => ({ group, gain: gainOf(place, group), bytes: 0 }))
      .filter(({ gain }) => gain >= FEWEST)
      .toSorted((a, b) => weigh(b) - weigh(a))
      .slice(0, CANDIDATES);
    for (const one of gained) {
      yield;
      one.bytes = bytesPerEntry(one.group.largest, walked);
    }
    yield;
    const nest = nestNames(walked);
    const most = gained.toSorted((a, b) => b.gain * b.bytes - a.gain * a.bytes).slice(0, limit);
    held = most.map(({ group: { largest } }) => ({
      object: largest.object,
      holder: walked.objects[walked.parents[largest.node]!],
    }));
    const gains: Gain[] = [];
    for (const { group, gain, bytes } of most) {
      yield;
      const { largest } = group;
      const entries = entriesOf(largest);
      gains.push({
        index: gains.length,
        kind: largest.kind,
        className: nameOf(largest.object),
        entries: largest.entries,
        containers: Math.round(group.containers),
        total: Math.round(group.total),
        gained: gain,
        bytesPerEntry: bytes,
        entryClass: entries.length > 0 ? typeName(entries[0]!.at(-1)) : '',
        keys: entries.map((values) => say(values[0])),
        route: routeTo(largest.node, walked, nest),
        nearby: look(largest, walked),
        calls: callOf(entries.at(-1)?.at(-1)),
      });
    }
    compared = { gains, facts, now: Date.now() };
  }

  return {
    begin(internalScripts) {
      const internal = new Set(internalScripts);
      walker = newWalker((script) => internal.has(script));
    },
    step(forMs) {
      if (!job) return walker!.step(forMs);
      const end = performance.now() + forMs;
      while (performance.now() < end) if (job.next().done) return true;
      return false;
    },
    remember() {
      const facts = factsOf(walker!);
      before = new WeakMap();
      totalsBefore.clear();
      for (const { object, entries } of walker!.walked.containers) before.set(object, entries);
      for (const [place, { total }] of groupsOf(walker!.walked)) totalsBefore.set(place, total);
      walker = null;
      return facts;
    },
    compare(limit) {
      job = comparing(walker!, limit);
    },
    result() {
      job = null;
      walker = null;
      return compared!;
    },
    clear(index) {
      const { object, holder } = held[index]!;
      const own: unknown =
        holder && !types.isProxy(holder) ? (holder as { clear?: unknown }).clear : undefined;
      if (typeof own === 'function' && !types.isMap(holder) && !types.isSet(holder)) {
        // A cache knows best what belongs to its entries.
        Reflect.apply(own, holder, []);
        return 0;
      }
      if (types.isMap(object) || types.isSet(object)) {
        const { size } = object;
        object.clear();
        return size;
      }
      if (Array.isArray(object)) {
        const { length } = object;
        object.length = 0;
        return length;
      }
      const keys = Reflect.ownKeys(object);
      for (const key of keys) Reflect.deleteProperty(object, key);
      return keys.length;
    },
    close() {
      walker = null;
      job = null;
      compared = null;
      held = [];
      before = new WeakMap();
      totalsBefore.clear();
      mirror.close();
    },
  };

  /** What is entered in bytes counts as it is; an entry of anything else is taken for some hundred bytes. */
  function weigh({ group, gain }: { group: Group; gain: number }): number {
    return group.largest.kind === 'Buffer' ? gain : gain * 100;
  }
}
