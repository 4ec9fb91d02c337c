import type { Introspection } from './introspection.js';
import { sizeOf, valueAt } from './reflect.js';
import type { ContainerKind } from './walk-result.js';

/*
 * Sizes as V8 lays objects out on 64 bits without pointer compression (v8/src/objects): an object has a header of
 * three words and one word per property; a string has a header of two words; an entry of a Map takes three words, its
 * share of the buckets, and its share of the free space after doubling.
 */
const WORD = 8;
/** Of the slot that an entry takes in its container, in bytes. */
const SLOT_BYTES = { Map: 37, Set: 27, Array: 10, Object: 48, List: 64 };
/** A class made at run time has a prototype, and its own shapes for itself, the prototype and its instances (measured). */
const CLASS_BYTES = 55 * WORD;
const PROXY_BYTES = 4 * WORD;
const ARRAY_BUFFER_BYTES = 11 * WORD;
const ARRAY_BUFFER_VIEW_BYTES = 13 * WORD;
const COLLECTION_BYTES = 8 * WORD;
const PROMISE_BYTES = 3 * WORD;
const DATE_BYTES = 8 * WORD;
/** A number that is no small integer is an object of its own. */
const NUMBER_BYTES = 2 * WORD;

/** An entry with more values than this is connected to things that others retain as well. */
const MOST_VALUES = 600;
/** Of a collection within an entry, so many values are entered. */
const MOST_ENTERED = 64;
/** Closures, promises and private fields that are inspected per entry: each takes 0.1 ms. */
const MOST_INSPECTED = 8;
/** Of a long text, so many characters tell whether V8 stores it with one byte per character or two. */
const CHARACTERS_READ = 4_096;

/** The values of one entry: of a Map, key and value. */
export type EntryValues = unknown[];

/** Estimates how much memory values take that nothing else retains. */
export class Sizes {
  readonly #introspection: Introspection;
  #inspected = 0;

  constructor(introspection: Introspection) {
    this.#introspection = introspection;
  }

  /**
   * Bytes per entry of a container, as the mean of a few entries. What several of them have in common is not counted.
   *
   * @param isShared whether something else retains an object as well: it is not counted
   */
  entryBytes(
    kind: Exclude<ContainerKind, 'Buffer' | 'String'>,
    entries: EntryValues[],
    isShared: (object: object) => boolean,
  ): number {
    const sizes = entries.map((values) => this.#sizesOf(values, isShared));
    const occurrences = new Map<unknown, number>();
    for (const entry of sizes)
      for (const value of entry.keys()) occurrences.set(value, (occurrences.get(value) ?? 0) + 1);
    let sum = 0;
    for (const entry of sizes) {
      for (const [value, bytes] of entry)
        if (sizes.length === 1 || occurrences.get(value) === 1) sum += bytes;
    }
    return SLOT_BYTES[kind] + (sizes.length > 0 ? sum / sizes.length : 0);
  }

  /** Every value that is reached from an entry, and its shallow size. */
  #sizesOf(values: EntryValues, isShared: (object: object) => boolean): Map<unknown, number> {
    const sizes = new Map<unknown, number>();
    const pending = [...values];
    this.#inspected = 0;
    while (pending.length > 0 && sizes.size < MOST_VALUES) {
      const value = pending.pop();
      if (value === null || value === undefined || sizes.has(value)) continue;
      if (typeof value === 'string') {
        sizes.set(value, value.length > 1 ? stringBytes(value) : 0); // V8 has one string per character
      } else if (typeof value === 'number') {
        if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 31) sizes.set(value, NUMBER_BYTES);
      } else if (typeof value === 'object' || typeof value === 'function') {
        if (!isShared(value)) sizes.set(value, this.#objectBytes(value, pending));
      }
    }
    return sizes;
  }

  /** The shallow size of an object. What it refers to is added to `pending`. */
  #objectBytes(object: object, pending: unknown[]): number {
    const { types } = this.#introspection;
    if (types.isProxy(object)) return PROXY_BYTES;
    if (types.isAnyArrayBuffer(object)) return object.byteLength + ARRAY_BUFFER_BYTES;
    if (types.isArrayBufferView(object)) {
      pending.push(object.buffer);
      return ARRAY_BUFFER_VIEW_BYTES;
    }
    let bytes = typeof object === 'function' ? this.#functionBytes(object, pending) : 3 * WORD;
    if (types.isMap(object)) bytes += mapBytes(object, pending);
    else if (types.isSet(object)) bytes += setBytes(object, pending);
    if (types.isPromise(object)) bytes += PROMISE_BYTES;
    if (types.isDate(object)) bytes += DATE_BYTES;
    // Only of an array: elsewhere, `length` may be a getter.
    const length = Array.isArray(object) ? object.length : 0;
    if (length > MOST_ENTERED) {
      for (let at = 0; at < MOST_ENTERED; at += 1) pending.push(valueAt(object, at));
      return bytes + length * SLOT_BYTES.Array;
    }
    bytes += this.#hiddenBytes(object, pending);
    return bytes + propertyBytes(object, pending);
  }

  #functionBytes(fn: object, pending: unknown[]): number {
    if (!this.#introspection.reflection.sourceOf(fn).startsWith('class')) return 8 * WORD;
    pending.push(valueAt(fn, 'prototype'));
    return CLASS_BYTES;
  }

  /** What only the inspector shows: variables that a function closes over, a promise's result, private fields. */
  #hiddenBytes(object: object, pending: unknown[]): number {
    if (this.#inspected >= MOST_INSPECTED) return 0;
    const { types, reflection, inspector } = this.#introspection;
    if (typeof object === 'function') {
      this.#inspected += 1;
      const values = this.#closureValues(object);
      pending.push(...values);
      return (2 + values.length) * WORD;
    }
    if (types.isPromise(object)) {
      this.#inspected += 1;
      pending.push(inspector.promiseResult(object));
      return 0;
    }
    if (!reflection.declaresPrivate(object)) return 0;
    this.#inspected += 1;
    const fields = inspector.privateFields(object);
    for (const [, value] of fields) pending.push(value);
    return fields.length * WORD;
  }

  /**
   * Variables of every scope but the file's, and what a function is bound to. An outer scope belongs to several
   * functions: where it is in several entries, what is in it is not counted in the end.
   */
  #closureValues(fn: object): unknown[] {
    const details = this.#introspection.inspector.functionDetails(fn);
    const values = (details?.bound ?? []).map(([, value]) => value);
    for (const scope of details?.scopes ?? []) {
      if (!/^(Closure|Block|Catch|With)/.test(scope.description)) continue;
      if (scope.names.length < MOST_VALUES) values.push(...scope.variables.values());
      // It belongs to a file or a bundle, not to an entry; and it is copied for each function that sees it.
      else this.#inspected = MOST_INSPECTED;
    }
    return values;
  }
}

const roundedToWords = (bytes: number): number => Math.ceil(bytes / WORD) * WORD;

function stringBytes(text: string): number {
  const start = text.length > CHARACTERS_READ ? text.slice(0, CHARACTERS_READ) : text;
  const isTwoByte = /[^\0-\u00ff]/.test(start);
  return 2 * WORD + roundedToWords(isTwoByte ? 2 * text.length : text.length);
}

function mapBytes(map: Map<unknown, unknown>, pending: unknown[]): number {
  let entered = 0;
  for (const [key, value] of Map.prototype.entries.call(map)) {
    pending.push(key, value);
    entered += 1;
    if (entered >= MOST_ENTERED) break;
  }
  return COLLECTION_BYTES + Math.max(4, sizeOf(map, true)) * SLOT_BYTES.Map;
}

function setBytes(set: Set<unknown>, pending: unknown[]): number {
  let entered = 0;
  for (const value of Set.prototype.values.call(set)) {
    pending.push(value);
    entered += 1;
    if (entered >= MOST_ENTERED) break;
  }
  return COLLECTION_BYTES + Math.max(4, sizeOf(set, false)) * SLOT_BYTES.Set;
}

function propertyBytes(object: object, pending: unknown[]): number {
  let bytes = 0;
  for (const key of Reflect.ownKeys(object)) {
    const isBuiltIn = key === 'prototype' || key === 'name' || key === 'length';
    if (typeof object === 'function' && isBuiltIn) continue;
    bytes += WORD;
    pending.push(valueAt(object, key));
  }
  return bytes;
}
