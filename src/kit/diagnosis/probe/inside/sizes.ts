import type { types as utilTypes } from 'node:util';
import type { Mirror } from './inspector.js';
import type { Objects } from './reflect.js';

/** How much memory values take that nothing else keeps. */
export interface Sizes {
  /**
   * Bytes that one entry of a container keeps, by a few of its entries (each given as its key and value). What
   * several of them share, or others keep as well, is not counted.
   */
  entryBytes(kind: string, entries: unknown[][], isShared: (object: object) => boolean): number;
}

/**
 * Runs inside the patient, from its source: it may use nothing but what it is given.
 *
 * Sizes as V8 lays objects out on 64 bits without pointer compression (v8/src/objects): an object has a header of
 * three words and a word for each property, a string a header of two words, an entry of a Map three words and its
 * share of the buckets and of the slack that doubling leaves.
 */
export function makeSizes(
  types: typeof utilTypes,
  mirror: Mirror,
  { valueAt, sourceOf, declaresPrivate }: Objects,
): Sizes {
  const WORD = 8;
  /** Nobody's entry is larger, or it is a world of its own that others hold too. */
  const MOST_VALUES = 600;
  const ENTRIES_ENTERED = 64;
  /** Looks behind closures, promises and private fields, for one entry: each takes a tenth of a millisecond. */
  const MOST_LOOKS = 8;
  /** A class made anew comes with a prototype and with the shapes of both and of its instances (measured). */
  const CLASS = 55 * WORD;
  let looks = 0;
  const slot: Record<string, number> = { Map: 37, Set: 27, Array: 10, Object: 48, Buffer: 1, List: 64 };

  // Whatever a program's own subclass makes of them.
  const { entries: mapEntries } = Map.prototype;
  const { values: setValues } = Set.prototype;

  const words = (bytes: number): number => Math.ceil(bytes / WORD) * WORD;
  function stringBytes(text: string): number {
    const wide = /[^\0-\u00ff]/.test(text.length > 4096 ? text.slice(0, 4096) : text);
    return 2 * WORD + words(wide ? 2 * text.length : text.length);
  }

  /** What an object takes by itself; what it holds goes to `pending`. */
  function objectBytes(object: object, pending: unknown[]): number {
    if (types.isProxy(object)) return 4 * WORD;
    if (types.isAnyArrayBuffer(object)) return object.byteLength + 11 * WORD;
    if (types.isArrayBufferView(object)) {
      pending.push(object.buffer);
      return 13 * WORD;
    }
    let bytes = (typeof object === 'function' ? 8 : 3) * WORD;
    if (typeof object === 'function' && sourceOf(object).startsWith('class')) {
      bytes = CLASS;
      pending.push(valueAt(object, 'prototype'));
    }
    if (types.isMap(object) || types.isSet(object)) {
      const isMap = types.isMap(object);
      const size: number = Reflect.get(isMap ? Map.prototype : Set.prototype, 'size', object);
      bytes += 8 * WORD + Math.max(4, size) * slot[isMap ? 'Map' : 'Set']!;
      let entered = 0;
      for (const entry of Reflect.apply(isMap ? mapEntries : setValues, object, []) as Iterable<unknown>) {
        pending.push(...(isMap ? (entry as unknown[]) : [entry]));
        entered += 1;
        if (entered >= ENTRIES_ENTERED) break;
      }
    }
    if (types.isPromise(object)) bytes += 3 * WORD;
    if (types.isDate(object)) bytes += 8 * WORD;
    // Only of an array: of others, length may be a getter.
    const length = Array.isArray(object) ? object.length : 0;
    if (length > ENTRIES_ENTERED) {
      for (let at = 0; at < ENTRIES_ENTERED; at += 1) pending.push(valueAt(object, String(at)));
      return bytes + length * slot['Array']!;
    }
    bytes += hiddenIn(object, pending);
    const keys = Reflect.ownKeys(object);
    for (const key of keys) {
      if (typeof object === 'function' && (key === 'prototype' || key === 'name' || key === 'length'))
        continue;
      bytes += WORD;
      pending.push(valueAt(object, key));
    }
    return bytes;
  }

  /**
   * Variables of the scopes that a function was made in, what a promise came to, and private fields. A scope further
   * out belongs to several functions: what is in the one of several entries is not counted in the end.
   */
  function hiddenIn(object: object, pending: unknown[]): number {
    if (looks >= MOST_LOOKS) return 0;
    if (typeof object === 'function') {
      looks += 1;
      const inside = mirror.functionInside(object);
      const values = (inside?.bound ?? []).map(([, value]) => value);
      for (const { description, variables } of inside?.scopes ?? []) {
        if (/^(Closure|Block|Catch|With)/.test(description)) values.push(...variables.values());
      }
      pending.push(...values);
      return (2 + values.length) * WORD;
    }
    if (types.isPromise(object)) {
      looks += 1;
      pending.push(mirror.resultOf(object));
      return 0;
    }
    if (!declaresPrivate(object)) return 0;
    looks += 1;
    const fields = mirror.privateFields(object);
    for (const [, value] of fields) pending.push(value);
    return fields.length * WORD;
  }

  /** What there is in one entry, each once, with its own size. */
  function contents(values: unknown[], isShared: (object: object) => boolean): Map<unknown, number> {
    const found = new Map<unknown, number>();
    const pending = [...values];
    looks = 0;
    while (pending.length > 0 && found.size < MOST_VALUES) {
      const value = pending.pop();
      if (value === null || value === undefined || found.has(value)) continue;
      if (typeof value === 'string') {
        found.set(value, value.length > 1 ? stringBytes(value) : 0); // single characters are V8's own
      } else if (typeof value === 'number') {
        if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 31) found.set(value, 2 * WORD);
      } else if (typeof value === 'object' || typeof value === 'function') {
        if (!isShared(value)) found.set(value, objectBytes(value, pending));
      }
    }
    return found;
  }

  return {
    entryBytes(kind, entries, isShared) {
      const all = entries.map((values) => contents(values, isShared));
      const times = new Map<unknown, number>();
      for (const one of all) for (const value of one.keys()) times.set(value, (times.get(value) ?? 0) + 1);
      let sum = 0;
      for (const one of all) {
        for (const [value, bytes] of one) if (all.length === 1 || times.get(value) === 1) sum += bytes;
      }
      return slot[kind]! + (all.length > 0 ? sum / all.length : 0);
    },
  };
}
