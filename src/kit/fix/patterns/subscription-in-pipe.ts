import { functionAround, memberName } from '../../../lint/syntax.js';
import { addImport } from '../add-import.js';
import { Editor } from '../editor.js';
import type { Attempt } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { resourcesAt } from '../resources.js';
import { lineOf, type Node, within } from '../source.js';
import { statementOf } from '../statements.js';

/*
 * A subscription that a function starts which returns an observable, such as an interceptor.
 *
 * Looks for: `subscribe` as a statement, and one `return ….pipe(…)` or `return next.handle()` in the same function. Ends
 * it in `finalize`, which runs on completion, on an error and when the client goes. Assumes: nothing needs it after that.
 */

export function subscriptionInPipe({ source, lines }: Clue): Attempt {
  const [resource, ...others] = resourcesAt(source, ['subscription'], lines);
  if (!resource || others.length > 0) return null;
  const { call, fn } = resource;
  const statement = statementOf(call);
  const returns = [...within(fn)].filter(
    (node) => node.type === 'ReturnStatement' && functionAround(node) === fn,
  );
  const [only, ...more] = returns;
  const value = only?.['argument'] as Node | null | undefined;
  if (fn['async'] === true || more.length > 0 || value?.type !== 'CallExpression') return null;
  const method = memberName(value['callee'] as Node);
  if (statement?.['expression'] !== call || (method !== 'pipe' && method !== 'handle')) return null;
  const editor = new Editor(source);
  const finalize = addImport(editor, 'finalize', 'rxjs');
  const name = editor.freeName('subscription', fn);
  editor.text.appendLeft(statement.range[0], `const ${name} = `);
  const operator = `${finalize}(() => ${name}.unsubscribe())`;
  if (method === 'pipe') editor.addArgument(value, operator);
  else editor.text.appendLeft(value.range[1], `.pipe(${operator})`);
  const line = lineOf(source, call);
  return {
    patches: [
      patchOf(editor, {
        pattern: 'subscription-in-pipe',
        does: { code: 'ended', what: 'subscription', line, on: 'finalize' },
        assumptions: [{ code: 'ends-with-function', what: 'subscription', line: lineOf(source, fn) }],
      }),
    ],
  };
}
