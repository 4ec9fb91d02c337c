import inspector from 'node:inspector';
import { types } from 'node:util';
import { runInThisContext } from 'node:vm';
import { afterAll } from 'vitest';
import { ThreadInspector } from '../../src/kit/diagnosis/probe/inside/inspector.js';
import type { Introspection } from '../../src/kit/diagnosis/probe/inside/introspection.js';
import { NamedRoots } from '../../src/kit/diagnosis/probe/inside/named-roots.js';
import { NestModules } from '../../src/kit/diagnosis/probe/inside/nest-modules.js';
import { PathIds } from '../../src/kit/diagnosis/probe/inside/path-ids.js';
import { Reflection } from '../../src/kit/diagnosis/probe/inside/reflect.js';
import type { WalkedContainer, WalkedGraph } from '../../src/kit/diagnosis/probe/inside/walk-result.js';
import { Walker, type WalkerContext } from '../../src/kit/diagnosis/probe/inside/walker.js';

/** The parts of the probe, as `createProbe` builds them, in the process of the test. */
export const introspection: Introspection = {
  types,
  reflection: new Reflection(types),
  inspector: new ThreadInspector(inspector),
};
afterAll(() => introspection.inspector.close());

/**
 * Evaluates code whose functions see nothing of the test, so that a walk ends after a few hundred objects.
 *
 * @returns what the code returns; its type is the caller's claim
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function program<Value = object>(code: string): Value {
  return runInThisContext(`(() => { ${code} })()`) as Value;
}

export function walkerContext(): WalkerContext {
  const nestModules = new NestModules(introspection);
  return {
    ...introspection,
    nestModules,
    namedRoots: new NamedRoots(nestModules, () => false),
    pathIds: new PathIds(),
    arrows: new Map(),
    isNodeScript: () => false,
  };
}

/** A walk from a few named objects. */
export function finishedWalk(roots: Record<string, object>, context = walkerContext()): Walker {
  const walker = new Walker(
    context,
    Object.entries(roots).map(([name, object]) => ({ edge: { kind: 'root', name }, object, cost: 0 })),
  );
  while (!walker.step(1_000));
  return walker;
}

export function walk(roots: Record<string, object>, context = walkerContext()): WalkedGraph {
  return finishedWalk(roots, context).graph;
}

/** What a walk finds of a few named objects if it enters none of them. A walk enters Node's own timers, for seconds. */
export function rootsAlone(roots: Record<string, object>): WalkedGraph {
  const objects = Object.values(roots);
  return {
    containers: [],
    nodes: new Map(objects.map((object, node) => [object, node])),
    objects,
    parents: objects.map(() => -1),
    edges: Object.keys(roots).map((name) => ({ kind: 'root', name })),
    timers: Object.keys(roots).flatMap((name, at) => (name.startsWith('timers of') ? objects[at]! : [])),
  };
}

/** The container that a walk found at an object. */
export function containerAt(graph: WalkedGraph, object: object): WalkedContainer {
  const found = graph.containers.find((container) => container.object === object);
  if (!found) throw new Error('the walk found no container there');
  return found;
}

export const squares = (count: number): Map<number, { square: number }> =>
  new Map(Array.from({ length: count }, (_, at) => [at, { square: at * at }]));

function trap(): never {
  throw new Error('a proxy was called');
}
const TRAPS = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, trap]));

/** A proxy that fails the test when anything is asked of it. */
export function untouchable(target: object = {}): object {
  return new Proxy(target, TRAPS);
}

/** An object whose getters fail the test when they are called. */
export function withGetter(name: string): object {
  return Object.defineProperty({}, name, {
    enumerable: true,
    get: () => {
      throw new Error('a getter was called');
    },
  });
}

/** What a job returns that yields between small pieces of work. */
export function finished<Result>(job: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = job.next();
    if (done) return value;
  }
}
