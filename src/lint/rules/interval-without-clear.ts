import { type Context, meta, type Node, type Rule } from '../rule.js';
import { classAround, memberName, nameOf, variableOf } from '../syntax.js';

const messages = {
  discarded:
    'This interval cannot be cleared, because its handle is not stored: Node retains it, and all that its callback closes over, until the process ends. Store the handle and clear it, or call `.unref()` if it is meant to run for as long as the process.',
  uncleared:
    '{{name}} is never cleared: Node retains the interval, and all that its callback closes over, until the process ends. Call `clearInterval`, or `.unref()` if it is meant to run for as long as the process.',
};

const ENDS = /\b(?:clearInterval|clearTimeout)$/;

export const intervalWithoutClear: Rule = {
  meta: meta('interval-without-clear', 'An interval that is neither cleared nor unref’ed', messages),
  create(context) {
    const intervals: Node[] = [];
    /** Source text of every handle that is cleared, unref'ed or passed to a function. */
    const handled = new Set<string>();
    return {
      CallExpression(node) {
        const callee = node['callee'] as Node;
        if (
          nameOf(callee) === 'setInterval' ||
          (memberName(callee) === 'setInterval' && isGlobal(callee['object'] as Node))
        )
          intervals.push(node);
        else for (const one of node['arguments'] as Node[]) handled.add(context.sourceCode.getText(one));
        if (/^(?:unref|close)$/.test(memberName(callee) ?? ''))
          handled.add(context.sourceCode.getText(callee['object'] as Node));
        if (ENDS.test(context.sourceCode.getText(callee)))
          for (const one of node['arguments'] as Node[]) handled.add(bare(context.sourceCode.getText(one)));
      },
      'Program:exit'() {
        for (const node of intervals) check(context, node, handled);
      },
    };
  },
};

function check(context: Context, node: Node, handled: Set<string>): void {
  const { parent } = node;
  if (parent.type === 'ExpressionStatement' && isInFunctionOrClass(node)) {
    context.report({ node, messageId: 'discarded' });
    return;
  }
  const handle = handleOf(node);
  if (!handle) return;
  const name = context.sourceCode.getText(handle);
  const short = bare(name);
  if ([...handled].some((one) => bare(one) === short)) return;
  // A local variable with further references may be returned, stored or wrapped. The rule does not follow it.
  if (handle.type === 'Identifier' && (variableOf(context.sourceCode, handle)?.references.length ?? 2) > 1)
    return;
  if (
    handle.type === 'MemberExpression' &&
    (handle['object'].type !== 'ThisExpression' || !isPrivate(handle))
  )
    return;
  context.report({ node, messageId: 'uncleared', data: { name } });
}

/** `timer` in `const timer = setInterval(…)`, `this.timer` in `this.timer = setInterval(…)`. */
function handleOf(node: Node): Node | null {
  const { parent } = node;
  if (parent.type === 'VariableDeclarator' && parent['id'].type === 'Identifier') return parent['id'] as Node;
  return parent.type === 'AssignmentExpression' && parent['right'] === node ? (parent['left'] as Node) : null;
}

/** Other code may clear the handle in a public field; only the class itself can clear the one in a private field. */
function isPrivate(member: Node): boolean {
  const name = nameOf(member['property'] as Node);
  const fields = (classAround(member)?.['body'].body ?? []) as Node[];
  return (
    name?.startsWith('#') === true ||
    fields.some(({ key, accessibility }) => nameOf(key as Node) === name && accessibility === 'private')
  );
}

/** Whether the interval is inside a function or a class. At the top of a script, it is the script's purpose. */
function isInFunctionOrClass(node: Node): boolean {
  for (let at = node.parent; at; at = at.parent) if (/Function|Class/.test(at.type)) return true;
  return false;
}

function isGlobal(object: Node): boolean {
  return /^(?:globalThis|global|window)$/.test(nameOf(object) ?? '');
}

function bare(text: string): string {
  return text
    .replace(/^this\./, '')
    .replace(/[!?]/g, '')
    .replace(/ as .*$/, '')
    .replace(/^[^.]*\./, '');
}
