import { describe, expect, it, vi } from 'vitest';
import { containerAt, finishedWalk, introspection, program, walkerContext } from './support/probe.js';

/** A bundle: so many functions in one scope that see each other, and one of them has a Map in a closure of its own. */
function bundle(functions: number): {
  start: object;
  all: Map<unknown, unknown>;
  inner: Map<unknown, unknown>;
} {
  const names = Array.from({ length: functions }, (_, at) => `step${at}`);
  return program(`
    ${names.map((name, at) => `function ${name}() { return ${names[(at + 1) % functions]}; }`).join('\n')}
    const all = new Map([[1, 1]]);
    const keep = () => all;
    const inner = new Map([[2, 2]]);
    const store = ((entries) => ({ add: (key) => entries.set(key, key) }))(inner);
    const get = { start: () => [step0, store, keep] };
    return { start: get.start, all, inner };
  `);
}

/** A walk through a bundle from one of its functions, with the functions that the inspector was asked about. */
function walked(functions: number) {
  const { start, all, inner } = bundle(functions);
  const asked = vi.spyOn(introspection.inspector, 'functionDetails');
  const { graph, notInspected } = finishedWalk({ start }, walkerContext());
  const questions = asked.mock.calls.length;
  asked.mockRestore();
  const nameOf = (object: object): string => graph.edges[containerAt(graph, object).node]!.name;
  return { all: nameOf(all), inner: nameOf(inner), questions, notInspected, objects: graph.objects.length };
}

describe('a walk through a scope of thousands of functions', () => {
  const large = walked(4_000);

  it('names what is in the scope, and what is in a closure inside it', () => {
    expect(large).toMatchObject({ all: 'all', inner: 'entries', notInspected: 0 });
  });

  it('asks about no more functions than in a smaller scope', () => {
    const small = walked(1_000);
    expect(large.objects).toBeGreaterThan(3 * small.objects);
    expect(large.questions).toBeLessThanOrEqual(small.questions);
  });

  it('inspects every function of an ordinary file', () => {
    expect(walked(100).questions).toBeGreaterThanOrEqual(100);
  });
});
