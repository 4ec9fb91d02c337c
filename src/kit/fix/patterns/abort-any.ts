import { functionAround, memberName, nameOf } from '../../../lint/syntax.js';
import { Editor } from '../editor.js';
import type { Attempt } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { referencesTo } from '../references.js';
import { lineAt, lineOf, type Node, textOf, within } from '../source.js';
import { awaitReturns, isInBodyOf, restOf, statementOf } from '../statements.js';

/*
 * A listener on a signal that AbortSignal.any combined from one that lives as long as the process.
 *
 * Looks for: a combined signal in a constant, whose only use is one `addEventListener`. Each of its sources gets the
 * listener itself, which is removed in a `finally`: Node 20 and 22 keep something of each combined signal. Assumes: the
 * listener may be called once for each source. Declines: where the signal is also given to other code.
 */

export function abortAny({ source, lines }: Clue): Attempt {
  for (const node of within(source.program)) {
    if (
      node.type !== 'VariableDeclarator' ||
      node['id'].type !== 'Identifier' ||
      !isAny(node['init'] as Node | null)
    )
      continue;
    const fn = functionAround(node);
    const statement = statementOf(node);
    const inside =
      fn &&
      lines.some(
        (line) => lineAt(source.text, fn.range[0]) <= line && line <= lineAt(source.text, fn.range[1]),
      );
    if (!fn || !inside || !statement || (statement['declarations'] as Node[]).length !== 1) continue;
    const [use, ...others] = referencesTo(node['id'] as Node);
    const call = use?.parent.parent;
    if (!call || call.type !== 'CallExpression' || memberName(call['callee'] as Node) !== 'addEventListener')
      continue;
    if (others.length > 0) return { declined: { code: 'signal-is-shared', line: lineOf(source, node) } };
    const addition = statementOf(call);
    const [event, listener] = call['arguments'] as Node[];
    if (
      !addition ||
      addition['expression'] !== call ||
      !isInBodyOf(addition, fn) ||
      fn['async'] !== true ||
      !event ||
      listener?.type !== 'Identifier'
    )
      return { declined: { code: 'outlives-function', what: 'listener', line: lineOf(source, call) } };
    const rest = restOf(addition);
    if (rest.length === 0)
      return { declined: { code: 'ends-at-once', what: 'listener', line: lineOf(source, call) } };
    const editor = new Editor(source);
    const signals = editor.freeName(`${String(node['id'].name)}s`, fn);
    const one = String(node['id'].name);
    editor.replace(node, `${signals} = ${textOf(source, node['init'].arguments[0] as Node)}`);
    editor.text.appendLeft(addition.range[0], `for (const ${one} of ${signals}) `);
    awaitReturns(editor, rest, fn);
    editor.wrapInFinally(rest, [
      `for (const ${one} of ${signals}) ${one}.removeEventListener(${textOf(source, event)}, ${textOf(source, listener)});`,
    ]);
    return {
      patches: [
        patchOf(editor, {
          pattern: 'abort-any',
          does: { code: 'ended', what: 'listener', line: lineOf(source, call), on: 'finally' },
          assumptions: [
            { code: 'ends-with-function', what: 'listener', line: lineOf(source, fn) },
            { code: 'called-for-each-signal' },
          ],
        }),
      ],
    };
  }
  return null;
}

function isAny(init: Node | null): boolean {
  if (init?.type !== 'CallExpression' || memberName(init['callee'] as Node) !== 'any') return false;
  return (
    nameOf(init['callee'].object as Node) === 'AbortSignal' &&
    init['arguments'][0]?.type === 'ArrayExpression'
  );
}
