import { type Context, meta, type Node, type Rule } from '../rule.js';
import {
  classAround,
  functionAround,
  memberName,
  nameOf,
  propertyOf,
  runsAtTheStart,
  scopeOf,
  unwrap,
  variableOf,
} from '../syntax.js';

const messages = {
  listener:
    'Each call adds one more listener to {{emitter}}, which outlives the call, and the class never removes one. Remove it in a `finally` ({{removal}}), or pass a `signal`.',
  subscription:
    'Each call subscribes to {{emitter}}, which outlives the call, and does not store the subscription. Unsubscribe in `finalize`, or end the stream with `takeUntil`, `take` or `firstValueFrom`.',
};

const LISTENS = /^(?:on|addListener|prependListener|addEventListener)$/;
const REMOVES = /^(?:off|removeListener|removeAllListeners|removeEventListener)$/;

export const listenerWithoutRemoval: Rule = {
  meta: meta(
    'listener-without-removal',
    'A provider that adds a listener with each call to an object that outlives the call, and never removes it',
    messages,
  ),
  create(context) {
    const listening: { node: Node; owner: Node }[] = [];
    const removed = new Map<Node, Set<string>>();
    return {
      CallExpression(node) {
        const { callee } = node;
        const name = memberName(callee as Node);
        const owner = classAround(node);
        if (name === null || !owner || !scopeOf(owner)) return;
        const emitter = context.sourceCode.getText(callee.object as Node);
        if (REMOVES.test(name)) removed.set(owner, (removed.get(owner) ?? new Set()).add(emitter));
        const isHandler = node['arguments'].length === 2 || node['arguments'].length === 3;
        if (
          LISTENS.test(name) &&
          isHandler &&
          !propertyOf(node['arguments'][2] as Node | undefined, 'signal')
        )
          listening.push({ node, owner });
        if (name === 'subscribe' && node.parent.type === 'ExpressionStatement')
          listening.push({ node, owner });
      },
      'Program:exit'() {
        for (const { node, owner } of listening) {
          const object = unwrap(node['callee'].object as Node);
          const emitter = context.sourceCode.getText(object);
          if (runsAtTheStart(node) || isCallersHandler(context, node) || removed.get(owner)?.has(emitter))
            continue;
          if (!outlivesCall(context, object) || isCreatedHere(context, node, emitter)) continue;
          const isSubscription = memberName(node['callee'] as Node) === 'subscribe';
          const removal =
            memberName(node['callee'] as Node) === 'addEventListener' ? 'removeEventListener' : 'off';
          context.report({
            node,
            messageId: isSubscription ? 'subscription' : 'listener',
            data: { emitter, removal: `\`${removal}\`` },
          });
        }
      },
    };
  },
};

/** `on(event, handler) { this.bus.on(event, handler); }`: the caller, which has the handler, removes it. */
function isCallersHandler(context: Context, node: Node): boolean {
  const handler = node['arguments'][1] as Node | undefined;
  if (handler?.type !== 'Identifier') return false;
  return (variableOf(context.sourceCode, handler)?.defs ?? []).some(({ type }) => type === 'Parameter');
}

/** `this.client = connect(); this.client.on(…)`: each call listens to a new object. */
function isCreatedHere(context: Context, node: Node, emitter: string): boolean {
  const body = functionAround(node);
  return (
    emitter.startsWith('this.') && body !== null && context.sourceCode.getText(body).includes(`${emitter} = `)
  );
}

/** A field of the provider, a module variable or `process`, but nothing that the call received or created. */
function outlivesCall(context: Context, object: Node): boolean {
  if (object.type === 'MemberExpression') {
    const root = rootOf(object);
    // A field of an argument lives as long as the argument.
    return root.type === 'ThisExpression' ? !isIndexed(object) : isModuleVariable(context, root);
  }
  return (
    object.type === 'Identifier' && (isModuleVariable(context, object) || joinsLongLived(context, object))
  );
}

function rootOf(node: Node): Node {
  return node.type === 'MemberExpression' ? rootOf(unwrap(node['object'] as Node)) : node;
}

/** `this.sockets[id]` is one of many, and may be removed when the call ends. */
function isIndexed(node: Node): boolean {
  return node.type === 'MemberExpression' && (node['computed'] === true || isIndexed(node['object'] as Node));
}

function isModuleVariable(context: Context, identifier: Node): boolean {
  if (identifier.type !== 'Identifier') return false;
  const variable = variableOf(context.sourceCode, identifier);
  if (!variable || variable.defs.length === 0) return identifier['name'] === 'process';
  return variable.defs.some(
    ({ type, node }) =>
      type === 'ImportBinding' || (type === 'Variable' && node.parent?.parent?.type === 'Program'),
  );
}

/** A signal of `AbortSignal.any([this.shutdown.signal, …])` is retained by its sources as long as it has listeners. */
function joinsLongLived(context: Context, identifier: Node): boolean {
  const definition = variableOf(context.sourceCode, identifier)?.defs.find(({ type }) => type === 'Variable');
  const init = definition?.node['init'] as Node | null | undefined;
  if (init?.type !== 'CallExpression' || memberName(init['callee'] as Node) !== 'any') return false;
  if (nameOf(init['callee'].object as Node) !== 'AbortSignal') return false;
  const signals = (init['arguments'][0]?.elements ?? []) as Node[];
  return signals.some((signal) => signal.type === 'MemberExpression' && outlivesCall(context, signal));
}
