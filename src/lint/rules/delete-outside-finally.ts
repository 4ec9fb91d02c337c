import { meta, type Node, type Rule } from '../rule.js';
import { around, functionAround, memberName } from '../syntax.js';

const messages = {
  skipped:
    'If the `await` before this line throws, the entry stays in {{container}}. Move the `delete` into a `finally`.',
};

export const deleteOutsideFinally: Rule = {
  meta: meta(
    'delete-outside-finally',
    'An entry that is added before an `await` and deleted after it, but not if the `await` throws',
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

/** Whether the deletion also runs after an error, or whether that cannot be decided. */
function isCertain(deletion: Node, body: Node): boolean {
  let inner = deletion;
  for (const outer of around(deletion)) {
    if (outer === body) return false;
    if (outer.type === 'TryStatement' && outer['finalizer'] === inner) return true;
    if (outer.type === 'CatchClause') return true;
    // A deletion under a condition is another kind of clean-up, and the other case may be handled elsewhere.
    if (outer.type === 'IfStatement') return true;
    inner = outer;
  }
  return false;
}

/** Whether the `await` is in a `try`, so that the function handles its error. */
function isCaught(awaited: Node, body: Node): boolean {
  for (const outer of around(awaited)) {
    if (outer === body) return false;
    if (outer.type === 'TryStatement') return true;
  }
  return false;
}
