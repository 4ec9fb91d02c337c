import { type Context, meta, type Node, type Rule } from '../rule.js';
import { classAround, memberName, nameOf, variableOf } from '../syntax.js';

const messages = {
  discarded:
    'Nobody can clear this interval: Node keeps it, and all that its callback closes over, until the process ends. Keep what `setInterval` returns and clear it; one that is to run for good wants `.unref()`.',
  kept: '{{name}} is never cleared: Node keeps the interval, and all that its callback closes over, until the process ends. Call `clearInterval`; one that is to run for good wants `.unref()`.',
};

const ENDS = /\b(?:clearInterval|clearTimeout)$/;

export const intervalWithoutClear: Rule = {
  meta: meta('interval-without-clear', 'An interval that is neither cleared nor unref’ed', messages),
  create(context) {
    const intervals: Node[] = [];
    /** What is handed to clearInterval, unref'ed, or handed on to anybody: as it is written. */
    const cared = new Set<string>();
    return {
      CallExpression(node) {
        const callee = node['callee'] as Node;
        if (
          nameOf(callee) === 'setInterval' ||
          (memberName(callee) === 'setInterval' && isGlobal(callee['object'] as Node))
        )
          intervals.push(node);
        else for (const one of node['arguments'] as Node[]) cared.add(context.sourceCode.getText(one));
        if (/^(?:unref|close)$/.test(memberName(callee) ?? ''))
          cared.add(context.sourceCode.getText(callee['object'] as Node));
        if (ENDS.test(context.sourceCode.getText(callee)))
          for (const one of node['arguments'] as Node[]) cared.add(bare(context.sourceCode.getText(one)));
      },
      'Program:exit'() {
        for (const node of intervals) check(context, node, cared);
      },
    };
  },
};

function check(context: Context, node: Node, cared: Set<string>): void {
  const { parent } = node;
  if (parent.type === 'ExpressionStatement' && functionOrClass(node)) {
    context.report({ node, messageId: 'discarded' });
    return;
  }
  const kept = keptIn(node);
  if (!kept) return;
  const name = context.sourceCode.getText(kept);
  const short = bare(name);
  if ([...cared].some((one) => bare(one) === short)) return;
  // A local that is mentioned again may be returned, stored or wrapped: that is for others to look at.
  if (kept.type === 'Identifier' && (variableOf(context.sourceCode, kept)?.references.length ?? 2) > 1)
    return;
  if (kept.type === 'MemberExpression' && (kept['object'].type !== 'ThisExpression' || !isPrivate(kept)))
    return;
  context.report({ node, messageId: 'kept', data: { name } });
}

/** `timer` in `const timer = setInterval(…)`, `this.timer` in `this.timer = setInterval(…)`. */
function keptIn(node: Node): Node | null {
  const { parent } = node;
  if (parent.type === 'VariableDeclarator' && parent['id'].type === 'Identifier') return parent['id'] as Node;
  return parent.type === 'AssignmentExpression' && parent['right'] === node ? (parent['left'] as Node) : null;
}

/** Only the class itself can clear what only it can see. */
function isPrivate(member: Node): boolean {
  const name = nameOf(member['property'] as Node);
  const fields = (classAround(member)?.['body'].body ?? []) as Node[];
  return (
    name?.startsWith('#') === true ||
    fields.some(({ key, accessibility }) => nameOf(key as Node) === name && accessibility === 'private')
  );
}

/** A script's own interval, at the top of its file, is what the script is for. */
function functionOrClass(node: Node): boolean {
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
