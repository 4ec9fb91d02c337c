import { isFunction, memberName } from '../../../lint/syntax.js';
import { Editor } from '../editor.js';
import type { Assumption, Attempt, DeclinedReason, ResourceKind } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { connectionOf, endingOf, isLocal, ownEmitter, type Resource, resourcesAt } from '../resources.js';
import { referencesTo } from '../references.js';
import { lineOf, type Node, type Source, textOf } from '../source.js';
import { awaitReturns, isInBodyOf, restOf, statementOf, worksIn } from '../statements.js';

/*
 * A listener, an interval or a subscription that each call of a function starts, and nothing ends.
 *
 * Looks for: `on`, `addEventListener`, `setInterval`, `subscribe` as a statement of a function that runs many times.
 * Ends it when the connection closes that its callback writes to; else in a `finally` around the rest of an async
 * function, if that still waits for something or the callback changes the function's own variables alone. Declines: where
 * it may be meant to go on after the function, and where other code ends it on another path.
 */

const KINDS: Partial<Record<string, ResourceKind[]>> = {
  listeners: ['listener', 'subscription'],
  timers: ['interval', 'timeout'],
  closures: ['listener', 'interval', 'subscription'],
  container: ['listener', 'subscription'],
};

export function endedResource({ source, suspect, lines }: Clue): Attempt {
  const kinds = KINDS[suspect.kind];
  if (!kinds || lines.length === 0) return null;
  const event = /\([\d,]+ (?<event>\S+) listeners?\b/.exec(suspect.name)?.groups?.['event'];
  const found = resourcesAt(source, kinds, lines).filter(
    (one) =>
      event === undefined ||
      one.event === null ||
      !/^['"]/.test(one.event) ||
      one.event.slice(1, -1) === event,
  );
  const [resource, ...others] = found;
  if (!resource) return null;
  if (others.length > 0)
    return { declined: { code: 'several-places', lines: found.map(({ call }) => lineOf(source, call)) } };
  const declined = whyNotEnded(source, resource);
  return declined ? { declined } : ended(source, resource);
}

/** The statement that starts it, where its value is not used, or is in a constant. */
function startOf({ call }: Resource): { statement: Node; name: string | null; isUsed: boolean } | null {
  let at = call;
  // `setInterval(…).unref()` is the timer as well.
  while (
    at.parent.type === 'MemberExpression' &&
    /^(?:un)?ref$/.test(memberName(at.parent) ?? '') &&
    at.parent.parent.type === 'CallExpression'
  )
    at = at.parent.parent;
  const statement = statementOf(at);
  if (!statement) return null;
  if (at.parent === statement && statement.type === 'ExpressionStatement')
    return { statement, name: null, isUsed: false };
  const declarator = at.parent;
  const isConstant =
    declarator.type === 'VariableDeclarator' &&
    declarator['id'].type === 'Identifier' &&
    declarator.parent === statement;
  if (!isConstant) return null;
  const uses = referencesTo(declarator['id'] as Node).filter(
    ({ parent }) => !/^(?:un)?ref$/.test(memberName(parent) ?? ''),
  );
  return { statement, name: String(declarator['id'].name), isUsed: uses.length > 0 };
}

function whyNotEnded(source: Source, resource: Resource): DeclinedReason | null {
  const { call, fn, kind } = resource;
  const line = lineOf(source, call);
  const ending = endingOf(source, resource);
  if (ending) return { code: 'ended-elsewhere', what: kind, line, other: lineOf(source, ending) };
  const own = ownEmitter(resource);
  if (own) return { code: 'listens-to-its-own', line, name: String(own['name']), other: lineOf(source, own) };
  const start = startOf(resource);
  if (!start) return { code: 'handle-is-used', what: kind, line };
  if (connectionOf(resource) !== null && kind !== 'timeout') return null;
  if (start.isUsed) return { code: 'handle-is-used', what: kind, line };
  if (kind === 'timeout' || fn['async'] !== true || fn['generator'] === true)
    return { code: 'outlives-function', what: kind, line };
  if (!isInBodyOf(start.statement, fn)) return { code: 'starts-on-a-condition', what: kind, line };
  const rest = restOf(start.statement);
  const isOfFunction = kind === 'interval' ? worksIn(rest, fn) : isLocal(resource) || isAbort(resource);
  // What a listener changes outside of the function may be why it was added.
  if (kind !== 'interval' && !isOfFunction) return { code: 'outlives-function', what: kind, line };
  return rest.length === 0 || !(isOfFunction || isLocal(resource))
    ? { code: 'ends-at-once', what: kind, line }
    : null;
}

const isAbort = ({ event }: Resource): boolean => event !== null && /^['"]abort['"]$/.test(event);

function ended(source: Source, resource: Resource): Attempt {
  const { call, fn, kind } = resource;
  const start = startOf(resource);
  if (!start) return null;
  const editor = new Editor(source);
  const undo = undoOf(editor, source, resource, start);
  const connection = connectionOf(resource);
  const assumptions: Assumption[] = [];
  if (connection !== null) {
    editor.addAfter(start.statement, [`${connection}.once('close', () => ${undo});`]);
    assumptions.push({ code: 'ends-with-connection', what: kind, connection });
  } else {
    const rest = restOf(start.statement);
    awaitReturns(editor, rest, fn);
    editor.wrapInFinally(rest, [`${undo};`]);
    assumptions.push({ code: 'ends-with-function', what: kind, line: lineOf(source, fn) });
  }
  return {
    patches: [
      patchOf(editor, {
        pattern: 'ended-resource',
        does: { code: 'ended', what: kind, line: lineOf(source, call), on: connection ?? 'finally' },
        assumptions,
      }),
    ],
  };
}

/** The call that ends it; gives what it needs a name. */
function undoOf(
  editor: Editor,
  source: Source,
  { kind, call, event, fn }: Resource,
  start: { statement: Node; name: string | null },
): string {
  if (kind !== 'listener') {
    const name = start.name ?? editor.freeName(kind === 'interval' ? 'timer' : 'subscription', fn);
    if (start.name === null) editor.text.appendLeft(start.statement.range[0], `const ${name} = `);
    return kind === 'interval' ? `clearInterval(${name})` : `${name}.unsubscribe()`;
  }
  const callee = call['callee'] as Node;
  const object = textOf(source, callee['object'] as Node);
  const [, listener, options] = call['arguments'] as Node[];
  const removes =
    memberName(callee) === 'addEventListener'
      ? 'removeEventListener'
      : memberName(callee) === 'addListener'
        ? 'removeListener'
        : 'off';
  const name =
    listener && isFunction(listener)
      ? named(editor, source, listener, { event, before: start.statement, fn })
      : textOf(source, listener ?? call);
  const capture =
    removes === 'removeEventListener' && options && /\bcapture\b|^true$/.test(textOf(source, options))
      ? `, ${textOf(source, options)}`
      : '';
  return `${object}.${removes}(${event ?? ''}, ${name}${capture})`;
}

/** Gives a listener that is written in place a name, above the statement. */
function named(
  editor: Editor,
  source: Source,
  listener: Node,
  { event, before, fn }: { event: string | null; before: Node; fn: Node },
): string {
  const word = /[\p{ID_Continue}]+/u.exec(event ?? '')?.[0] ?? 'event';
  const name = editor.freeName(`on${word.charAt(0).toUpperCase()}${word.slice(1)}`, fn);
  editor.addBefore(before, `const ${name} = ${textOf(source, listener)};`);
  editor.replace(listener, name);
  return name;
}
