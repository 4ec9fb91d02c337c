import { around, functionAround, isFunction, nameOf } from '../../lint/syntax.js';
import type { Editor } from './editor.js';
import { declarationOf, declaredIn, referencesTo } from './references.js';
import { type Node, within } from './source.js';

const BLOCK = /^(?:BlockStatement|Program|StaticBlock)$/;

/** The statement of a block that a node is in; null where it is under `if (x)` or in a `case`. */
export function statementOf(node: Node): Node | null {
  for (const one of [node, ...around(node)]) {
    if (BLOCK.test(one.parent?.type ?? '')) return one;
    if (isFunction(one)) return null;
  }
  return null;
}

/** The statements after one, in its block. */
export function restOf(statement: Node): Node[] {
  const body = statement.parent['body'] as Node[];
  return body.slice(body.indexOf(statement) + 1);
}

/** Whether a statement is one of the function's own block, so that what follows it is the rest of the function. */
export function isInBodyOf(statement: Node, fn: Node): boolean {
  return statement.parent === fn['body'];
}

/** Whether a function still waits or calls something in these statements, itself. */
export function worksIn(statements: readonly Node[], fn: Node): boolean {
  return statements.some((statement) =>
    [...within(statement)].some(
      (node) =>
        /^(?:AwaitExpression|ForOfStatement|CallExpression)$/.test(node.type) &&
        (node.type !== 'ForOfStatement' || node['await'] === true) &&
        functionAround(node) === fn,
    ),
  );
}

/** Whether a function waits for something in these statements, itself. */
export function waits(statements: readonly Node[], fn: Node | null): boolean {
  return statements.some((statement) =>
    [...within(statement)].some((node) => node.type === 'AwaitExpression' && functionAround(node) === fn),
  );
}

/**
 * Lets a `return` inside a `try` wait for its promise: otherwise the `finally` would run before it settles.
 *
 * @param fn an async function
 */
export function awaitReturns(editor: Editor, statements: readonly Node[], fn: Node): void {
  for (const statement of statements)
    for (const node of within(statement))
      if (node.type === 'ReturnStatement' && node['argument'] && functionAround(node) === fn)
        for (const value of promisesIn(node['argument'] as Node)) waitFor(editor, value);
}

function waitFor({ text }: Editor, value: Node): void {
  const isCast = value.type.startsWith('TS');
  text.appendLeft(value.range[0], isCast ? 'await (' : 'await ');
  if (isCast) text.appendRight(value.range[1], ')');
}

/** The parts of a returned value that may be promises. */
export function promisesIn(value: Node | null): Node[] {
  if (!value) return [];
  switch (value.type) {
    case 'ConditionalExpression':
      return [value['consequent'], value['alternate']].flatMap((one) => promisesIn(one as Node));
    case 'LogicalExpression':
      return [value['left'], value['right']].flatMap((one) => promisesIn(one as Node));
    case 'CallExpression':
    case 'TaggedTemplateExpression':
      return [value];
    case 'NewExpression':
      return nameOf(value['callee'] as Node) === 'Promise' ? [value] : [];
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return promisesIn(value['expression'] as Node).length > 0 ? [value] : [];
    case 'Identifier':
      return isSettled(value) ? [] : [value];
    default:
      return [];
  }
}

/** Whether a variable surely has no promise: what was awaited, or a constant. */
function isSettled(identifier: Node): boolean {
  const declared = declarationOf(identifier);
  const declarator = declared && [...around(declared)].find(({ type }) => /Declarat(?:or|ion)$/.test(type));
  if (!declared || declarator?.type !== 'VariableDeclarator') return false;
  const init = declarator['init'] as Node | null;
  // A part of what was awaited is taken for settled; of other values, a part may be a promise.
  if (declarator['id'] !== declared) return init?.type === 'AwaitExpression';
  const assigned = referencesTo(declared).flatMap(({ parent, range }) =>
    parent.type === 'AssignmentExpression' &&
    parent['left'].range === range &&
    /^(?:\?\?|\|\||&&)?=$/.test(parent['operator'] as string)
      ? [parent['right'] as Node]
      : [],
  );
  return [...(init ? [init] : []), ...assigned].every(({ type }) => !MAY_BE_PROMISE.test(type));
}

const MAY_BE_PROMISE =
  /^(?:CallExpression|NewExpression|Identifier|MemberExpression|ConditionalExpression|LogicalExpression|ChainExpression|TaggedTemplateExpression|TS\w+)$/;

/** A name that some statements declare and later ones use; null without one. */
export function usedAfter(statements: readonly Node[], later: readonly Node[]): string | null {
  const block = statements[0]?.parent;
  const declared = block
    ? declaredIn(block).filter((one) =>
        statements.some(({ range }) => range[0] <= one.range[0] && one.range[1] <= range[1]),
      )
    : [];
  const end = later[0]?.range[0] ?? Infinity;
  const used = declared.find((one) => referencesTo(one).some((reference) => reference.range[0] >= end));
  return (used?.['name'] as string | undefined) ?? null;
}
