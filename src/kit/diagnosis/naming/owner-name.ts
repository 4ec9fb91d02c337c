import type { Edge, RouteStep } from '../probe/index.js';
import { isPackageFile, shortFile } from '../../heap/index.js';
import { pathOf, type Script } from '../../process/scripts.js';
import type { SourceMaps } from './source-maps.js';

export const ARROW = ' › ';

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

/** Classes that say nothing of who owns something. */
const PLAIN = new Set(['Object', 'Array', 'Map', 'Set', 'Function', 'Proxy', 'WeakMap']);
const IDENTIFIER = /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/**
 * What an engineer of that service would call the thing at the end of a route: what is known by a name in the
 * program, then the nearest object of a class, then the property.
 */
export function nameOf(route: RouteStep[], source: NameSource): Named {
  const { names, at } = openingOf(route, beginningOf(route, source), source);
  const owner = names.slice(route[at]!.edge.kind === 'nest' ? -2 : 0);
  let named = at;
  // What lies between the beginning and these two is in the path.
  const variable = route.findLastIndex(({ edge }, step) => step > at && edge.kind === 'variable');
  if (variable >= 0) {
    owner.push(route[variable]!.edge.name);
    named = variable;
  }
  const isNear = route[at]!.edge.kind === 'nest' && variable < 0 && route.length - at <= NEAR;
  const holder = isNear
    ? -1
    : route.findLastIndex(
        ({ className }, step) => step >= named && step < route.length - 1 && !PLAIN.has(className),
      );
  if (holder >= 0) {
    owner.push(route[holder]!.className);
    named = holder;
  }
  const segments = owner.filter((one, index) => one !== owner[index - 1]);
  const path = [...names.slice(0, -1), withClass(names.at(-1)!, route[at]!)];
  return {
    owner: (named === route.length - 1 && segments.length > 1 ? segments.slice(0, -1) : segments).join(ARROW),
    text: segments.join(ARROW) + chain(route.slice(named + 1)),
    path: [...path, ...route.slice(at + 1).map((step) => describe(step, source))],
    rawPath: route.map((step) => describe(step, source)),
  };
}

/** So few steps from a provider are told one by one. */
const NEAR = 4;

const isNamed = ({ kind, name }: Edge): boolean =>
  kind === 'nest' || kind === 'variable' || (kind === 'root' && /[\\/]|^globalThis\./.test(name));

/** Names begin at the last thing that Nest or the program itself knows by name; else at one that a package does. */
function beginningOf(route: RouteStep[], { scripts }: NameSource): number {
  const isPackages = ({ kind, name, script }: Edge): boolean =>
    isPackageFile(kind === 'variable' ? (scripts.get(script!)?.url ?? '') : name);
  const last = (is: (edge: Edge) => boolean): number => route.findLastIndex(({ edge }) => is(edge));
  const own = last((edge) => isNamed(edge) && !isPackages(edge));
  if (own >= 0) return own;
  const ofPackage = last((edge) => isNamed(edge) && (edge.kind !== 'variable' || edge.scope === ''));
  return Math.max(0, ofPackage >= 0 ? ofPackage : last(isNamed));
}

/** What the beginning of a path is called, in parts, and the last step that this tells of. */
function openingOf(route: RouteStep[], begin: number, source: NameSource): { names: string[]; at: number } {
  const { kind, name, scope } = route[begin]!.edge;
  switch (kind) {
    case 'nest': {
      const first = route.findLastIndex(({ edge }, at) => at < begin && edge.kind !== 'nest') + 1;
      const names = route.slice(first, begin + 1).map(({ edge }) => edge.name);
      return { names, at: begin };
    }
    case 'variable': {
      const file = fileOf(route[begin]!.edge, source);
      return { names: scope === '' ? [file, name] : [file, `${scope}()`, name], at: begin };
    }
    case 'root': {
      if (!isPath(name)) return { names: [name], at: begin };
      const file = fileName(name, source);
      const exported = route[begin + 1]?.edge;
      return exported?.kind === 'property' && PLAIN.has(route[begin]!.className)
        ? { names: [file, exported.name], at: begin + 1 }
        : { names: [file], at: begin };
    }
    case 'module':
      return { names: [fileOf(route[begin]!.edge, source)], at: begin };
    case 'property':
    case 'private':
    case 'entry':
    case 'prototype':
    case 'bound':
      return { names: [link(route[begin]!.edge)], at: begin };
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

/** Whether a root is a file: the roots that are none have names without a separator. */
const isPath = (name: string): boolean => /[\\/]/.test(name);

function chain(steps: RouteStep[]): string {
  return steps.map(({ edge }) => link(edge)).join('');
}

function link({ kind, name }: Edge): string {
  switch (kind) {
    case 'property':
    case 'private':
      return IDENTIFIER.test(name) ? `.${name}` : `[${name}]`;
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
      const where = `${edge.scope === '' ? '' : `${edge.scope}() of `}${fileOf(edge, source)}`;
      return withClass(`variable ${edge.name} in ${where}`, step);
    }
    case 'property':
    case 'private':
    case 'entry':
    case 'prototype':
    case 'bound':
      return withClass(link(edge), step);
  }
}

/** What Nest has written down goes by the name that it has there. */
function withClass(name: string, { edge, className }: RouteStep): string {
  return edge.kind === 'nest' && (className === name || className === 'Module')
    ? name
    : `${name} (${className})`;
}
