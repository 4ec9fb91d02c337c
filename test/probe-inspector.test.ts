import { describe, expect, it } from 'vitest';
import { introspection, program, untouchable } from './support/probe.js';

const { inspector } = introspection;

describe('the inspector of the own thread', () => {
  it('shows the variables of every scope that a function closes over, from the innermost', () => {
    const fn = program(
      'const far = new Map(); return (function make(near) { return () => [near, far]; })(7);',
    );
    const { scopes } = inspector.functionDetails(fn)!;
    expect(scopes.map(({ variables }) => Object.fromEntries(variables))).toEqual([
      { near: 7 },
      { far: new Map() },
    ]);
    expect(scopes[0]!.description).toBe('Closure (make)');
  });

  it('shows the objects themselves, not copies', () => {
    const entries = new Map();
    const fn = program<(given: object) => object>('return (given) => () => given;')(entries);
    expect(inspector.functionDetails(fn)!.scopes[0]!.variables.get('given')).toBe(entries);
  });

  it('shows no value of a variable whose declaration has not run', () => {
    const fn = program<() => unknown>(
      'const reader = () => [early, late]; const early = 1; if (globalThis) return reader; const late = 2;',
    );
    const [scope] = inspector.functionDetails(fn)!.scopes;
    expect([scope!.variables.get('early'), scope!.variables.get('late')]).toEqual([1, undefined]);
  });

  it('shows where a function begins, counted from 1', () => {
    expect(inspector.functionDetails(program('return () => 1;'))).toMatchObject({ line: 1, column: 17 });
  });

  it('shows the target, the this and the arguments of a bound function', () => {
    const self = { name: 'self' };
    const target = program<(at: number) => void>('return function target() {};');
    const bound = new Map(inspector.functionDetails(target.bind(self, 5))!.bound);
    expect(bound.get('[[TargetFunction]]')).toBe(target);
    expect(bound.get('[[BoundThis]]')).toBe(self);
    expect(Array.from(bound.get('[[BoundArgs]]') as unknown[])).toEqual([5]);
  });

  it('shows nothing of a native function', () => {
    expect(inspector.functionDetails(Math.max)).toBeNull();
  });

  it('shows private fields with their names', () => {
    const object = program('return new (class Store { #seen = new Map(); #limit = 3; })();');
    expect(inspector.privateFields(object)).toEqual([
      ['#seen', new Map()],
      ['#limit', 3],
    ]);
  });

  it('shows what a promise was fulfilled with, and undefined of a pending one', () => {
    expect(inspector.promiseResult(Promise.resolve('done'))).toBe('done');
    expect(inspector.promiseResult(new Promise(() => {}))).toBeUndefined();
  });

  it('asks nothing of a proxy', () => {
    expect(inspector.functionDetails(untouchable(() => {}))).toBeNull();
    expect(inspector.privateFields(untouchable())).toEqual([]);
  });

  it('adds no global variable', () => {
    expect(Reflect.ownKeys(globalThis).filter((key) => String(key).startsWith('leak-lab'))).toEqual([]);
  });
});
