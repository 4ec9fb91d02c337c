import { memberName } from '../../../lint/syntax.js';
import type { Container } from '../container.js';
import { Editor } from '../editor.js';
import { handlesAt } from '../handles.js';
import type { Assumption, Attempt, DeclinedReason, HandleNoun } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { declarationOf } from '../references.js';
import { lineOf, type Node, type Source, textOf, within } from '../source.js';
import { type Use, usesOf } from '../uses.js';
import { usedElsewhere } from '../elsewhere.js';
import { addMaxEntries } from './max-entries.js';

/*
 * An array that code appends to, and nothing that removes from it.
 *
 * Looks for: `push` or `unshift` as a statement. Assumes: only the latest entries are needed. Declines: where code looks
 * an entry up or takes entries out (they are data, or work to be done), where an entry is open or has native memory, where it uses how many there are, and where all
 * entries are read from an array whose name does not say that it is a log.
 */

/** A word of the name: `auditLog` and `recentOrders`, and not `catalog`. */
const LOG =
  /^(?:logs?|history|histories|recent|latest|audits?|traces?|errors?|samples?|debug|timings?|latency|latencies)$/i;
/** `errorHandlers` are no log. */
const FUNCTIONS =
  /(?:handler|listener|callback|hook|subscriber|observer|middleware|reporter|formatter|fn)s?$/i;
const LOOKS_UP = /^(?:find|findLast|findIndex|findLastIndex|indexOf|lastIndexOf|includes|filter|some|every)$/;
/** From here on, `shift` moves so much that a ring would be better. */
const SMALL = 10_000;

export async function boundedLog(clue: Clue): Promise<Attempt> {
  const { container, source, maxEntries } = clue;
  if (container?.kind !== 'Array') return null;
  const uses = usesOf(container);
  const additions = uses.filter(isAddition);
  if (additions.length === 0) return null;
  const declined = whyNotLog(source, container, uses);
  if (declined) return { declined };
  for (const { value } of additions) {
    const kept = handleIn(source, value);
    if (kept) return { declined: { code: 'handle-is-kept', ...kept, at: lineOf(source, value) } };
  }
  const elsewhere = await usedElsewhere(clue, container);
  if (elsewhere) return { declined: elsewhere };
  const editor = new Editor(source);
  const constant = addMaxEntries(editor, container, maxEntries);
  for (const { node, does } of additions) {
    const list = textOf(source, node['callee'].object);
    const drop = does === 'push' ? 'shift' : 'pop';
    const many = node['arguments'].length > 1 || node['arguments'][0]?.type === 'SpreadElement';
    editor.addAfter(node.parent, [
      `${many ? 'while' : 'if'} (${list}.length > ${constant}) ${list}.${drop}();`,
    ]);
  }
  const read = uses.find(({ does }) => does === 'list' || does === 'get');
  const assumptions: Assumption[] = [
    read
      ? { code: 'latest-are-enough', constant, maxEntries, line: lineOf(source, read.node) }
      : { code: 'nothing-reads', container: container.text },
    ...(maxEntries > SMALL ? [{ code: 'shift-is-cheap' as const, maxEntries }] : []),
  ];
  return {
    patches: [
      patchOf(editor, {
        pattern: 'bounded-log',
        does: { code: 'bounded-list', container: container.text, constant, maxEntries },
        assumptions,
      }),
    ],
  };
}

function whyNotLog(
  source: Source,
  { text: container, name }: Container,
  uses: readonly Use[],
): DeclinedReason | null {
  for (const use of uses) {
    const line = lineOf(source, use.node);
    if (use.does === 'escape') return { code: 'escapes', container, line };
    if (use.does === 'bound') return { code: 'is-bounded', line };
    if (use.does === 'remove' || use.does === 'clear' || use.does === 'replace')
      return { code: 'is-emptied', container, line };
    if (use.does === 'get' || use.does === 'set' || looksUp(use))
      return { code: 'is-looked-up', container, line };
    const isPosition = use.does === 'count' && memberName(use.node) === 'length' && !asksIfEmpty(use.node);
    if (isPosition || (isAddition(use) && use.node.parent.type !== 'ExpressionStatement'))
      return { code: 'position-is-used', container, line };
  }
  const read = uses.find(({ does }) => does === 'list');
  return read && !isLog(name) ? { code: 'may-be-data', container, line: lineOf(source, read.node) } : null;
}

const isAddition = (use: Use): use is Extract<Use, { does: 'add' | 'push' | 'unshift' }> =>
  use.does === 'push' || use.does === 'unshift';

/** What a log does not have: something that is open, or that has memory of its own. */
function handleIn(source: Source, value: Node): { what: HandleNoun; line: number } | null {
  for (const node of within(value)) {
    const declared = node.type === 'Identifier' ? declarationOf(node) : null;
    const line = declared ? lineOf(source, declared) : 0;
    const handle = declared && handlesAt(source, [line]).find(({ id }) => id === declared);
    if (handle) return { what: handle.kind.noun, line };
  }
  return null;
}

const isLog = (name: string): boolean =>
  !FUNCTIONS.test(name) && name.split(/_|(?<=[a-z\d])(?=[A-Z])/).some((word) => LOG.test(word));

/** `log.find(…)`, and `log.slice(from)` and `log.at(id)` where they do not count from the end. */
function looksUp({ does, node }: Use): boolean {
  if (does !== 'list' || node.type !== 'CallExpression') return false;
  const method = memberName(node['callee'] as Node) ?? '';
  const [from] = node['arguments'] as Node[];
  const isFromStart = from !== undefined && !(from.type === 'UnaryExpression' && from['operator'] === '-');
  return LOOKS_UP.test(method) || (/^(?:at|slice|with)$/.test(method) && isFromStart);
}

/** `log.length > 0` and `if (log.length)`. */
function asksIfEmpty({ parent }: Node): boolean {
  return (
    /^(?:If|While)Statement$/.test(parent.type) ||
    (parent.type === 'UnaryExpression' && parent['operator'] === '!') ||
    (parent.type === 'BinaryExpression' && parent['right'].type === 'Literal' && parent['right'].value === 0)
  );
}
