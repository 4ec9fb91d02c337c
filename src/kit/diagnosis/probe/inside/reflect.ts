import type { types } from 'node:util';

/** `types` of Node's `util`, which the probe gets from its target. */
export type UtilTypes = typeof types;

/** How far up its prototypes an object is searched for its class. */
const MOST_PROTOTYPES = 6;
/** A text of so many characters may be one that the program appends to. */
const LONG_TEXT = 50_000;
/** Enough to see whether an arrow function mentions `this`. */
const MOST_SOURCE = 4_000;
const ARROW_WITH_THIS = /^(async\s*)?(\([^]*?\)|[\w$]+)\s*=>[^]*\bthis\b/;
const CLASS_WITH_PRIVATE = /^class[^]*#[\p{ID_Start}$_]/u;
const CLASS_WITH_STATIC_PRIVATE = /^class[^]*\bstatic\s+#/;

/** A long text as an object, so that the walk can visit it. */
export class LongText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Unlike `instanceof`, this does not ask the prototype of an object, which may be a proxy. */
  static is(object: object): object is LongText {
    return #text in object;
  }

  get length(): number {
    return this.#text.length;
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The value of an own property; undefined for a getter, which is not called. Not for proxies: they would answer. */
export function valueAt(object: object, key: PropertyKey): unknown {
  const property = Object.getOwnPropertyDescriptor(object, key);
  return property && 'value' in property ? property.value : undefined;
}

/**
 * The keys of an object. Those of a typed array are left out: each position is one, and to list the millions of a Buffer
 * stops the target for seconds.
 */
export function ownKeysOf(object: object): (string | symbol)[] {
  return ArrayBuffer.isView(object) ? [] : Reflect.ownKeys(object);
}

/** Whether the walk visits a value: objects, functions and long texts. */
export function isVisited(value: unknown): value is object | string {
  return (
    isObject(value) || typeof value === 'function' || (typeof value === 'string' && value.length >= LONG_TEXT)
  );
}

/** The size of a Map or a Set, whatever a subclass of the program defines. */
export function sizeOf(collection: Map<unknown, unknown> | Set<unknown>, isMap: boolean): number {
  return Reflect.get(isMap ? Map.prototype : Set.prototype, 'size', collection);
}

/** What an object tells about itself without running code of the program: no getter and no proxy is called. */
export class Reflection {
  readonly #types: UtilTypes;
  /** By prototype. A class is asked once, since its source may be long. */
  readonly #declaresPrivate = new WeakMap<object, boolean>();

  constructor(types: UtilTypes) {
    this.#types = types;
  }

  /** An object whose properties can be read: not a proxy. */
  isReadable(value: unknown): value is object {
    return isObject(value) && !this.#types.isProxy(value);
  }

  /** The class of an object, by the nearest `constructor` that is a plain property. */
  classOf(object: object): string {
    const { isProxy } = this.#types;
    if (isProxy(object)) return 'Proxy';
    if (typeof object === 'function') return 'Function';
    if (LongText.is(object)) return 'string';
    const constructor = this.constructorOf(object);
    const name = constructor && valueAt(constructor, 'name');
    return typeof name === 'string' && name !== '' ? name : 'Object';
  }

  /** The nearest `constructor` that is a plain property; null for functions and proxies. */
  constructorOf(object: object): object | null {
    const { isProxy } = this.#types;
    let at: object | null = typeof object === 'function' ? null : object;
    for (let level = 0; at !== null && level < MOST_PROTOTYPES && !isProxy(at); level += 1) {
      const constructor = valueAt(at, 'constructor');
      if (typeof constructor === 'function' && !isProxy(constructor)) return constructor;
      at = Object.getPrototypeOf(at) as object | null;
    }
    return null;
  }

  /** The class of an object, the type of any other value. */
  typeName(value: unknown): string {
    return isObject(value) ? this.classOf(value) : typeof value;
  }

  /** The prototype of an object; null where the object or its prototype is a proxy. */
  prototypeOf(object: object): object | null {
    if (this.#types.isProxy(object)) return null;
    const prototype = Object.getPrototypeOf(object) as object | null;
    return prototype && !this.#types.isProxy(prototype) ? prototype : null;
  }

  /** The source of a function or a class; empty for a proxy. */
  sourceOf(fn: object): string {
    return this.#types.isProxy(fn) ? '' : Function.prototype.toString.call(fn);
  }

  /** Whether a function is an arrow that uses the `this` around it. The inspector does not show that `this`. */
  usesLexicalThis(fn: object): boolean {
    return ARROW_WITH_THIS.test(this.sourceOf(fn).slice(0, MOST_SOURCE));
  }

  /** Whether a class of the object declares private fields, by the source of the class. */
  declaresPrivate(object: object): boolean {
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (prototype === null) return false;
    let declares = this.#declaresPrivate.get(prototype);
    if (declares === undefined) {
      declares = this.#anyClassDeclaresPrivate(prototype);
      this.#declaresPrivate.set(prototype, declares);
    }
    return declares;
  }

  /** Whether a class declares static private fields, which its instances do not have. */
  declaresStaticPrivate(constructor: object): boolean {
    return CLASS_WITH_STATIC_PRIVATE.test(this.sourceOf(constructor));
  }

  #anyClassDeclaresPrivate(prototype: object): boolean {
    let at: object | null = prototype;
    for (let level = 0; at && level < MOST_PROTOTYPES && !this.#types.isProxy(at); level += 1) {
      const constructor = valueAt(at, 'constructor');
      if (typeof constructor === 'function' && CLASS_WITH_PRIVATE.test(this.sourceOf(constructor)))
        return true;
      at = Object.getPrototypeOf(at) as object | null;
    }
    return false;
  }
}
