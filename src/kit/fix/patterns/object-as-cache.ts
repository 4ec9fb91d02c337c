import { nameOf } from '../../../lint/syntax.js';
import type { Container } from '../container.js';
import type { Editor } from '../editor.js';
import { type Node, type Source, textOf } from '../source.js';
import { isWrite, type Use, type Write } from '../uses.js';

/** The class that an object becomes. */
export interface CacheClass {
  name: string;
  /** What its type parameters extend, such as ` extends {}`; empty without a limit. */
  limit: string;
  /** Whether the type of an entry that is asked for has no `undefined`, as that of an object's property. */
  isAsserted: boolean;
  /** Statements that follow where an entry was added to this cache. */
  bound: (cache: string) => string[];
}

/** The type that an object states: of the variable or the field, or after `as`. */
export function statedType({ annotation, created }: Container): Node | null {
  const cast = created?.parent;
  const isCast = /^TS(?:As|Satisfies)/.test(cast?.type ?? '');
  return annotation ?? (isCast ? (cast?.['typeAnnotation'] as Node) : null);
}

/** `<string, Page>` of `Record<string, Page>` and of `{ [url: string]: Page }`; null where a type says something else. */
export function entryTypes(source: Source, container: Container): string | null {
  const stated = statedType(container);
  if (stated === null) return '';
  const record = stated['typeArguments'] as Node | null | undefined;
  if (isNamed(stated, /^Record$/) && record) return textOf(source, record);
  const index = indexOf(stated);
  if (!index) return null;
  const key = index['parameters'][0]?.typeAnnotation?.typeAnnotation as Node | undefined;
  const value = index['typeAnnotation']?.typeAnnotation as Node | undefined;
  return key && value ? `<${textOf(source, key)}, ${textOf(source, value)}>` : null;
}

export function isNamed(type: Node, name: RegExp): boolean {
  return type.type === 'TSTypeReference' && name.test(nameOf(type['typeName'] as Node) ?? '');
}

/** The only member of `{ [url: string]: Page }`. */
function indexOf(type: Node): Node | null {
  const members = type.type === 'TSTypeLiteral' ? (type['members'] as Node[]) : [];
  return members.length === 1 && members[0]?.type === 'TSIndexSignature' ? members[0] : null;
}

/**
 * Turns every use of an object into a call: `users[id] = user` becomes `users.set(id, user)`. What creates it is left to
 * the caller.
 *
 * @returns false where its type cannot be written as that of the class
 */
export function useAsCache(
  editor: Editor,
  container: Container,
  uses: readonly Use[],
  cache: CacheClass,
): boolean {
  const { source } = editor;
  const types = entryTypes(source, container);
  if (types === null) return false;
  const stated = statedType(container);
  if (stated) editor.replace(stated, `${cache.name}${types}`);
  const helper = uses.some((use) => isWrite(use) && isValue(use)) ? editor.freeName('stored') : null;
  if (helper !== null) editor.addAtEnd(helperLines(helper, cache, source.isTypeScript));
  for (const use of uses) {
    if (use.does === 'set') store(editor, use, isValue(use) ? helper : null, cache);
    else if ('key' in use) ask(editor, use, cache.isAsserted);
    else if (use.does === 'list') list(editor, use.node);
  }
  return true;
}

const isValue = (use: Write): boolean => use.node.parent.type !== 'ExpressionStatement';

/** An assignment is worth what it assigns, and `set` is not. */
function helperLines(name: string, { name: cache, limit, bound }: CacheClass, isTyped: boolean): string[] {
  const t = (text: string): string => (isTyped ? text : '');
  return [
    '/** Stores an entry, and gives its value. */',
    `function ${name}${t(`<K${limit}, V${limit}>`)}(cache${t(`: ${cache}<K, V>`)}, key${t(': K')}, value${t(': V')})${t(': V')} {`,
    '  cache.set(key, value);',
    ...bound('cache').map((line) => `  ${line}`),
    '  return value;',
    '}',
  ];
}

function store(editor: Editor, { node, key, value }: Write, helper: string | null, cache: CacheClass): void {
  const { source } = editor;
  const object = textOf(source, node['left'].object as Node);
  const [from, to] = helper === null ? node.range : withParentheses(source, node);
  const before = helper === null ? `${object}.set(` : `${helper}(${object}, `;
  editor.text.overwrite(from, value.range[0], `${before}${keyText(source, node['left'] as Node, key)}, `);
  if (to > value.range[1]) editor.text.overwrite(value.range[1], to, ')');
  else editor.text.appendLeft(to, ')');
  if (helper === null) editor.addAfter(node.parent, cache.bound(object));
}

/** An assignment is in parentheses where a call needs none: `known || (users[id] = load(id))`. */
function withParentheses({ text }: Source, node: Node): [number, number] {
  const [from, to] = node.range;
  const isAlone =
    /^(?:Return|Logical|Variable|Arrow|Await)/.test(node.parent.type) && /[\s=>]/.test(text[from - 2] ?? '');
  return isAlone && text[from - 1] === '(' && text[to] === ')' ? [from - 1, to + 1] : [from, to];
}

function keyText(source: Source, member: Node, key: Node): string {
  return member['computed'] === true ? textOf(source, key) : `'${textOf(source, key)}'`;
}

function ask(editor: Editor, use: Extract<Use, { key: Node }>, isAsserted: boolean): void {
  const { source } = editor;
  const { node, does, key } = use;
  if (does === 'has') {
    editor.replace(node, `${objectAsked(source, node)}.has(${textOf(source, key)})`);
    return;
  }
  const member = (does === 'delete' ? node['argument'] : node) as Node;
  const object = textOf(source, member['object'] as Node);
  // `users[id]!` has it already.
  const asserted = isAsserted && does === 'get' && !mayBeNothing(node) ? '!' : '';
  editor.replace(node, `${object}.${does}(${keyText(source, member, key)})${asserted}`);
}

/** Where an entry is asked for to see whether it is there. */
function mayBeNothing(node: Node): boolean {
  const { type, left, test } = node.parent;
  return (
    /^(?:TSNonNull|Unary|Binary)Expression$/.test(type) ||
    (type === 'LogicalExpression' && left === node) ||
    (/^(?:IfStatement|ConditionalExpression)$/.test(type) && test === node)
  );
}

/** `id in users`, `users.hasOwnProperty(id)`, `Object.hasOwn(users, id)`. */
function objectAsked(source: Source, node: Node): string {
  if (node.type === 'BinaryExpression') return textOf(source, node['right'] as Node);
  const args = node['arguments'] as Node[];
  return textOf(source, (args.length > 1 ? args[0] : node['callee'].object) as Node);
}

/** A loop over all keys, and `Object.keys(users)`. */
function list(editor: Editor, node: Node): void {
  const { source } = editor;
  if (node.type === 'ForInStatement') {
    const [left, right] = [node['left'] as Node, node['right'] as Node];
    editor.text.overwrite(left.range[1], right.range[1], ` of ${textOf(source, right)}.keys()`);
    return;
  }
  const object = textOf(source, node['arguments'][0] as Node);
  editor.replace(node, `[...${object}.${String(node['callee'].property?.name)}()]`);
}

/** Whether all uses are such as a class has a method for. */
export function isUsedAsCache(uses: readonly Use[]): boolean {
  return uses.every(
    ({ does, node }) =>
      /^(?:get|has|set|delete)$/.test(does) ||
      (does === 'list' &&
        (node.type === 'ForInStatement' ||
          /^(?:keys|values|entries)$/.test(node['callee']?.property?.name ?? ''))),
  );
}
