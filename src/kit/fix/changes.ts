import { around, isFunction, memberName, nameOf } from '../../lint/syntax.js';
import { declarationOf, referencesTo } from './references.js';
import { type Node, within } from './source.js';
import type { Read, Write } from './uses.js';

/** Methods that change what they are called on, or that are for one who keeps it: a lock, an emitter, a queue. */
const CHANGES =
  /^(?:acquire|release|runExclusive|withLock|emit|on|once|addListener|addEventListener|subscribe|next|enqueue|dequeue|join|leave|advance|consume|push|unshift|pop|shift|splice|add|set|delete|clear|sort|reverse|fill|append|increment|inc|write|assign)$/;

/** Where an entry is changed after it was stored: then the container is where the change lives. Null if nowhere. */
export function changeOf(read: Read | Write): Node | null {
  const stored = read.does === 'set' ? read.value : null;
  if (stored !== null) return stored.type === 'Identifier' ? changeOfVariable(stored, read.node) : null;
  const direct = changeAt(read.node);
  if (direct) return direct;
  for (const outer of around(read.node)) {
    if (outer.type === 'VariableDeclarator')
      return nameOf(outer['id'] as Node) === null ? null : changeOfDeclared(outer['id'] as Node);
    if (!/^(?:ChainExpression|TS.*|AwaitExpression|LogicalExpression)$/.test(outer.type)) return null;
  }
  return null;
}

function changeOfVariable(identifier: Node, after: Node): Node | null {
  for (const outer of around(identifier))
    if (isFunction(outer) || outer.type === 'Program') {
      for (const node of within(outer))
        if (
          node.type === 'Identifier' &&
          node['name'] === identifier['name'] &&
          node.range[0] > after.range[1]
        ) {
          const change = changeAt(node);
          if (change) return change;
        }
      return null;
    }
  return null;
}

function changeOfDeclared(id: Node): Node | null {
  for (const reference of referencesTo(id)) {
    const change = changeAt(reference);
    if (change) return change;
  }
  return null;
}

/** `entry.count += 1`, `entry.list.push(x)`, `delete entry.x` */
function changeAt(reference: Node): Node | null {
  let at = reference;
  while (
    /^(?:AwaitExpression|ChainExpression|TS(?:NonNull|As).*)$/.test(at.parent.type) ||
    (at.parent.type === 'MemberExpression' && at.parent['object'] === at)
  ) {
    at = at.parent;
    const { parent } = at;
    if (at.type !== 'MemberExpression') continue;
    if (parent.type === 'AssignmentExpression' && parent['left'] === at) return parent;
    if (
      parent.type === 'UpdateExpression' ||
      (parent.type === 'UnaryExpression' && parent['operator'] === 'delete')
    )
      return parent;
    if (parent.type === 'CallExpression' && parent['callee'] === at && CHANGES.test(memberName(at) ?? ''))
      return parent;
  }
  return null;
}

/**
 * Whether what is stored is made of an entry that was read before, such as `count + 1` or `merge(old, more)`: then it
 * accumulates. `user` itself is not, where `user = users.get(id) ?? …`.
 */
export function followsFromEntry(value: Node, references: readonly Node[]): boolean {
  const isEntry = (node: Node): boolean =>
    references.some((one) => node.range[0] <= one.range[0] && one.range[1] <= node.range[1]);
  if (isEntry(value)) return true;
  const expressions = value.type === 'Identifier' ? assignedTo(value) : [value];
  return expressions
    .filter((one) => !isEntry(one))
    .some((one) =>
      [...within(one)].some(
        (node) =>
          node.type === 'Identifier' && node !== one && assignedTo(node).some((init) => isEntry(init)),
      ),
    );
}

/** What a variable gets, in its declaration or later. */
function assignedTo(identifier: Node): Node[] {
  const declared = declarationOf(identifier);
  const declarator = declared?.parent;
  if (!declared || declarator?.type !== 'VariableDeclarator') return [];
  const assigned = referencesTo(declared).flatMap((one) =>
    one.parent.type === 'AssignmentExpression' && one.parent['left'] === one
      ? [one.parent['right'] as Node]
      : [],
  );
  return declarator['init'] ? [declarator['init'] as Node, ...assigned] : assigned;
}
