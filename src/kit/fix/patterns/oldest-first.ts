import type { Container } from '../container.js';
import { Editor } from '../editor.js';
import type { Assumption, Patch } from '../model.js';
import type { Clue } from '../pattern.js';
import { textOf } from '../source.js';
import type { Use } from '../uses.js';
import { countersBeside } from './counters.js';
import { compareByValue, freshKeys } from './fresh-keys.js';
import { addMaxEntries, boundPatch } from './max-entries.js';
import { type CacheClass, entryTypes, isUsedAsCache, useAsCache } from './object-as-cache.js';

/**
 * The oldest entry of a Map goes where one is added: needs no package. An object becomes a Map, because an object does
 * not keep its keys in their order. Null where an addition to a Map is no statement of its own.
 */
export function boundedOldestFirst(
  { source, maxEntries }: Clue,
  container: Container,
  uses: readonly Use[],
  isAsserted = false,
): Patch | null {
  if (!/^(?:Map|Object)$/.test(container.kind) || countersBeside(source, uses)?.length !== 0) return null;
  const editor = new Editor(source);
  const byValue = compareByValue(editor, container, freshKeys(container, uses));
  const constant = addMaxEntries(editor, container, maxEntries);
  const bound = (map: string): string[] => [
    `for (const oldest of ${map}.keys()) {`,
    `${editor.layout.indentUnit}if (${map}.size <= ${constant}) break;`,
    `${editor.layout.indentUnit}${map}.delete(oldest);`,
    '}',
  ];
  const more =
    container.kind === 'Object'
      ? asMap(editor, container, uses, { name: 'Map', limit: '', isAsserted, bound })
      : boundedMap(editor, uses, bound);
  if (more === null) return null;
  const does = {
    code: 'bounded-oldest-first' as const,
    container: container.text,
    constant,
    maxEntries,
    becomesMap: container.kind === 'Object',
  };
  return boundPatch(editor, does, [...byValue, { code: 'oldest-first' }, ...more]);
}

type Bound = (map: string) => string[];

function boundedMap(editor: Editor, uses: readonly Use[], bound: Bound): Assumption[] | null {
  const writes = uses.filter(({ does }) => does === 'set');
  if (writes.length === 0 || writes.some(({ node }) => node.parent.type !== 'ExpressionStatement'))
    return null;
  for (const { node } of writes)
    editor.addAfter(node.parent, bound(textOf(editor.source, node['callee'].object)));
  return [];
}

function asMap(
  editor: Editor,
  container: Container,
  uses: readonly Use[],
  cache: CacheClass,
): Assumption[] | null {
  const { created } = container;
  const types = entryTypes(editor.source, container);
  if (!created || types === null || !isUsedAsCache(uses)) return null;
  if (!useAsCache(editor, container, uses, cache)) return null;
  editor.replace(created, `new Map${types}()`);
  return [{ code: 'keys-are-text' }];
}
