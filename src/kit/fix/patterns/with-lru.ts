import type { Container } from '../container.js';
import { addImport } from '../add-import.js';
import { Editor } from '../editor.js';
import type { Patch } from '../model.js';
import type { Clue } from '../pattern.js';
import { type Node, type Source, textOf } from '../source.js';
import type { Use } from '../uses.js';
import { countersBeside } from './counters.js';
import { compareByValue, freshKeys } from './fresh-keys.js';
import { addMaxEntries, boundPatch } from './max-entries.js';
import { entryTypes, isNamed, isUsedAsCache, useAsCache } from './object-as-cache.js';

const LRU = 'lru-cache';
/** Since this version, the class is called LRUCache and takes `max`. */
const FIRST_MAJOR = 8;

/** The Map or object becomes an LRUCache, if the project has lru-cache; null otherwise. */
export async function boundedWithLru(
  { project, source, maxEntries }: Clue,
  container: Container,
  uses: readonly Use[],
  isAsserted = false,
): Promise<Patch | null> {
  const major = await project.declaredPackage(LRU, source.file);
  const { created, annotation } = container;
  if (major === null || major < FIRST_MAJOR || created === null) return null;
  // An LRUCache takes no empty value, and `set(key, undefined)` deletes.
  const counters = countersBeside(source, uses);
  if (counters === null) return null;
  const editor = new Editor(source);
  const className = addImport(editor, 'LRUCache', LRU);
  const constant = addMaxEntries(editor, container, maxEntries);
  const keys = freshKeys(container, uses);
  const types = typesOf(source, container, keys.length > 0);
  const options = counters.map(
    ({ name, amount, value }) => `dispose: (${value}) => {\n  ${name} -= ${amount};\n},`,
  );
  editor.replace(
    created,
    `new ${className}${types}(${editor.literal([`max: ${constant}`, ...options], created)})`,
  );
  const byValue = compareByValue(editor, { ...container, created: null }, keys);
  if (container.kind === 'Object') {
    const cache = { name: className, limit: ' extends {}', isAsserted, bound: () => [] };
    if (!isUsedAsCache(uses) || !useAsCache(editor, container, uses, cache)) return null;
  } else if (annotation) retype(editor, annotation, className);
  const does = { code: 'bounded-with-lru' as const, container: container.text, constant, maxEntries };
  return boundPatch(editor, does, [
    ...byValue,
    ...(container.kind === 'Object' ? [{ code: 'keys-are-text' as const }] : []),
  ]);
}

/** `<string, User>` of `new Map<string, User>()`, or of the type that an object states. */
function typesOf(source: Source, container: Container, isByValue: boolean): string {
  const own = container.created?.['typeArguments'] as Node | null | undefined;
  const [key, value] = (own?.['params'] ?? []) as Node[];
  if (key && value && isByValue) return `<string, ${textOf(source, value)}>`;
  if (own) return textOf(source, own);
  return container.kind === 'Object' ? (entryTypes(source, container) ?? '') : '';
}

function retype(editor: Editor, annotation: Node, className: string): void {
  if (isNamed(annotation, /^Map$/)) editor.replace(annotation['typeName'] as Node, className);
}
