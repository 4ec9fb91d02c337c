import { BEGIN, COSTS, OBJECT_COSTS } from '../../heap/index.js';
import { makeChain } from './inside/linked-list.js';
import { makeEmpty } from './inside/clear-container.js';
import { makeEntries } from './inside/entry-samples.js';
import { makePortraits } from './inside/container-growth.js';
import { makeLandmarks } from './inside/named-roots.js';
import { makeMirror } from './inside/inspector.js';
import { makeNearby } from './inside/bound-hints.js';
import { makeObjects } from './inside/reflect.js';
import { makePlaces } from './inside/path-ids.js';
import { findRoots } from './inside/roots.js';
import { makeSizes } from './inside/sizes.js';
import { makeSteps, type StepCosts } from './inside/edges.js';
import { makeSweeps } from './inside/cleanup-timers.js';
import { makeSurvey } from './inside/compare.js';
import { makeWalker } from './inside/walker.js';

/** A walk and a search in a snapshot tell one story: what a step costs is the same for both. */
const STEP_COSTS: StepCosts = {
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

/** V8's ids of scripts that are not the program's own. */
export interface ForeignScripts {
  /** Node's. */
  internal: string[];
  packages: string[];
}

/**
 * What walks through the patient, as one expression that is evaluated there: its parts are functions that use
 * nothing but what they are given.
 */
export function program(): string {
  return `(() => {
    const load = typeof require === 'function' ? require : undefined;
    const builtin = (name) => process.getBuiltinModule?.(name) ?? load(name);
    const { types } = builtin('node:util');
    const costs = ${JSON.stringify(STEP_COSTS)};
    const begin = ${JSON.stringify(BEGIN_COSTS)};
    const dear = ${JSON.stringify(OBJECT_COSTS)};
    let internal = new Set();
    let packages = new Set();
    const captured = new Map();
    const arrows = new Map();
    const door = 'leak-lab ' + process.pid + ' ' + Math.random();
    const mirror = (${makeMirror.toString()})(builtin('node:inspector'));
    const objects = (${makeObjects.toString()})(types);
    const landmarks = (${makeLandmarks.toString()})(types, objects, begin, (script) => packages.has(script));
    const sizes = (${makeSizes.toString()})(types, mirror, objects);
    const sweeps = (${makeSweeps.toString()})(mirror, types, objects);
    const nearby = (${makeNearby.toString()})(mirror, types, sweeps);
    const entries = (${makeEntries.toString()})(objects, sizes);
    const portray = (${makePortraits.toString()})(objects, mirror, types, entries, nearby);
    const places = (${makePlaces.toString()})();
    const empty = (${makeEmpty.toString()})(types);
    const findRoots = ${findRoots.toString()};
    const makeSteps = ${makeSteps.toString()};
    const makeChain = ${makeChain.toString()};
    const makeWalker = ${makeWalker.toString()};
    const priceOf = (file) => (file.includes('/node_modules/') ? begin.dependency : begin.ownModule);
    const roots = () => [
      ...findRoots(load, begin),
      ...landmarks.roots(),
      ...[...captured].map(([object, name]) => ({ object, edge: { kind: 'root', name }, price: priceOf(name) })),
    ];
    const newSteps = (sink) =>
      makeSteps(objects, mirror, types, landmarks, costs, (script) => internal.has(script), sink);
    const newChain = (head, key, counted) => makeChain(objects, types, head, key, counted);
    const newWalker = () => makeWalker(objects, types, places, roots(), newSteps, newChain, arrows, dear);
    const survey = (${makeSurvey.toString()})(newWalker, landmarks, entries, portray, nearby, types, empty);
    return {
      ...survey,
      begin(scripts) {
        internal = new Set(scripts.internal);
        packages = new Set(scripts.packages);
        survey.begin();
      },
      arrows: () => [...arrows.values()],
      openDoor() {
        globalThis[door] = (self, file) => {
          if (typeof self === 'object' && self !== null && captured.size < 200) captured.set(self, file);
        };
        return door;
      },
      closeDoor() {
        delete globalThis[door];
        return captured.size;
      },
      close() {
        survey.close();
        mirror.close();
      },
    };
  })()`;
}
