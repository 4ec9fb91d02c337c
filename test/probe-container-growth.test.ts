import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { BoundHintsReader } from '../src/kit/diagnosis/probe/inside/bound-hints.js';
import { CleanupTimers } from '../src/kit/diagnosis/probe/inside/cleanup-timers.js';
import {
  ContainerDescriber,
  type ContainerDescription,
} from '../src/kit/diagnosis/probe/inside/container-growth.js';
import { sampleOf } from '../src/kit/diagnosis/probe/inside/entry-samples.js';
import { containerAt, finished, introspection, program, untouchable, walk } from './support/probe.js';

const describer = new ContainerDescriber(
  introspection,
  new BoundHintsReader(introspection, new CleanupTimers(introspection)),
);

function described(root: object, container: object): ContainerDescription {
  const graph = walk({ root });
  const found = containerAt(graph, container);
  const { spread, newest } = finished(sampleOf(found, introspection.reflection));
  return describer.describe(found, [...spread, ...newest], graph);
}

describe('the description of a container', () => {
  it('has its kind, its entries, their class and some keys', () => {
    const users = program('return new Map([["ada", new (class User {})()]]);');
    expect(described({ users }, users)).toMatchObject({
      kind: 'Map',
      className: 'Map',
      entries: 1,
      entryClass: 'User',
      keys: ['ada'],
    });
  });

  it('has keys of 80 characters at most, and none that are objects', () => {
    const keyed = new Map<unknown, number>([
      ['k'.repeat(200), 1],
      [{}, 2],
      [3, 3],
    ]);
    expect(described({ keyed }, keyed).keys).toEqual(['k'.repeat(80), '3']);
  });

  it('has the route from a root, with one step for all links of a list', () => {
    const tail = { entries: new Map(), next: null };
    const head = { next: { next: { next: tail } } };
    const { route } = described({ head }, tail.entries);
    expect(route.map(({ edge }) => edge.name)).toEqual(['root', 'head', 'next', 'entries']);
  });

  it('has the function that a listener is, also behind once()', () => {
    const emitter = new EventEmitter().setMaxListeners(0);
    const told = program<() => void>('return function told() {};');
    for (let times = 0; times < 3; times += 1) emitter.once('news', told);
    const listeners: unknown = Reflect.get(Reflect.get(emitter, '_events') as object, 'news');
    expect(described(emitter, listeners as object).calls).toMatchObject({ name: 'told', line: 1 });
  });

  it('has the function that a bound function calls, and whether it uses the this around it', () => {
    const handlers = [program<() => void>('return function handle() {};').bind({})];
    const arrows = [program('return () => this;')];
    expect(described({ handlers }, handlers).calls).toMatchObject({
      name: 'bound handle',
      usesLexicalThis: false,
    });
    expect(described({ arrows }, arrows).calls).toMatchObject({ usesLexicalThis: true });
  });

  it('has no function where an entry is a proxy, which is not called', () => {
    const entries = [untouchable(() => {})];
    expect(described({ entries }, entries)).toMatchObject({ calls: null });
  });
});
