import { around, functionAround, isFunction, memberName } from '../../lint/syntax.js';
import type { HandleKind } from './handles.js';
import { importedName } from './imported.js';
import { bodyOf } from './loads.js';
import { declarationOf, referencesTo } from './references.js';
import { isInside, type Node, within } from './source.js';
import { promisesIn } from './statements.js';

/** What one reference does with a handle. */
export type HandleUse =
  /** Works with it while the function runs. */
  | { does: 'work'; node: Node }
  | { does: 'end'; node: Node; isNested: boolean }
  /** Adds it to a Set, or deletes it from one. */
  | { does: 'register' | 'unregister'; node: Node }
  /** Other code may use or end it after the function. */
  | { does: 'leave'; how: 'returned' | 'kept' | 'given' | 'goes on'; node: Node };

interface Scope {
  /** The identifier that declares it. */
  declared: Node;
  fn: Node;
  kind: HandleKind;
  /** How many functions of the file it was given to. */
  depth: number;
}

/** What it hands out goes on after the call, and needs it. */
const LIVES_ON =
  /^(?:pipe|pipeThrough|pipeTo|compose|createReadStream|createWriteStream|readLines|readableWebStream|getReader|getWriter|tee|iterator)$/;
/** These return the handle itself. */
const CHAINS =
  /^(?:on|once|addListener|prependListener|prependOnceListener|off|removeListener|removeAllListeners|ref|unref|pause|resume|setEncoding|setTimeout|setNoDelay|setKeepAlive|connect|end)$/;
/** Parts of it that work as long as it does. */
const PARTS = /^(?:stdin|stdout|stderr|stdio|fd|channel|port)$/;
/** Functions of Node that wait for it, or go through it. */
const WAITS = /^(?:events\.(?:once|on)|stream\/promises\.\w+|stream\.promises\.\w+|stream\/consumers\.\w+)$/;
/** Methods of containers that add. */
const KEEPS = /^(?:add|push|set|unshift)$/;
const MOST_DEPTH = 2;

export function usesOfHandle(declared: Node, fn: Node, kind: HandleKind, depth = 0): HandleUse[] {
  const scope = { declared, fn, kind, depth };
  return referencesTo(declared).map((reference) => inContext(directUse(reference, scope), reference, scope));
}

/** A closure may run after the function: of such, only its own listeners and what is waited for are known to be over. */
function inContext(use: HandleUse, reference: Node, scope: Scope): HandleUse {
  const { fn } = scope;
  const closure = [...around(reference)]
    .slice(0, [...around(reference)].indexOf(fn))
    .findLast((one) => isFunction(one));
  if (!closure || use.does === 'leave') return use;
  if (use.does === 'end') return { ...use, isNested: true };
  if (isOwnListener(closure, scope) || isWaitedFor(closure, fn)) return use;
  return { does: 'leave', how: 'given', node: reference };
}

/** `worker.on('message', () => …)`: nothing calls it when the worker has ended. */
function isOwnListener(closure: Node, { declared }: Scope): boolean {
  const call = closure.parent;
  if (call.type !== 'CallExpression' || !CHAINS.test(memberName(call['callee'] as Node) ?? '')) return false;
  let object = call['callee'].object as Node;
  while (object.type === 'MemberExpression' || object.type === 'CallExpression')
    object = (object['object'] ?? (object['callee'] as Node)['object'] ?? object['callee']) as Node;
  return object.type === 'Identifier' && declarationOf(object) === declared;
}

/** Whether a function waits for a node, itself, in an expression around it. */
export function isWaitedFor(node: Node, fn: Node): boolean {
  for (const outer of around(node)) {
    if (outer === fn) return fn['body'] === node;
    if (outer.type === 'AwaitExpression' && functionAround(outer) === fn) return true;
    if (outer.type === 'ForOfStatement' && outer['await'] === true && isInside(node, outer['right'] as Node))
      return true;
    if (outer.type === 'ReturnStatement' && functionAround(outer) === fn)
      return promisesIn(outer['argument'] as Node).some((one) => isInside(node, one));
  }
  return false;
}

/** `pipeline(file.createReadStream(), …)` and `for await (… of file.readLines())`. */
function isGoneThrough(call: Node, fn: Node): boolean {
  const { parent } = call;
  const isWaited =
    parent.type === 'CallExpression' && WAITS.test(importedName(parent['callee'] as Node) ?? '');
  return (isWaited && isWaitedFor(call, fn)) || (parent.type === 'ForOfStatement' && isWaitedFor(call, fn));
}

function directUse(reference: Node, scope: Scope): HandleUse {
  const node = outermost(reference);
  const { parent } = node;
  switch (parent.type) {
    case 'MemberExpression':
      return parent['object'] === node
        ? useOfMember(parent, scope)
        : { does: 'leave', how: 'given', node: parent };
    case 'CallExpression':
    case 'NewExpression':
      return useOfArgument(parent, node, scope);
    case 'ForOfStatement':
    case 'IfStatement':
    case 'UnaryExpression':
    case 'BinaryExpression':
    case 'TSTypeQuery':
    case 'ExpressionStatement':
      return { does: 'work', node };
    case 'ReturnStatement':
    case 'ArrowFunctionExpression':
    case 'YieldExpression':
      return { does: 'leave', how: 'returned', node };
    default:
      return { does: 'leave', how: howItLeaves(node), node };
  }
}

/** `users!` and `(users as X)` are used as `users` is. */
function outermost(node: Node): Node {
  return /^(?:TS(?:NonNull|As|Satisfies|TypeAssertion)|ChainExpression)/.test(node.parent.type)
    ? outermost(node.parent)
    : node;
}

/** What an expression around a handle does with it. */
export function howItLeaves(node: Node): 'returned' | 'kept' | 'given' {
  for (const outer of around(node)) {
    if (outer.type === 'ReturnStatement') return 'returned';
    if (/^(?:AssignmentExpression|VariableDeclarator)$/.test(outer.type)) return 'kept';
    if (outer.type === 'CallExpression')
      return KEEPS.test(memberName(outer['callee'] as Node) ?? '') ? 'kept' : 'given';
    if (isFunction(outer) || outer.type.endsWith('Statement')) return 'given';
  }
  return 'given';
}

function useOfMember(member: Node, scope: Scope): HandleUse {
  const { kind, fn } = scope;
  const whole = outermost(member);
  const name = memberName(member);
  const call = whole.parent;
  if (name === null) return { does: 'leave', how: 'given', node: member };
  if (call.type !== 'CallExpression' || call['callee'] !== whole)
    return PARTS.test(name) ? directUse(member, scope) : { does: 'work', node: member };
  // With an argument, `end` writes first.
  const isEnd = kind.ends.test(name) && !(name === 'end' && call['arguments'].length > 0);
  if (isEnd && member['object'].type === 'Identifier') return { does: 'end', node: call, isNested: false };
  if (LIVES_ON.test(name) && !isGoneThrough(call, fn)) return { does: 'leave', how: 'goes on', node: call };
  // A child that the process does not wait for is meant to go on.
  if (name === 'unref' && kind.noun === 'child process') return { does: 'leave', how: 'goes on', node: call };
  return CHAINS.test(name) && outermost(call).parent.type !== 'ExpressionStatement'
    ? directUse(call, scope)
    : { does: 'work', node: call };
}

function useOfArgument(call: Node, argument: Node, { kind, fn, depth }: Scope): HandleUse {
  const callee = call['callee'] as Node;
  const name = memberName(callee);
  const ofFs = kind.closer === undefined ? null : /^fs\.(\w+Sync)$/.exec(importedName(callee) ?? '');
  if (ofFs)
    return ofFs[1] === kind.closer
      ? { does: 'end', node: call, isNested: false }
      : { does: 'work', node: call };
  if (call.type === 'CallExpression' && callee.type === 'MemberExpression') {
    if (name === 'add' && call.parent.type === 'ExpressionStatement') return { does: 'register', node: call };
    if (name === 'delete') return { does: 'unregister', node: call };
    if (KEEPS.test(name ?? '')) return { does: 'leave', how: 'kept', node: call };
  }
  if (WAITS.test(importedName(callee) ?? ''))
    return isWaitedFor(call, fn) || call.parent.type === 'VariableDeclarator'
      ? { does: 'work', node: call }
      : { does: 'leave', how: 'goes on', node: call };
  const body = call.type === 'CallExpression' ? bodyOf(call) : null;
  const parameter = body?.['params'][(call['arguments'] as Node[]).indexOf(argument)] as Node | undefined;
  if (!body || parameter?.type !== 'Identifier' || depth >= MOST_DEPTH)
    return { does: 'leave', how: 'given', node: call };
  const inside = usesOfHandle(parameter, body, kind, depth + 1);
  if (inside.some(({ does }) => does === 'end')) return { does: 'end', node: call, isNested: true };
  const isKnown = inside.every(({ does }) => does === 'work');
  // What takes a descriptor has done its work when it returns.
  const isSync = kind.closer !== undefined && body['async'] !== true && body['generator'] !== true;
  const isOver = isSync || isWaitedFor(call, fn) || !givesPromise(body);
  return isKnown && isOver ? { does: 'work', node: call } : { does: 'leave', how: 'given', node: call };
}

/** Whether a function goes on after its call: it is async, or returns something. */
function givesPromise(fn: Node): boolean {
  if (fn['async'] === true || fn['body'].type !== 'BlockStatement') return true;
  return [...within(fn)].some(
    (node) => node.type === 'ReturnStatement' && node['argument'] !== null && functionAround(node) === fn,
  );
}
