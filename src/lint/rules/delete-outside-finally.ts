import { meta, type Node, type Rule } from '../rule.js';
import { around, functionAround, memberName } from '../syntax.js';

const messages = {
  skipped:
    'When what is awaited before this fails, {{container}} keeps the entry. Put the `delete` into a `finally`.',
};

export const deleteOutsideFinally: Rule = {
  meta: meta(
    'delete-outside-finally',
    'An entry that is made before an await and deleted after it, but not when the await throws',
    messages,
  ),
  create(context) {
    const added: Node[] = [];
    const awaited: Node[] = [];
    const deleted: Node[] = [];
    const textOf = (call: Node): string =>
      `${context.sourceCode.getText(call['callee'].object as Node)} ${call['arguments'][0] ? context.sourceCode.getText(call['arguments'][0] as Node) : ''}`;
    return {
      CallExpression(node) {
        const name = memberName(node['callee'] as Node);
        if (name === 'set' || name === 'add') added.push(node);
        if (name === 'delete' && node['arguments'].length > 0) deleted.push(node);
      },
      AwaitExpression(node) {
        awaited.push(node);
      },
      'Program:exit'() {
        for (const deletion of deleted) {
          const body = functionAround(deletion);
          if (!body || isCertain(deletion, body)) continue;
          const before = (one: Node): boolean =>
            functionAround(one) === body && one.range[1] <= deletion.range[0];
          const addition = added.findLast((one) => before(one) && textOf(one) === textOf(deletion));
          const waits = awaited.some(
            (one) => before(one) && addition && one.range[0] > addition.range[1] && !isCaught(one, body),
          );
          if (waits)
            context.report({
              node: deletion,
              messageId: 'skipped',
              data: { container: context.sourceCode.getText(deletion['callee'].object as Node) },
            });
        }
      },
    };
  },
};

/** In a `finally`, or after a `try` that catches everything: whatever happens, it comes there. */
function isCertain(deletion: Node, body: Node): boolean {
  let inner = deletion;
  for (const outer of around(deletion)) {
    if (outer === body) return false;
    if (outer.type === 'TryStatement' && outer['finalizer'] === inner) return true;
    if (outer.type === 'CatchClause') return true;
    // Deleted under a condition: a clean-up of its own, whose other way out may be elsewhere.
    if (outer.type === 'IfStatement') return true;
    inner = outer;
  }
  return false;
}

/** What is awaited within a `try` with a `catch` or a `finally` is somebody's care. */
function isCaught(awaited: Node, body: Node): boolean {
  for (const outer of around(awaited)) {
    if (outer === body) return false;
    if (outer.type === 'TryStatement') return true;
  }
  return false;
}
