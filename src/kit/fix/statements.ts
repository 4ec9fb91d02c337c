import { around, functionAround, isFunction } from '../../lint/syntax.js';
import type { Editor } from './editor.js';
import { declarationOf } from './references.js';
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

/**
 * Lets a `return` inside a `try` wait for its promise: otherwise the `finally` would run before it settles.
 *
 * @param fn an async function
 */
export function awaitReturns(editor: Editor, statements: readonly Node[], fn: Node): void {
  for (const statement of statements)
    for (const node of within(statement))
      if (node.type === 'ReturnStatement' && node['argument'] && functionAround(node) === fn)
        for (const value of promisesIn(node['argument'] as Node))
          editor.text.appendLeft(value.range[0], 'await ');
}

/** The parts of a returned value that may be promises. */
function promisesIn(value: Node): Node[] {
  switch (value.type) {
    case 'ConditionalExpression':
      return [value['consequent'], value['alternate']].flatMap((one) => promisesIn(one as Node));
    case 'LogicalExpression':
      return [value['left'], value['right']].flatMap((one) => promisesIn(one as Node));
    case 'CallExpression':
      return [value];
    case 'Identifier':
      return isSettled(value) ? [] : [value];
    default:
      return [];
  }
}

/** Whether a variable surely has no promise: what was awaited, or a constant. */
function isSettled(identifier: Node): boolean {
  const declarator = declarationOf(identifier)?.parent;
  if (declarator?.type !== 'VariableDeclarator' || declarator.parent['kind'] !== 'const') return false;
  return !/^(?:CallExpression|NewExpression|Identifier|ConditionalExpression|LogicalExpression)$/.test(
    (declarator['init'] as Node | null)?.type ?? 'Literal',
  );
}
