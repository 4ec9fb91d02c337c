import { isPackageFile, shortFile } from '../../heap/index.js';
import { pathOf, type Script } from '../../process/scripts.js';
import type { Edge, RouteStep } from '../probe/index.js';
import type { SourceMaps } from './source-maps.js';

const ARROW = ' › ';

/** What names are made of: the target's files, seen from its working directory. */
export interface NameSource {
  scripts: ReadonlyMap<string, Script>;
  maps: SourceMaps;
  /** The text of some of them, by V8's id. */
  sources: ReadonlyMap<string, string>;
  folder: string;
}

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
const IDENTIFIER = /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
/** A provider this few steps away is named by its property alone, without the class in between. */
const NEAR = 4;

/**
 * What an engineer of the target calls the object at the end of a route: its named root, then the variable or the nearest
 * object of a class, then the property.
 */
export function nameOf(route: readonly RouteStep[], source: NameSource): Named {
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
        .map(({ edge }) => link(edge))
        .join(''),
    path: [
      ...names.slice(0, -1),
      withClass(names.at(-1) ?? '', step),
      ...route.slice(at + 1).map((below) => describe(below, source)),
    ],
    rawPath: route.map((one) => describe(one, source)),
  };
}

const isNamed = ({ kind, name }: Edge): boolean =>
  kind === 'nest' ||
  kind === 'variable' ||
  (kind === 'root' && (isPath(name) || name.startsWith('globalThis.')));

/** The last step that Nest or the program itself has a name for; else the last that a package has one for. */
function beginningOf(route: readonly RouteStep[], { scripts }: NameSource): number {
  const isOfPackage = ({ kind, name, script }: Edge): boolean =>
    isPackageFile(kind === 'variable' ? (scripts.get(script ?? '')?.url ?? '') : name);
  const last = (is: (edge: Edge) => boolean): number => route.findLastIndex(({ edge }) => is(edge));
  const own = last((edge) => isNamed(edge) && !isOfPackage(edge));
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
      return opening(link(edge));
  }
}

function fileOf({ script, line, column }: Edge, source: NameSource): string {
  const found = script === undefined ? undefined : source.scripts.get(script);
  return fileName(found ? source.maps.place(found, line ?? 1, column ?? 1).file : '', source);
}

/** A file as a person says it, from the target's working directory; evaluated code has none. */
export function fileName(script: string, { folder }: Pick<NameSource, 'folder'>): string {
  return shortFile(pathOf(script), folder) || '(a script)';
}

/** Whether a root is a file: the names of other roots have no separator. */
const isPath = (name: string): boolean => /[\\/]/.test(name);

/** A step as it would be written in code, after what is above it. */
function link({ kind, name }: Edge): string {
  switch (kind) {
    case 'property':
    case 'private':
      return IDENTIFIER.test(name) ? `.${name}` : `[${keyText(name)}]`;
    case 'entry':
      return name === 'key' ? '[key]' : '[…]';
    case 'prototype':
      return '.__proto__';
    case 'bound':
      return `.${name}`;
    case 'variable':
    case 'root':
    case 'nest':
      return `${ARROW}${name}`;
    case 'module':
      return '';
  }
}

/** A property key in brackets. Text is quoted, as in snapshots, so that `--redact` finds it. */
function keyText(name: string): string {
  return /^\d+$|^Symbol\(/.test(name) ? name : JSON.stringify(name);
}

/** A step of a path, with the class that it leads to. */
function describe(step: RouteStep, source: NameSource): string {
  const { edge } = step;
  switch (edge.kind) {
    case 'root':
      return withClass(isPath(edge.name) ? fileName(edge.name, source) : edge.name, step);
    case 'module':
      return fileOf(edge, source);
    case 'nest':
      return withClass(edge.name, step);
    case 'variable': {
      const scope = edge.scope === '' ? '' : `${edge.scope}() of `;
      return withClass(`variable ${edge.name} in ${scope}${fileOf(edge, source)}`, step);
    }
    case 'property':
    case 'private':
    case 'entry':
    case 'prototype':
    case 'bound':
      return withClass(link(edge), step);
  }
}

/** Providers and modules of Nest are named after their class already. */
function withClass(name: string, { edge, className }: RouteStep): string {
  return edge.kind === 'nest' && (className === name || className === 'Module')
    ? name
    : `${name} (${className})`;
}
