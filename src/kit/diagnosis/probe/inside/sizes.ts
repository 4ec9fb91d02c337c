import type { Introspection } from './introspection.js';
import { ownKeysOf, sizeOf, valueAt } from './reflect.js';
import { type ScopeRecord, ScopeRecords, isScopeRecord } from './scope-records.js';
import type { CodePosition } from './walk-result.js';

/*
 * Sizes as V8 lays objects out on 64 bits without pointer compression (v8/src/objects; each was measured as well): an
 * object has a header of three words and one word per property; a string has a header of two words; a table of a Map
 * has five words, and per slot three words and half a bucket, for a power of two of slots.
 */
const WORD = 8;
const HEADER_BYTES = 3 * WORD;
/** A table of properties, which an object without a prototype has: its header, and what it has per slot. */
const DICTIONARY_BYTES = 7 * WORD;
const DICTIONARY_SLOT_BYTES = 3 * WORD;
/** A class made at run time has a prototype, and its own shapes for itself, the prototype and its instances (measured). */
const CLASS_BYTES = 55 * WORD;
const PROXY_BYTES = 4 * WORD;
const ARRAY_BUFFER_BYTES = 11 * WORD;
const ARRAY_BUFFER_VIEW_BYTES = 13 * WORD;
const PROMISE_BYTES = 3 * WORD;
const DATE_BYTES = 11 * WORD;
const REGEXP_BYTES = 13 * WORD;
/** An error has its stack until it is read: the functions on it, and where each of them was. */
const STACK_BYTES = { least: 50 * WORD, most: 4_096 };
/** A number that is no small integer is an object of its own, unless it is in an array of numbers. */
const NUMBER_BYTES = 2 * WORD;

/** Of a collection within an entry, so many values are entered. */
const MOST_ENTERED = 64;
/** Of a longer array, so many. */
const SAMPLED = 32;
/** An object with more properties has them in a dictionary. */
const MOST_FAST = 128;
/** Closures, promises and private fields that are inspected per entry: each takes 0.1 ms. */
const MOST_INSPECTED = 16;
const SCOPE = /^(Closure|Block|Catch|With)/;
/** A file of Node is in a function without a name, whose variables are all of Node. */
const SCOPE_OF_CALL = /^(Closure \(|Block|Catch)/;
/** A scope with more variables is that of a file. */
const MOST_VARIABLES = 600;
/** Of a long text, so many characters tell whether V8 stores it with one byte per character or two. */
const CHARACTERS_READ = 4_096;
/** A shorter text is never stored as a rope of its pieces. */
const SHORTEST_ROPE = 13;
/** Of a rope, bytes per character for pieces of some ten characters, each with a node of its own. */
const ROPE_BYTES = 4;
/** A short text may be made of pieces of two or three, such as an id by `crypto.randomUUID`. */
const SHORT_ROPE = 64;
const SHORT_ROPE_BYTES = 12;
const MOST_ROPE_BYTES = 4_000;

/**
 * How much memory something takes: at least, by what can be seen of it; and at most, because V8 does not show which
 * texts are ropes of their pieces, how many free slots an array has, and which equal texts are one.
 */
export interface Bytes {
  least: number;
  most: number;
}

/**
 * Takes what an object refers to.
 *
 * @param label how it refers to it; equal for the elements of one array
 * @param times how many values this one stands for
 */
export type Enter = (value: unknown, label: string, times?: number) => void;

/** Estimates what one object takes alone. */
export class Sizes {
  readonly #introspection: Introspection;
  readonly #isNodeScript: (script: string) => boolean;
  readonly #scopes = new ScopeRecords();
  readonly #arrows = new Map<string, CodePosition>();
  #inspected = 0;

  /** @param isNodeScript whether a script is Node's own, by V8's id */
  constructor(introspection: Introspection, isNodeScript: (script: string) => boolean) {
    this.#introspection = introspection;
    this.#isNodeScript = isNodeScript;
  }

  /** Positions of the arrow functions that retain a `this` which cannot be seen, of all entries since `forget`. */
  get arrows(): CodePosition[] {
    return [...this.#arrows.values()];
  }

  beginEntry(): void {
    this.#inspected = 0;
  }

  /** Forgets the entries of the last container. */
  forget(): void {
    this.#scopes.forget();
    this.#arrows.clear();
  }

  /** What an object takes, without what it refers to. */
  of(object: object, enter: Enter): Bytes {
    const { types } = this.#introspection;
    if (types.isProxy(object)) return exactly(PROXY_BYTES);
    if (isScopeRecord(object)) return scopeBytes(object, enter);
    if (types.isAnyArrayBuffer(object)) return exactly(object.byteLength + ARRAY_BUFFER_BYTES);
    if (types.isArrayBufferView(object)) {
      enter(object.buffer, 'buffer');
      return exactly(ARRAY_BUFFER_VIEW_BYTES);
    }
    if (typeof object === 'function') return this.#functionBytes(object, enter);
    if (Array.isArray(object)) return arrayBytes(object, enter);
    const bytes = exactly(HEADER_BYTES + this.#hiddenBytes(object, enter));
    if (types.isMap(object)) add(bytes, mapBytes(object, enter));
    else if (types.isSet(object)) add(bytes, setBytes(object, enter));
    else if (types.isDate(object)) add(bytes, DATE_BYTES);
    else if (types.isRegExp(object)) add(bytes, REGEXP_BYTES);
    else if (types.isNativeError(object)) {
      bytes.least += STACK_BYTES.least;
      bytes.most += STACK_BYTES.most;
    }
    addProperties(bytes, object, enter);
    return bytes;
  }

  #functionBytes(fn: object, enter: Enter): Bytes {
    const { reflection } = this.#introspection;
    const source = reflection.sourceOf(fn);
    const isClass = source.startsWith('class');
    if (isClass) enter(valueAt(fn, 'prototype'), 'prototype');
    const bytes = exactly(isClass ? CLASS_BYTES : (source.startsWith('function') ? 8 : 7) * WORD);
    if (this.#inspected < MOST_INSPECTED) {
      this.#inspected += 1;
      this.#enterClosure(fn, enter);
    }
    addProperties(bytes, fn, enter);
    return bytes;
  }

  /**
   * The scopes that a function closes over, but for the file's, and what it is bound to. An outer scope belongs to
   * several functions: where it is in several entries, what is in it is not counted in the end.
   */
  #enterClosure(fn: object, enter: Enter): void {
    const { inspector, reflection } = this.#introspection;
    const details = inspector.functionDetails(fn);
    if (!details) return;
    for (const [name, value] of details.bound) enter(value, name);
    const scopes = this.#isNodeScript(details.script) ? SCOPE_OF_CALL : SCOPE;
    for (const scope of details.scopes) {
      if (!scopes.test(scope.description)) continue;
      if (scope.names.length < MOST_VARIABLES)
        enter(this.#scopes.recordOf(scope.description, scope.variables), '()');
      // It belongs to a file or a bundle, not to an entry; and it is copied for each function that sees it.
      else this.#inspected = MOST_INSPECTED;
    }
    if (!reflection.usesLexicalThis(fn)) return;
    const { script, line, column } = details;
    this.#arrows.set(`${script} ${line} ${column}`, { script, line, column });
  }

  /** What only the inspector shows: a promise's result, private fields. */
  #hiddenBytes(object: object, enter: Enter): number {
    const { types, reflection, inspector } = this.#introspection;
    const isPromise = types.isPromise(object);
    if (this.#inspected >= MOST_INSPECTED || (!isPromise && !reflection.declaresPrivate(object)))
      return isPromise ? PROMISE_BYTES : 0;
    this.#inspected += 1;
    if (isPromise) {
      enter(inspector.promiseResult(object), 'result');
      return PROMISE_BYTES;
    }
    const fields = inspector.privateFields(object);
    for (const [name, value] of fields) enter(value, name);
    return fields.length * WORD;
  }
}

export function textBytes(text: string): Bytes {
  if (text.length < 2) return exactly(0); // V8 has one string per character
  const start = text.length > CHARACTERS_READ ? text.slice(0, CHARACTERS_READ) : text;
  const isTwoByte = /[^\0-\u00ff]/.test(start);
  const least = 2 * WORD + roundedToWords(isTwoByte ? 2 * text.length : text.length);
  const short = Math.min(SHORT_ROPE, text.length);
  const pieces = SHORT_ROPE_BYTES * short + ROPE_BYTES * (text.length - short);
  const rope = text.length < SHORTEST_ROPE ? 0 : 4 * WORD + Math.min(MOST_ROPE_BYTES, pieces);
  return { least, most: least + rope };
}

/** What a number takes beside the slot that it is in. */
export function numberBytes(value: unknown): number {
  if (typeof value === 'bigint') return 3 * WORD;
  return typeof value === 'number' && !isSmallInteger(value) ? NUMBER_BYTES : 0;
}

const isSmallInteger = (value: number): boolean =>
  Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;

const exactly = (bytes: number): Bytes => ({ least: bytes, most: bytes });

function add(to: Bytes, bytes: number): void {
  to.least += bytes;
  to.most += bytes;
}

const roundedToWords = (bytes: number): number => Math.ceil(bytes / WORD) * WORD;
const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(Math.max(4, least)));

function scopeBytes({ values }: ScopeRecord, enter: Enter): Bytes {
  for (const [name, value] of values) enter(value, name);
  return exactly((4 + values.length) * WORD);
}

function arrayBytes(array: unknown[], enter: Enter): Bytes {
  const { length } = array;
  const entered = length > MOST_ENTERED ? SAMPLED : length;
  let boxed = 0;
  let numbers = 0;
  for (let index = 0; index < entered; index += 1) {
    const value = valueAt(array, Math.floor((index * length) / entered));
    if (typeof value === 'number') numbers += 1;
    boxed += numberBytes(value);
    enter(value, '[]', length / entered);
  }
  const least = HEADER_BYTES + WORD + (length > 0 ? (2 + length) * WORD : 0);
  // Numbers alone are stored without objects around them.
  const own = least + (numbers === entered ? 0 : (boxed * length) / entered);
  // V8 makes room for half as many more, and 16.
  return { least: own, most: own + (length > 0 ? (length / 2 + 16) * WORD : 0) };
}

function mapBytes(map: Map<unknown, unknown>, enter: Enter): number {
  const size = sizeOf(map, true);
  const times = size / Math.min(size, MOST_ENTERED);
  let entered = 0;
  for (const [key, value] of Map.prototype.entries.call(map)) {
    enter(key, '<key>', times);
    enter(value, '<value>', times);
    entered += 1;
    if (entered >= MOST_ENTERED) break;
  }
  return 6 * WORD + powerOfTwo(size) * 3.5 * WORD;
}

function setBytes(set: Set<unknown>, enter: Enter): number {
  const size = sizeOf(set, false);
  const times = size / Math.min(size, MOST_ENTERED);
  let entered = 0;
  for (const value of Set.prototype.values.call(set)) {
    enter(value, '<value>', times);
    entered += 1;
    if (entered >= MOST_ENTERED) break;
  }
  return 6 * WORD + powerOfTwo(size) * 2.5 * WORD;
}

function addProperties(bytes: Bytes, object: object, enter: Enter): void {
  const isFunction = typeof object === 'function';
  const keys = ownKeysOf(object).filter(
    (key) => !isFunction || (key !== 'prototype' && key !== 'name' && key !== 'length'),
  );
  const times = keys.length > MOST_ENTERED ? keys.length / SAMPLED : 1;
  for (let at = 0; at < keys.length; at += times) {
    const key = keys[Math.floor(at)]!;
    const value = valueAt(object, key);
    add(bytes, numberBytes(value) * times);
    enter(value, String(key), times);
  }
  const isDictionary = keys.length > MOST_FAST || Object.getPrototypeOf(object) === null;
  if (isDictionary) add(bytes, DICTIONARY_BYTES + powerOfTwo(1.5 * keys.length) * DICTIONARY_SLOT_BYTES);
  else add(bytes, keys.length * WORD);
  // Of properties that were added one by one, V8 keeps some free.
  if (!isDictionary && !isFunction) bytes.most += 4 * WORD + (keys.length > 4 ? 5 * WORD : 0);
}
