import { functionAround, isFunction, memberName, nameOf } from '../../../lint/syntax.js';
import { Editor } from '../editor.js';
import { type Handle, handlesAt, isMeantToGoOn, passesOnAddress } from '../handles.js';
import type { Attempt } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { declarationOf, referencesTo } from '../references.js';
import { lineOf, type Node, within } from '../source.js';
import { statementOf } from '../statements.js';

/*
 * A worker, or a child that was forked, whose first message settles a promise or answers a request, and that waits for
 * further ones.
 *
 * Looks for: `worker.on('message', resolve)` in the executor of a promise, or a listener that sends the response. It is
 * ended after that message. Assumes: it has nothing more to do after it. Declines (to the pattern of handles that a
 * function ends): everything else that is done with it, since that may need it later.
 */

interface Listening {
  call: Node;
  event: string;
  listener: Node | undefined;
}

export function endedAfterAnswer({ source, suspect, lines }: Clue): Attempt {
  if (!/^(?:threads|processes|handles|sockets|native)$/.test(suspect.kind)) return null;
  const [handle, ...others] = handlesAt(source, lines);
  if (!handle || others.length > 0 || !isOfMessages(handle)) return null;
  const { kind, call, id, fn } = handle;
  if (!id || !fn || fn['async'] === true || isMeantToGoOn(source, handle)) return null;
  const uses = referencesTo(id).map((reference) => useOf(reference, fn));
  const listening = uses.flatMap((use) => (use === null || use === 'sends' ? [] : use));
  const messages = listening.filter(({ event }) => event === 'message');
  const [message] = messages;
  if (!message || messages.length > 1 || uses.includes(null)) return null;
  const settles = settlingNames(fn);
  const isPromise = isExecutor(fn);
  if (!message.listener || passesOnAddress(source, message.listener)) return null;
  if (!isAnswer(message.listener, settles, isPromise)) return null;
  const isQuiet = listening.every(
    ({ event, listener }) =>
      event === 'message' ||
      event === 'error' ||
      // It is called when the worker is ended, with another exit code than 0.
      (isPromise && callsOnly(listener, settles)),
  );
  const statement = statementOf(message.call);
  if (!isQuiet || statement?.type !== 'ExpressionStatement') return null;
  const editor = new Editor(source);
  const name = String(id['name']);
  editor.addAfter(statement, [`${name}.once('message', () => ${name}.${kind.end}());`]);
  const facts = { what: kind.noun, line: lineOf(source, call) };
  const at = lineOf(source, message.listener);
  return {
    patches: [
      patchOf(editor, {
        pattern: 'ended-after-answer',
        does: { code: 'ended', ...facts, on: 'answer' },
        assumptions: [{ code: 'is-done', ...facts, at }],
      }),
    ],
  };
}

/** Only a forked child has messages. */
const isOfMessages = ({ kind, call }: Handle): boolean =>
  kind.noun === 'worker' ||
  (kind.noun === 'child process' &&
    (nameOf(call['callee'] as Node) ?? memberName(call['callee'] as Node)) === 'fork');

/** What a reference does: listens, perhaps to several events in a chain, or sends; null for anything else. */
function useOf(reference: Node, fn: Node): Listening[] | 'sends' | null {
  if (functionAround(reference) !== fn) return null;
  const found: Listening[] = [];
  let at = reference;
  for (;;) {
    const member = at.parent;
    const call = member.parent;
    const name = memberName(member);
    if (at.parent.type === 'ExpressionStatement' && at !== reference) return found;
    if (call?.type !== 'CallExpression' || call['callee'] !== member || name === null) return null;
    if (name === 'postMessage' || name === 'send')
      return found.length === 0 && call.parent.type === 'ExpressionStatement' ? 'sends' : null;
    if (name !== 'on' && name !== 'once') return null;
    const [event, listener] = call['arguments'] as Node[];
    found.push({ call, event: String(event?.['value']), listener });
    at = call;
  }
}

const isExecutor = ({ parent }: Node): boolean =>
  parent.type === 'NewExpression' && nameOf(parent['callee'] as Node) === 'Promise';

const settlingNames = (fn: Node): Node[] => (isExecutor(fn) ? (fn['params'] as Node[]) : []);

/** Whether a listener settles the promise, or sends the response, whatever the message says. */
function isAnswer(listener: Node, settles: readonly Node[], isPromise: boolean): boolean {
  if (listener.type === 'Identifier') return settles[0] === declarationOf(listener);
  if (!isFunction(listener)) return false;
  const body = listener['body'] as Node;
  const statements = body.type === 'BlockStatement' ? (body['body'] as Node[]) : [body];
  return statements.some((one) => {
    const call = one.type === 'ExpressionStatement' ? (one['expression'] as Node) : one;
    if (call.type !== 'CallExpression') return false;
    const callee = call['callee'] as Node;
    return isPromise
      ? callee.type === 'Identifier' && settles[0] === declarationOf(callee)
      : /^(?:json|send|end)$/.test(memberName(callee) ?? '') && isResponse(callee['object'] as Node);
  });
}

/** `res`, and `res.status(200)`. */
function isResponse(object: Node): boolean {
  if (object.type === 'Identifier') return /^(?:res|response|reply)$/.test(String(object['name']));
  const callee = object.type === 'CallExpression' ? (object['callee'] as Node) : null;
  return callee?.type === 'MemberExpression' && isResponse(callee['object'] as Node);
}

/** Whether a listener does nothing but settle the promise, which is settled by then. */
function callsOnly(listener: Node | undefined, settles: readonly Node[]): boolean {
  if (!listener) return false;
  if (listener.type === 'Identifier') return settles.some((one) => one === declarationOf(listener));
  return (
    isFunction(listener) &&
    [...within(listener)].every((node) => {
      if (node.type === 'CallExpression')
        return (
          nameOf(node['callee'] as Node) === 'String' ||
          (node['callee'].type === 'Identifier' &&
            settles.includes(declarationOf(node['callee'] as Node) as Node))
        );
      return !/^(?:AssignmentExpression|UpdateExpression|AwaitExpression)$/.test(node.type);
    })
  );
}
