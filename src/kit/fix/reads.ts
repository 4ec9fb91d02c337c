import { around, functionAround, isFunction, memberName, nameOf } from '../../lint/syntax.js';
import type { Container } from './container.js';
import type { DeclinedReason } from './model.js';
import { originOf } from './loads.js';
import { exits, isLoad, isStoredOnMiss } from './misses.js';
import { isInside, lineOf, type Node, type Source, textOf, within } from './source.js';
import { isRead, type Read, usesOf, type Write } from './uses.js';

/** What happens where a key is not in a container. */
export type Miss =
  /** It is loaded again, in this function. */
  | { leads: 'to a load'; line: number }
  /** The function returns what it found, so its callers decide. */
  | { leads: 'to the caller'; fn: Node }
  | { leads: 'declined'; reason: DeclinedReason };

/** Finds out what happens at a read whose key is not there. */
export function missOf(source: Source, container: Container, read: Read, writes: readonly Write[]): Miss {
  const fn = functionAround(read.node);
  const line = lineOf(source, read.node);
  const onlyCopy: Miss = {
    leads: 'declined',
    reason: { code: 'only-copy', container: container.text, line },
  };
  if (!fn) return onlyCopy;
  const otherwise = otherwiseOf(read.node);
  if (otherwise) return missOfFallback(source, container, { otherwise, writes, line });
  const guard = exitOnMiss(source, fn, read, writes);
  if (guard)
    return {
      leads: 'declined',
      reason: { code: 'miss-is-an-error', container: container.text, line: lineOf(source, guard) },
    };
  const key = textOf(source, read.key);
  const stored = writes.filter((one) => textOf(source, one.key) === key && isInside(one.node, fn));
  if (stored.some((one) => isStoredOnMiss(one.node, fn, readsIn(container, fn))))
    return { leads: 'to a load', line };
  if (stored[0])
    return {
      leads: 'declined',
      reason: { code: 'stored-anyway', container: container.text, line: lineOf(source, stored[0].node) },
    };
  return isReturned(read.node, fn) ? { leads: 'to the caller', fn } : onlyCopy;
}

/** `users.get(id) ?? load(id)` */
function missOfFallback(
  source: Source,
  container: Container,
  { otherwise, writes, line }: { otherwise: Node; writes: readonly Write[]; line: number },
): Miss {
  const origins = originOf(otherwise);
  const made = origins.find(({ from }) => from === 'made');
  if (made?.from === 'made')
    return {
      leads: 'declined',
      reason: { code: 'entries-are-made', container: container.text, line: lineOf(source, made.by) },
    };
  if (!origins.some(({ from }) => from === 'call'))
    return { leads: 'declined', reason: { code: 'only-copy', container: container.text, line } };
  const stored = writes.map(({ node }) => ({ source, node }));
  return isLoad(otherwise, source, stored)
    ? { leads: 'to a load', line }
    : { leads: 'declined', reason: { code: 'default-on-miss', container: container.text, line } };
}

/** The reads of a container in a function. */
const readsIn = (container: Container, fn: Node): Node[] =>
  usesOf(container).flatMap((use) => (isRead(use) && isInside(use.node, fn) ? [use.node] : []));

/** The right side of `??` or `||` after a read, also after `users.get(id)?.deref()`. */
export function otherwiseOf(read: Node): Node | null {
  const { parent } = read;
  if (parent.type === 'LogicalExpression' && parent['left'] === read && parent['operator'] !== '&&')
    return parent['right'] as Node;
  const isPassedOn =
    /^(?:MemberExpression|ChainExpression|TS.*|AwaitExpression)$/.test(parent.type) ||
    (parent.type === 'CallExpression' && parent['callee'] === read);
  return isPassedOn && !(parent.type === 'MemberExpression' && parent['object'] !== read)
    ? otherwiseOf(parent)
    : null;
}

/** Whether what was read is what the function returns, itself or in a variable that nothing else uses. */
export function isReturned(read: Node, fn: Node): boolean {
  for (const outer of around(read)) {
    if (outer === fn) return fn['body'] === read || fn['body'] === outer;
    if (outer.type === 'ReturnStatement') return functionAround(outer) === fn;
    if (!/^(?:MemberExpression|ChainExpression|TS.*|AwaitExpression|CallExpression)$/.test(outer.type))
      return isFunction(outer) && outer['body'] === read;
  }
  return false;
}

/** `if (!known) throw …`: what is not there is an error, or counts as nothing, before anything loads it. */
function exitOnMiss(source: Source, fn: Node, read: Read, writes: readonly Write[]): Node | null {
  const name = variableOf(read.node);
  const has = read.does === 'has' ? textOf(source, read.node) : null;
  for (const node of within(fn)) {
    if (node.type !== 'IfStatement' || functionAround(node) !== fn) continue;
    const branch = missBranch(source, node, name, has);
    if (branch && exits(branch) && !writes.some((one) => isInside(one.node, branch)) && !callsIn(branch))
      return node;
  }
  return null;
}

/** Whether a branch returns the result of a call that may load: `return this.load(id)`. */
function callsIn(branch: Node): boolean {
  const statement = branch.type === 'BlockStatement' ? (branch['body'] as Node[]).at(-1) : branch;
  const value = statement?.type === 'ReturnStatement' ? (statement['argument'] as Node | null) : null;
  return (
    value !== null &&
    originOf(value).some(
      (one) =>
        one.from === 'call' &&
        !/^(?:status|send|json|end|code|sendStatus|reply|notFound)$/.test(
          memberName(one.call['callee'] as Node) ?? '',
        ),
    )
  );
}

/** The branch that runs where the key is not there. */
function missBranch(source: Source, statement: Node, name: string | null, has: string | null): Node | null {
  const test = statement['test'] as Node;
  const isThere = (node: Node): boolean =>
    (name !== null && nameOf(node) === name) || (has !== null && textOf(source, node) === has);
  if (test.type === 'UnaryExpression' && test['operator'] === '!' && isThere(test['argument'] as Node))
    return statement['consequent'] as Node;
  if (
    test.type === 'BinaryExpression' &&
    isThere(test['left'] as Node) &&
    /^(?:undefined|null)$/.test(textOf(source, test['right'] as Node))
  )
    return (
      /^===?$/.test(test['operator'] as string) ? statement['consequent'] : statement['alternate']
    ) as Node | null;
  return isThere(test) ? (statement['alternate'] as Node | null) : null;
}

/** The variable that gets what was read. */
function variableOf(read: Node): string | null {
  for (const outer of around(read)) {
    if (outer.type === 'VariableDeclarator') return nameOf(outer['id'] as Node);
    if (outer.type === 'AssignmentExpression') return nameOf(outer['left'] as Node);
    if (!/^(?:MemberExpression|ChainExpression|TS.*|AwaitExpression|CallExpression)$/.test(outer.type))
      return null;
  }
  return null;
}
