import { around, functionAround, memberName, nameOf } from '../../lint/syntax.js';
import { bodyOf } from './loads.js';
import { namesIn } from './references.js';
import { isInside, type Node, type Source, textOf, within } from './source.js';

const SAME = /equal|same|differ|changed/i;

/** Whether code stores only what was not there: in a branch that asks for the entry, or after one that ends with it. */
export function isStoredOnMiss(write: Node, fn: Node, reads: readonly Node[]): boolean {
  // `users[id] = users[id] ?? load(id)`
  const value = (write['arguments']?.[1] ?? write['right']) as Node | undefined;
  if (
    value?.type === 'LogicalExpression' &&
    value['operator'] !== '&&' &&
    reads.includes(value['left'] as Node)
  )
    return true;
  const isEntry = entriesIn(fn, reads);
  const asks = (test: Node): boolean => mentions(test, isEntry) && !compares(test, isEntry);
  for (const outer of around(write)) {
    if (outer === fn) break;
    const test = (outer.type === 'LogicalExpression' ? outer['left'] : outer['test']) as Node | undefined;
    if (/^(?:If|Conditional|Logical)/.test(outer.type) && test && !isInside(write, test) && asks(test))
      return true;
  }
  return [...within(fn)].some(
    (node) =>
      node.type === 'IfStatement' &&
      functionAround(node) === fn &&
      node.range[1] <= write.range[0] &&
      asks(node['test'] as Node) &&
      [node['consequent'], node['alternate']].some(
        (branch) => branch && exits(branch as Node) && mentions(branch as Node, isEntry),
      ),
  );
}

export function exits(branch: Node): boolean {
  const last = branch.type === 'BlockStatement' ? (branch['body'] as Node[]).at(-1) : branch;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

const mentions = (node: Node, isEntry: (node: Node) => boolean): boolean =>
  [...within(node)].some((one) => isEntry(one));

/** What was read, and the variables that follow from it. */
function entriesIn(fn: Node, reads: readonly Node[]): (node: Node) => boolean {
  const names = new Set<unknown>();
  const isEntry = (node: Node): boolean =>
    reads.includes(node) || (node.type === 'Identifier' && names.has(node['name']));
  for (const node of within(fn)) {
    const [target, value] =
      node.type === 'VariableDeclarator'
        ? [node['id'] as Node, node['init'] as Node | null]
        : node.type === 'AssignmentExpression'
          ? [node['left'] as Node, node['right'] as Node]
          : [null, null];
    if (target && value && mentions(value, isEntry) && !compares(value, isEntry))
      for (const one of namesIn(target)) names.add(one['name']);
  }
  return isEntry;
}

const isValue = (node: Node): boolean => node.type !== 'Literal' && nameOf(node) !== 'undefined';

/** `before !== now` and `isEqual(before, now)`: this asks what is there, and not whether it is. */
function compares(test: Node, isEntry: (node: Node) => boolean): boolean {
  return [...within(test)].some((node) => {
    if (node.type === 'CallExpression') {
      const callee = node['callee'] as Node;
      const args = node['arguments'] as Node[];
      return SAME.test(memberName(callee) ?? nameOf(callee) ?? '') && args.some((one) => isEntry(one));
    }
    if (node.type !== 'BinaryExpression' || !/^[!=]==?$/.test(node['operator'] as string)) return false;
    const [left, right] = [node['left'] as Node, node['right'] as Node];
    return (isEntry(left) && isValue(right)) || (isEntry(right) && isValue(left));
  });
}

/** A place that stores, in its file. */
interface Stored {
  source: Source;
  node: Node;
}

/**
 * Whether the right side of `users.get(id) ?? load(id)` brings the entry back: it stores, or calls what stores, or what
 * was read is stored after it.
 */
export function isLoad(otherwise: Node, source: Source, stored: readonly Stored[]): boolean {
  const calls = [...within(otherwise)].filter(({ type }) => type === 'CallExpression');
  const fn = functionAround(otherwise);
  const variable = variableAround(otherwise);
  return stored.some(
    ({ source: of, node }) =>
      (of === source && (isInside(node, otherwise) || isInside(otherwise, node))) ||
      (variable !== null &&
        of === source &&
        functionAround(node) === fn &&
        ((node['arguments'] as Node[] | undefined) ?? [node['right'] as Node]).some(
          (one) => nameOf(one) === variable,
        )) ||
      calls.some((call) => callsWhatStores(call, node) || isSameCall(source, call, { source: of, node })),
  );
}

function variableAround(node: Node): string | null {
  for (const outer of around(node)) {
    if (outer.type === 'VariableDeclarator') return nameOf(outer['id'] as Node);
    if (outer.type === 'AssignmentExpression') return nameOf(outer['left'] as Node);
    if (!/^(?:LogicalExpression|AwaitExpression|TS.*|CallExpression)$/.test(outer.type)) return null;
  }
  return null;
}

/** Whether the function of a call stores, itself or through others of its file; in another file, by its name. */
function callsWhatStores(call: Node, stored: Node, seen = new Set<Node>()): boolean {
  const callee = call['callee'] as Node;
  const name = memberName(callee) ?? nameOf(callee);
  const around = functionAround(stored);
  if (name !== null && around && nameOfFunction(around) === name) return true;
  const body = bodyOf(call);
  if (!body || seen.has(body)) return false;
  seen.add(body);
  return [...within(body)].some(
    (node) => node === stored || (node.type === 'CallExpression' && callsWhatStores(node, stored, seen)),
  );
}

function nameOfFunction({ id, parent }: Node): string | null {
  return nameOf(
    (id ?? parent['key'] ?? (parent.type === 'VariableDeclarator' ? parent['id'] : null)) as Node,
  );
}

/** Whether what is stored comes from the same function: `users.set(id, await load(id))`. */
function isSameCall(source: Source, call: Node, { source: of, node }: Stored): boolean {
  const callee = textOf(source, call['callee'] as Node);
  const fn = functionAround(node) ?? of.program;
  return [...within(fn)].some(
    (one) =>
      one.type === 'CallExpression' &&
      one !== call &&
      one !== node &&
      textOf(of, one['callee'] as Node) === callee,
  );
}
