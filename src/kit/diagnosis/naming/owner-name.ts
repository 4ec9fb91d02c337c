import { isPackageFile } from '../../heap/index.js';
import type { Edge, RouteStep } from '../probe/index.js';
import {
  ARROW,
  describe,
  fileName,
  fileOf,
  isPath,
  link,
  type NameSource,
  placeOf,
  withClass,
} from './step-text.js';
import { writtenRoute } from './written-route.js';

/** Something in the target, named. */
export interface Named {
  owner: string;
  /** Without the count of entries. */
  text: string;
  /** From a Nest module, a file or another named root. */
  path: string[];
  /** Every step of the walk. */
  rawPath: string[];
}

/** Classes whose names do not tell who owns something. */
const PLAIN = new Set(['Object', 'Array', 'Map', 'Set', 'Function', 'Proxy', 'WeakMap']);
/** A provider this few steps away is named by its property alone, without the class in between. */
const NEAR = 4;

/**
 * What an engineer of the target calls the object at the end of a route: its named root, then the variable or the nearest
 * object of a class, then the property.
 */
export function nameOf(walked: readonly RouteStep[], source: NameSource): Named {
  const written = writtenRoute(walked, source);
  const route = withoutView(written);
  const { names, at, step } = openingOf(route, beginningOf(route, source), source);
  const isNest = step.edge.kind === 'nest';
  const owner = names.slice(isNest ? -2 : 0);
  let named = at;
  const variable = route.findLastIndex(({ edge }, index) => index > at && edge.kind === 'variable');
  const variableStep = route[variable];
  if (variableStep) {
    owner.push(variableStep.edge.name);
    named = variable;
  }
  const isNear = isNest && !variableStep && route.length - at <= NEAR;
  const instance = isNear
    ? -1
    : route.findLastIndex(
        ({ className }, index) => index >= named && index < route.length - 1 && !PLAIN.has(className),
      );
  const instanceStep = route[instance];
  if (instanceStep) {
    owner.push(instanceStep.className);
    named = instance;
  }
  const segments = owner.filter((one, index) => one !== owner[index - 1]);
  const isOwnName = named === route.length - 1 && segments.length > 1;
  return {
    owner: (isOwnName ? segments.slice(0, -1) : segments).join(ARROW),
    text:
      segments.join(ARROW) +
      route
        .slice(named + 1)
        .map(({ edge }) => link(edge, source))
        .join(''),
    path: [
      ...names.slice(0, -1),
      withClass(names.at(-1) ?? '', step),
      ...written.slice(at + 1).map((below) => describe(below, source)),
    ],
    rawPath: written.map((one) => describe(one, source)),
  };
}

const VIEW = /^(?:Buffer|DataView|(?:Big)?(?:Uint|Int|Float)\d+(?:Clamped)?Array)$/;

/** The memory of a Buffer has the name of the Buffer, which is what the program has. */
function withoutView(route: readonly RouteStep[]): readonly RouteStep[] {
  const [view, buffer] = route.slice(-2);
  const isMemory = view && buffer && VIEW.test(view.className) && buffer.edge.name === 'buffer';
  return isMemory && route.length > 2 ? route.slice(0, -1) : route;
}

const isNamed = ({ kind, name }: Edge): boolean =>
  kind === 'nest' ||
  kind === 'variable' ||
  (kind === 'root' && (isPath(name) || name.startsWith('globalThis.')));

/** The last step that Nest or the program itself has a name for; else the last that a package has one for. */
function beginningOf(route: readonly RouteStep[], source: NameSource): number {
  const isForeign = (edge: Edge): boolean =>
    edge.kind === 'variable' ? placeOf(edge, source)?.isOwn === false : isPackageFile(edge.name);
  const last = (is: (edge: Edge) => boolean): number => route.findLastIndex(({ edge }) => is(edge));
  const own = last((edge) => isNamed(edge) && !isForeign(edge));
  if (own >= 0) return own;
  const ofPackage = last((edge) => isNamed(edge) && (edge.kind !== 'variable' || edge.scope === ''));
  return Math.max(0, ofPackage >= 0 ? ofPackage : last(isNamed));
}

/** The names of a path's beginning, and the last step that they cover. */
interface Opening {
  names: string[];
  at: number;
  step: RouteStep;
}

function openingOf(route: readonly RouteStep[], begin: number, source: NameSource): Opening {
  const step = route[begin];
  if (!step) throw new RangeError('a route has at least one step');
  const { edge, className } = step;
  const opening = (...names: string[]): Opening => ({ names, at: begin, step });
  switch (edge.kind) {
    case 'nest': {
      const first = route.findLastIndex((above, at) => at < begin && above.edge.kind !== 'nest') + 1;
      return opening(...route.slice(first, begin + 1).map((one) => one.edge.name));
    }
    case 'variable': {
      const file = fileOf(edge, source);
      return edge.scope === '' ? opening(file, edge.name) : opening(file, `${edge.scope}()`, edge.name);
    }
    case 'root': {
      if (!isPath(edge.name)) return opening(edge.name);
      const file = fileName(edge.name, source);
      const exported = route[begin + 1];
      return exported?.edge.kind === 'property' && PLAIN.has(className)
        ? { names: [file, exported.edge.name], at: begin + 1, step: exported }
        : opening(file);
    }
    case 'module':
      return opening(fileOf(edge, source));
    case 'property':
    case 'private':
    case 'entry':
    case 'prototype':
    case 'bound':
      return opening(link(edge, source));
  }
}
