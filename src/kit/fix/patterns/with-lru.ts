import { nameOf } from '../../../lint/syntax.js';
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

const LRU = 'lru-cache';
/** Since this version, the class is called LRUCache and takes `max`. */
const FIRST_MAJOR = 8;

/** The Map or object becomes an LRUCache, if the project has lru-cache; null otherwise. */
export async function boundedWithLru(
  { project, source, maxEntries }: Clue,
  container: Container,
  uses: readonly Use[],
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
  if (annotation) retype(editor, annotation, className);
  if (container.kind === 'Object') for (const use of uses) toMethod(editor, source, use);
  const does = { code: 'bounded-with-lru' as const, container: container.text, constant, maxEntries };
  return boundPatch(editor, does, [
    ...byValue,
    ...(container.kind === 'Object' ? [{ code: 'keys-are-text' as const }] : []),
  ]);
}

/** `<string, User>` of `new Map<string, User>()`, or of `Record<string, User>`. */
function typesOf(source: Source, { created, annotation, kind }: Container, isByValue: boolean): string {
  const own = created?.['typeArguments'] as Node | null | undefined;
  const [key, value] = (own?.['params'] ?? []) as Node[];
  if (key && value && isByValue) return `<string, ${textOf(source, value)}>`;
  if (own) return textOf(source, own);
  const stated = annotation?.['typeArguments'] as Node | null | undefined;
  return kind === 'Object' && stated && isRecord(annotation) ? textOf(source, stated) : '';
}

const isRecord = (annotation: Node | null): boolean =>
  annotation?.type === 'TSTypeReference' && nameOf(annotation['typeName'] as Node) === 'Record';

function retype(editor: Editor, annotation: Node, className: string): void {
  if (
    annotation.type === 'TSTypeReference' &&
    /^(?:Map|Record)$/.test(nameOf(annotation['typeName'] as Node) ?? '')
  )
    editor.replace(annotation['typeName'] as Node, className);
}

/** `users[id] = user` becomes `users.set(id, user)`. */
function toMethod(editor: Editor, source: Source, use: Use): void {
  if (!('key' in use)) return;
  const { node } = use;
  const member = (
    use.does === 'set' ? node['left'] : use.does === 'delete' ? node['argument'] : node
  ) as Node;
  if (use.does === 'has') {
    const object = (node.type === 'BinaryExpression' ? node['right'] : node['callee'].object) as Node;
    editor.replace(node, `${textOf(source, object)}.has(${textOf(source, use.key)})`);
    return;
  }
  const key = member['computed'] === true ? textOf(source, use.key) : `'${textOf(source, use.key)}'`;
  const object = textOf(source, member['object'] as Node);
  if (use.does === 'set') {
    editor.text.overwrite(node.range[0], use.value.range[0], `${object}.set(${key}, `);
    editor.text.appendLeft(node.range[1], ')');
  } else editor.replace(node, `${object}.${use.does}(${key})`);
}
