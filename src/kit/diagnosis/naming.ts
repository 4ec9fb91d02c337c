import type { Edge } from './inside/walker.js';
import type { RouteStep } from './inside/survey.js';
import type { Script } from './scripts.js';
import { pathOf, type SourceMaps } from './source-maps.js';

export const ARROW = ' › ';

/** Where names come from: the files of the patient, seen from its working directory. */
export interface Atlas {
  scripts: Map<string, Script>;
  maps: SourceMaps;
  folder: string;
}

export interface Named {
  owner: string;
  /** Without the count of entries. */
  text: string;
  path: string[];
  /** The file of the variable that the path begins with; null where it begins elsewhere. */
  script: Script | null;
}

/** Classes that say nothing of who owns something. */
const PLAIN = new Set(['Object', 'Array', 'Map', 'Set', 'Function', 'Proxy', 'WeakMap']);
const IDENTIFIER = /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A file as its author calls it. */
export function fileName(url: string, folder: string): string {
  const path = pathOf(url);
  const inPackage = path.lastIndexOf('node_modules/');
  if (inPackage >= 0) return path.slice(inPackage);
  if (path.startsWith(`${folder}/`)) return path.slice(folder.length + 1);
  return path.split('/').slice(-2).join('/') || '(a script)';
}

/** What an engineer of that service would call the thing at the end of a route. */
export function nameOf(route: RouteStep[], atlas: Atlas): Named {
  const path = route.map((step) => describe(step, atlas));
  const lastVariable = route.findLastIndex(({ edge }) => edge.kind === 'variable');
  const lastNest = route.findLastIndex(({ nest }, at) => nest !== undefined && at < route.length - 1);
  const begin = Math.max(lastVariable, lastNest, 0);
  const from = route[begin]!;
  const script = lastVariable >= 0 ? (atlas.scripts.get(route[lastVariable]!.edge.script!) ?? null) : null;
  const origin = from.nest ?? originOf(from.edge, atlas);
  if (from.nest !== undefined) {
    return { owner: origin, text: origin + chain(route.slice(begin + 1)), path, script };
  }
  // The last object of a class of its own is the one that a person thinks of as the owner.
  const holder = route.findLastIndex(
    (step, at) => at >= begin && at < route.length - 1 && !PLAIN.has(step.className),
  );
  if (holder < 0 || holder === begin) {
    const instance = holder === begin && route.length - 1 > begin;
    const owner = instance ? `${from.className} ${origin}` : origin;
    const rest = chain(route.slice(begin + 1));
    return {
      owner,
      text: instance
        ? `${origin}${ARROW}${from.className}${rest}`
        : origin + (rest && `${ARROW}${rest.replace(/^\./, '')}`),
      path,
      script,
    };
  }
  const { className } = route[holder]!;
  return {
    owner: `${origin}${ARROW}${className}`,
    text: `${origin}${ARROW}${className}${chain(route.slice(holder + 1))}`,
    path,
    script,
  };
}

function originOf(edge: Edge, { scripts, maps, folder }: Atlas): string {
  const { kind, name, scope } = edge;
  if (kind === 'variable') {
    const script = scripts.get(edge.script!);
    const file = script ? fileName(maps.place(script, edge.line!, edge.column!).file, folder) : '(a script)';
    return scope === '' ? `${name} in ${file}` : `${name} in ${scope}() of ${file}`;
  }
  return name.includes('/') ? fileName(name, folder) : name;
}

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
      return `${ARROW}${name}`;
    default:
      return '';
  }
}

function describe(step: RouteStep, atlas: Atlas): string {
  const { edge, className, nest } = step;
  const what = nest ?? className;
  if (edge.kind === 'root') return `${originOf(edge, atlas)} (${what})`;
  if (edge.kind === 'variable') return `variable ${originOf(edge, atlas)} (${what})`;
  return `${link(edge)} (${what})`;
}
