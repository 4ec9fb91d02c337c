import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { nameOf } from '../src/kit/diagnosis/naming/index.js';
import type { RouteStep } from '../src/kit/diagnosis/probe/index.js';
import { containerAt, introspection, program, walk } from './support/probe.js';
import { source } from './support/walked.js';

const CLASS = `
  class AuditTrail {
    #entries = new Map();
    add(key, entry) { this.#entries.set(key, entry); return this.#entries; }
  }`;
const compilers = {
  TypeScript: ts.transpile(CLASS, { target: ts.ScriptTarget.ES2020 }),
  esbuild: `
    var __privateAdd = (object, member, value) => member.set(object, value);
    var _entries;
    class AuditTrail {
      constructor() { __privateAdd(this, _entries, new Map()); }
      add(key, entry) { return _entries.get(this).set(key, entry); }
    }
    _entries = new WeakMap();`,
  Babel: `
    function _classPrivateFieldInitSpec(object, fields, value) { fields.set(object, value); }
    var _entries = new WeakMap();
    class AuditTrail {
      constructor() { _classPrivateFieldInitSpec(this, _entries, { writable: true, value: new Map() }); }
      add(key, entry) { return _entries.get(this).value.set(key, entry); }
    }`,
};

interface Trail {
  add(key: number, entry: object): Map<unknown, unknown>;
}

/** The route of a walk to an object, from its root. */
function routeTo(object: object, roots: Record<string, object>): RouteStep[] {
  const graph = walk(roots);
  const route: RouteStep[] = [];
  for (let at = containerAt(graph, object).node; at >= 0; at = graph.parents[at] ?? -1) {
    const [edge, of] = [graph.edges[at], graph.objects[at]];
    if (edge && of) route.unshift({ edge, className: introspection.reflection.classOf(of) });
  }
  return route;
}

describe('a private field that a compiler keeps in a WeakMap', () => {
  it.each(Object.entries(compilers))('has its name, compiled by %s', (_, compiled) => {
    const trail = program<Trail>(`${compiled}; return new AuditTrail();`);
    const entries = trail.add(1, {});
    expect(nameOf(routeTo(entries, { trail }), source).text).toBe('trail › AuditTrail.#entries');
  });

  it('is found in an instance of a subclass', () => {
    const trail = program<Trail>(`
      ${compilers.TypeScript}
      class Loud extends AuditTrail {}
      return new Loud();`);
    expect(routeTo(trail.add(1, {}), { trail }).at(-1)?.edge.kind).toBe('private');
  });
});

it('a WeakMap of instances that was written by hand is a variable', () => {
  const store = program<{ items: unknown[] } & object>(`
    const internals = new WeakMap();
    class Store {
      constructor() { internals.set(this, { items: [] }); }
      get items() { return internals.get(this).items; }
    }
    return new Store();`);
  for (let at = 0; at < 10; at += 1) store.items.push({ at });
  expect(nameOf(routeTo(store.items, { store }), source).text).toBe('(a script) › internals.items');
});
