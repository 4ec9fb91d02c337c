import type { types as utilTypes } from 'node:util';

/** What can be told of an object without running any code of the program: no getter and no proxy is called. */
export interface Objects {
  valueAt(object: object, key: PropertyKey): unknown;
  classOf(object: object): string;
  /** A class or, of what is no object, a type. */
  typeName(value: unknown): string;
  sourceOf(program: object): string;
  /** Whether it is an arrow function that uses the `this` of where it was written: what it holds so, nobody can see. */
  usesOuterThis(program: object): boolean;
  /** Whether a class of it declares private fields: its own source says so. */
  declaresPrivate(object: object): boolean;
  /** Whether a class declares private fields of its own, which its instances do not have. */
  declaresStaticPrivate(program: object): boolean;
  /** What a walk visits: objects, functions, and texts so long that somebody may be appending to them. */
  isVisited(value: unknown): value is object | string;
  /** A long text as an object, of the class `string`. */
  boxed(text: string): object;
  /** The number of characters in what `boxed` gave; null of every other object. */
  textLength(object: object): number | null;
}

/** Runs inside the patient, from its source: it may use nothing but what it is given. */
export function makeObjects(types: typeof utilTypes): Objects {
  const LEVELS = 6;
  const USES_THIS = /^(async\s*)?(\([^]*?\)|[\w$]+)\s*=>[^]*\bthis\b/;
  const LONG_TEXT = 50_000;
  const hasPrivate = new WeakMap<object, boolean>();
  class LongText {
    constructor(readonly text: string) {}
  }

  function valueAt(object: object, key: PropertyKey): unknown {
    const property = Object.getOwnPropertyDescriptor(object, key);
    return property && 'value' in property ? property.value : undefined;
  }

  function classOf(object: object): string {
    if (types.isProxy(object)) return 'Proxy';
    if (typeof object === 'function') return 'Function';
    if (object instanceof LongText) return 'string';
    let at: object | null = object;
    for (let level = 0; at !== null && level < LEVELS && !types.isProxy(at); level += 1) {
      const made = valueAt(at, 'constructor');
      if (typeof made === 'function' && !types.isProxy(made)) {
        const name = valueAt(made, 'name');
        return typeof name === 'string' && name !== '' ? name : 'Object';
      }
      at = Object.getPrototypeOf(at) as object | null;
    }
    return 'Object';
  }

  const sourceOf = (program: object): string =>
    types.isProxy(program) ? '' : Function.prototype.toString.call(program);

  function declaresPrivate(object: object): boolean {
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (prototype === null) return false;
    const known = hasPrivate.get(prototype);
    if (known !== undefined) return known;
    let found = false;
    let at: object | null = prototype;
    for (let level = 0; at && level < LEVELS && !found && !types.isProxy(at); level += 1) {
      const made = valueAt(at, 'constructor');
      found = typeof made === 'function' && /^class[^]*#[\p{ID_Start}$_]/u.test(sourceOf(made));
      at = Object.getPrototypeOf(at) as object | null;
    }
    hasPrivate.set(prototype, found);
    return found;
  }

  return {
    valueAt,
    classOf,
    typeName: (value) => (typeof value === 'object' && value !== null ? classOf(value) : typeof value),
    sourceOf,
    usesOuterThis: (program) => USES_THIS.test(sourceOf(program).slice(0, 4_000)),
    declaresPrivate,
    declaresStaticPrivate: (program) => /^class[^]*\bstatic\s+#/.test(sourceOf(program)),
    isVisited: (value): value is object | string =>
      (typeof value === 'object' && value !== null) ||
      typeof value === 'function' ||
      (typeof value === 'string' && value.length >= LONG_TEXT),
    boxed: (text) => new LongText(text),
    textLength: (object) => (object instanceof LongText ? object.text.length : null),
  };
}
