import { BEGIN, COSTS, OBJECT_COSTS } from '../../../heap/path/costs.js';
import { makeEmpty } from './clear-container.js';
import { type Comparison, makeComparison } from './compare.js';
import { makePortraits } from './container-growth.js';
import { makeEdges, type EdgeCosts } from './edges.js';
import { makeEntries } from './entry-samples.js';
import { makeMirror } from './inspector.js';
import { makeChain } from './linked-list.js';
import { makeLandmarks } from './named-roots.js';
import { makeNearby } from './bound-hints.js';
import { makePlaces } from './path-ids.js';
import { makeObjects } from './reflect.js';
import { findRoots } from './roots.js';
import { makeSizes } from './sizes.js';
import { makeSweeps } from './cleanup-timers.js';
import type { CodePosition, Root, Sink } from './types.js';
import { makeWalker } from './walker.js';

/** V8's ids of scripts that are not the program's own. */
export interface ForeignScripts {
  /** Node's. */
  internal: string[];
  packages: string[];
}

/** The probe as the other side calls it: arguments and results are plain data. */
export interface InsideProbe extends Omit<Comparison, 'begin' | 'step'> {
  begin(scripts: ForeignScripts): void;
  /** Works for about so long. @returns whether all is done, and how long it took by the target's clock */
  step(forMs: number): { done: boolean; ms: number };
  arrows(): CodePosition[];
  beginCapture(): string;
  endCapture(): number;
}

/** The walk and the search in a snapshot name owners alike, so that a step costs the same in both. */
const EDGE_COSTS: EdgeCosts = {
  property: COSTS.property,
  // Node and frameworks keep their own things under symbols.
  symbol: COSTS.internal,
  entry: COSTS.entry,
  variable: COSTS.variable,
  scope: COSTS.scope,
  outerScope: COSTS.outerScope,
  prototype: COSTS.prototype,
  bound: COSTS.internal,
  nest: COSTS.nest,
  nestBooks: COSTS.nestBooks,
  nextTimer: COSTS.nextTimer,
};

const BEGIN_COSTS = {
  ...BEGIN,
  // It has a name, but everything that listens to signals hangs from it.
  process: BEGIN.unknownModule,
};

const MOST_CAPTURED = 200;

/** @param load the target's `require`, where it has one */
export function createProbe(load: NodeJS.Require | undefined): InsideProbe {
  const builtin = (name: string): unknown => process.getBuiltinModule?.(name) ?? load?.(name);
  const { types } = builtin('node:util') as typeof import('node:util');
  let internal = new Set<string>();
  let packages = new Set<string>();
  const captured = new Map<object, string>();
  const arrows = new Map<string, CodePosition>();
  const collector = `leak-lab ${process.pid} ${Math.random()}`;
  const mirror = makeMirror(builtin('node:inspector') as typeof import('node:inspector'));
  const objects = makeObjects(types);
  const landmarks = makeLandmarks(types, objects, BEGIN_COSTS, (script) => packages.has(script));
  const sizes = makeSizes(types, mirror, objects);
  const sweeps = makeSweeps(mirror, types, objects);
  const nearby = makeNearby(mirror, types, sweeps);
  const entries = makeEntries(objects, sizes);
  const portray = makePortraits(objects, mirror, types, entries, nearby);
  const places = makePlaces();
  const empty = makeEmpty(types);
  const priceOf = (file: string): number =>
    /[\\/]node_modules[\\/]/.test(file) ? BEGIN_COSTS.dependency : BEGIN_COSTS.ownModule;
  const roots = (): Root[] => [
    ...findRoots(load, BEGIN_COSTS),
    ...landmarks.roots(),
    ...Array.from(captured, ([object, name]): Root => ({
      object,
      edge: { kind: 'root', name },
      price: priceOf(name),
    })),
  ];
  const newSteps = (sink: Sink) =>
    makeEdges(objects, mirror, types, landmarks, EDGE_COSTS, (script) => internal.has(script), sink);
  const newChain = (head: object, key: string, counted: number) =>
    makeChain(objects, types, head, key, counted);
  const newWalker = () =>
    makeWalker(objects, types, places, roots(), newSteps, newChain, arrows, OBJECT_COSTS);
  const comparison = makeComparison(newWalker, landmarks, entries, portray, nearby, types, empty);
  const world = globalThis as unknown as Record<string, unknown>;
  return {
    ...comparison,
    begin(scripts) {
      internal = new Set(scripts.internal);
      packages = new Set(scripts.packages);
      comparison.begin();
    },
    step(forMs) {
      const startMs = performance.now();
      return { done: comparison.step(forMs), ms: performance.now() - startMs };
    },
    arrows: () => [...arrows.values()],
    beginCapture() {
      world[collector] = (self: unknown, file: string): void => {
        if (typeof self === 'object' && self !== null && captured.size < MOST_CAPTURED)
          captured.set(self, file);
      };
      return collector;
    },
    endCapture() {
      delete world[collector];
      return captured.size;
    },
    close() {
      delete world[collector];
      comparison.close();
      mirror.close();
    },
  };
}
