import { types } from 'node:util';
import type { ContainerKind } from '../heap/index.js';

/** The built-in containers that the console ranks, and the number of entries of each; bytes of an ArrayBuffer. */
const COUNTERS = {
  Map: (object: object) => (types.isMap(object) ? object.size : undefined),
  Set: (object: object) => (types.isSet(object) ? object.size : undefined),
  Array: (object: object) => (Array.isArray(object) ? object.length : undefined),
  Object: (object: object) => (isPlain(object) ? Object.keys(object).length : undefined),
  ArrayBuffer: (object: object) => (types.isAnyArrayBuffer(object) ? object.byteLength : undefined),
} satisfies Partial<Record<ContainerKind, (object: object) => number | undefined>>;

export type RankedKind = keyof typeof COUNTERS;

/** Their prototypes, by which V8 finds the live ones. */
const PROTOTYPES: Record<RankedKind, object> = {
  Map: Map.prototype,
  Set: Set.prototype,
  Array: Array.prototype,
  Object: Object.prototype,
  ArrayBuffer: ArrayBuffer.prototype,
};

export const rankedKinds = Object.keys(COUNTERS) as RankedKind[]; // `Object.keys` widens its keys

export function isRankedKind(name: string): name is RankedKind {
  return Object.hasOwn(COUNTERS, name);
}

export function prototypeOf(kind: RankedKind): object {
  return PROTOTYPES[kind];
}

/** The number of entries of a container of this kind; undefined for an object of another kind. */
export function entriesOfKind(kind: RankedKind, object: object): number | undefined {
  return COUNTERS[kind](object);
}

/** The built-in container that an object is; undefined for any other object. */
export function containerKindOf(object: object): RankedKind | undefined {
  return rankedKinds.find((kind) => entriesOfKind(kind, object) !== undefined);
}

/** The number of entries of a container; undefined for any other object. */
export function entriesOf(object: object): number | undefined {
  for (const kind of rankedKinds) {
    const entries = entriesOfKind(kind, object);
    if (entries !== undefined) return entries;
  }
  return undefined;
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return (prototype === Object.prototype || prototype === null) && !types.isModuleNamespaceObject(object);
}
