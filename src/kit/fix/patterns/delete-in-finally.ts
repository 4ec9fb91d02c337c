import { functionAround, around } from '../../../lint/syntax.js';
import { Editor } from '../editor.js';
import type { Attempt } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { lineOf, type Node, type Source, textOf, within } from '../source.js';
import { awaitReturns, restOf, statementOf, usedAfter, waits } from '../statements.js';
import { type Use, usesOf } from '../uses.js';

/*
 * An entry that is added before work and deleted after it, but not where the work fails.
 *
 * Looks for: `set(key)` or `add(value)`, an `await`, and `delete` of the same, one after the other in one block. Assumes:
 * nothing needs the entry once the function has ended. Declines: where a variable is declared by the lines between and
 * used after them, with more work to wait for; where some path returns between, and keeps the entry;
 * and where code goes through all entries, since those of failed work may be there to be tried again.
 */

type Removal = Extract<Use, { does: 'delete' }>;

export function deleteInFinally({ source, container }: Clue): Attempt {
  if (!container) return null;
  const uses = usesOf(container);
  for (const removal of uses.filter((use): use is Removal => use.does === 'delete')) {
    const last = statementOf(removal.node);
    const addition = last && uses.find((use) => isAdded(source, use, removal, last));
    const first = addition && statementOf(addition.node);
    if (!last || !first || !/ExpressionStatement/.test(last.type)) continue;
    const between = restOf(first).slice(0, restOf(first).indexOf(last));
    const after = restOf(last);
    if (!waits(between, functionAround(last)) || isCaught(last)) continue;
    const exit = exitIn(between, last);
    if (exit)
      return { declined: { code: 'leaves-early', container: container.text, line: lineOf(source, exit) } };
    const listing = uses.find(({ does }) => does === 'list');
    if (listing)
      return {
        declined: { code: 'is-listed', container: container.text, line: lineOf(source, listing.node) },
      };
    return moved({ source, container: container.text, first, last, between, after });
  }
  return null;
}

/** Whether a use adds what is deleted later in the same block. */
function isAdded(source: Source, use: Use, removal: Removal, last: Node): boolean {
  const what = use.does === 'set' ? use.key : use.does === 'add' ? use.value : null;
  const statement = what && statementOf(use.node);
  return (
    statement?.parent === last.parent &&
    statement.range[1] <= last.range[0] &&
    textOf(source, what as Node) === textOf(source, removal.key)
  );
}

/** A `return` between that leaves the entry there: perhaps what was loaded well is meant to stay. */
function exitIn(statements: readonly Node[], last: Node): Node | null {
  const fn = functionAround(last);
  for (const one of statements)
    for (const node of within(one))
      if (/^(?:Return|Break|Continue)Statement$/.test(node.type) && functionAround(node) === fn) return node;
  return null;
}

/** Whether the deletion is in a `finally` already, or in a `catch`. */
function isCaught(statement: Node): boolean {
  for (const outer of around(statement)) {
    if (outer.type === 'CatchClause') return true;
    if (outer.type === 'TryStatement' && outer['finalizer'] === statement.parent) return true;
    if (outer === functionAround(statement)) return false;
  }
  return false;
}

interface Move {
  source: Source;
  container: string;
  first: Node;
  last: Node;
  between: Node[];
  after: Node[];
}

function moved({ source, container, first, last, between, after }: Move): Attempt {
  const editor = new Editor(source);
  const used = usedAfter(between, after);
  // What the lines declare is in scope of the `try` alone, so that all that uses it has to be in there as well.
  if (used && waits(after, functionAround(last)))
    return { declined: { code: 'used-after', name: used, line: lineOf(source, last) } };
  const wrapped = used ? [...between, last, ...after] : [...between, last];
  const fn = functionAround(last);
  if (fn?.['async'] === true) awaitReturns(editor, wrapped, fn);
  editor.wrapInFinally(wrapped, [textOf(source, last)], [last]);
  return {
    patches: [
      patchOf(editor, {
        pattern: 'delete-in-finally',
        does: { code: 'delete-moved-into-finally', container, line: lineOf(source, first) },
        assumptions: [{ code: 'entry-ends-with-load', line: lineOf(source, fn ?? first) }],
      }),
    ],
  };
}
