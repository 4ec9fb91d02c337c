import { shortFile } from '../../heap/index.js';
import { pathOf, type Script } from '../../process/scripts.js';
import type { Edge, RouteStep } from '../probe/index.js';
import type { WrittenPlace } from './mapped-script.js';
import { isBelow, packageRoot } from './project-root.js';
import type { SourceMaps } from './source-maps.js';

/** Between the parts of a name. */
export const ARROW = ' › ';
const IDENTIFIER = /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** What names are made of: the target's files, seen from its working directory. */
export interface NameSource {
  scripts: ReadonlyMap<string, Script>;
  maps: SourceMaps;
  /** The text of some of them, by V8's id. */
  sources: ReadonlyMap<string, string>;
  /** Properties that no code names: keys that are data. */
  dataKeys?: ReadonlySet<string>;
  folder: string;
}

/** The place that a variable belongs to; undefined for a script that is not listed. */
export function placeOf({ script, line, column }: Edge, source: NameSource): WrittenPlace | undefined {
  const found = script === undefined ? undefined : source.scripts.get(script);
  return found && source.maps.place(found, line ?? 1, column ?? 1);
}

/** The file that a variable belongs to. */
export function fileOf(edge: Edge, source: NameSource): string {
  return fileName(placeOf(edge, source)?.file ?? '', source);
}

/**
 * A file as a person says it: from the target's working directory, or from its own project where that is another; evaluated
 * code has none.
 */
export function fileName(script: string, { folder }: Pick<NameSource, 'folder'>): string {
  const path = pathOf(script);
  const from = isBelow(path, folder) ? folder : (packageRoot(path) ?? folder);
  return shortFile(path, from) || '(a script)';
}

/** Whether a root is a file: the names of other roots have no separator. */
export const isPath = (name: string): boolean => /[\\/]/.test(name);

/** A step as it would be written in code, after what is above it. */
export function link({ kind, name }: Edge, { dataKeys }: Pick<NameSource, 'dataKeys'>): string {
  switch (kind) {
    case 'property':
    case 'private':
      return IDENTIFIER.test(name) && !dataKeys?.has(name) ? `.${name}` : `[${keyText(name)}]`;
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
export function describe(step: RouteStep, source: NameSource): string {
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
      return withClass(link(edge, source), step);
  }
}

/** Providers and modules of Nest are named after their class already. */
export function withClass(name: string, { edge, className }: RouteStep): string {
  return edge.kind === 'nest' && (className === name || className === 'Module')
    ? name
    : `${name} (${className})`;
}
