import { describe, expect, it } from 'vitest';
import { ownKeysOf, isVisited, sizeOf, valueAt } from '../src/kit/diagnosis/probe/inside/reflect.js';
import { introspection, untouchable, withGetter } from './support/probe.js';

const { reflection } = introspection;

describe('reading an object without running its code', () => {
  it('reads own properties, and calls no getter', () => {
    expect(valueAt({ at: 1 }, 'at')).toBe(1);
    expect(valueAt(withGetter('at'), 'at')).toBeUndefined();
  });

  it('names the class of an object by its nearest constructor', () => {
    class Base {}
    class Store extends Base {}
    expect(reflection.classOf(new Store())).toBe('Store');
    expect(reflection.classOf(Object.create(null) as object)).toBe('Object');
    expect(reflection.classOf(() => {})).toBe('Function');
    expect(reflection.typeName('text')).toBe('string');
    expect(reflection.typeName(null)).toBe('object');
  });

  it('names the class of an object whose constructor is a getter as Object, and does not call the getter', () => {
    expect(reflection.classOf(Object.create(withGetter('constructor')) as object)).toBe('Object');
  });

  it('asks nothing of a proxy, of a prototype that is one, or of a class that is one', () => {
    const proxy = untouchable();
    expect(reflection.classOf(proxy)).toBe('Proxy');
    expect(reflection.isReadable(proxy)).toBe(false);
    expect(reflection.prototypeOf(proxy)).toBeNull();
    expect(reflection.sourceOf(untouchable(() => {}))).toBe('');
    const below = Object.create(proxy) as object;
    expect(reflection.classOf(below)).toBe('Object');
    expect(reflection.prototypeOf(below)).toBeNull();
    expect(reflection.declaresPrivate(below)).toBe(false);
    expect(reflection.classOf({ constructor: untouchable(class {}) })).toBe('Object');
  });

  it('knows by the source of a class whether its objects have private fields', () => {
    class Plain {
      at = 1;
    }
    class Private {
      #at = 1;
      read(): number {
        return this.#at;
      }
    }
    class Derived extends Private {}
    class StaticPrivate {
      static #at = 1;
      static read(): number {
        return StaticPrivate.#at;
      }
    }
    expect(reflection.declaresPrivate(new Plain())).toBe(false);
    expect(reflection.declaresPrivate(new Private())).toBe(true);
    expect(reflection.declaresPrivate(new Derived())).toBe(true);
    expect(reflection.declaresStaticPrivate(StaticPrivate)).toBe(true);
    expect(reflection.declaresStaticPrivate(Private)).toBe(false);
  });

  it('knows an arrow function that uses the this around it from any other function', () => {
    class Service {
      name = 'a';
      arrow = (): string => this.name;
      method(): string {
        return this.name;
      }
    }
    const service = new Service();
    expect(reflection.usesLexicalThis(service.arrow)).toBe(true);
    expect(reflection.usesLexicalThis(valueAt(Service.prototype, 'method') as object)).toBe(false);
    expect(reflection.usesLexicalThis(() => 1)).toBe(false);
  });

  it('takes the size of a Map from V8, whatever a subclass says', () => {
    class Lying extends Map<number, number> {
      override get size(): number {
        throw new Error('a getter was called');
      }
    }
    expect(sizeOf(new Lying([[1, 1]]), true)).toBe(1);
    expect(sizeOf(new Set([1, 2]), false)).toBe(2);
  });

  it('visits objects, functions and texts of 50,000 characters', () => {
    expect([{}, () => {}, 'x'.repeat(50_000)].map(isVisited)).toEqual([true, true, true]);
    expect([null, undefined, 1, 'x'.repeat(49_999)].map(isVisited)).toEqual([false, false, false, false]);
  });
});

it('the positions of a typed array are no keys: a Buffer has millions of them', () => {
  const bytes = Object.assign(new Uint8Array(8), { owner: 'cache' });
  expect(ownKeysOf(bytes)).toEqual([]);
  expect(ownKeysOf({ a: 1, [Symbol.iterator]: null })).toEqual(['a', Symbol.iterator]);
});
