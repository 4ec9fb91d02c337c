import { meta, type Node, type Rule } from '../rule.js';
import { isFunction, memberName, mentions, nameOf, unwrap } from '../syntax.js';

const messages = {
  held: 'The registry holds this until {{target}} is collected, and this holds {{target}}: it never is. Hold what the clean-up needs (an id, a handle), not the target.',
};

export const finalizerCapturesTarget: Rule = {
  meta: meta(
    'finalizer-captures-target',
    'A FinalizationRegistry whose held value holds the object that it waits for',
    messages,
  ),
  create(context) {
    const registries = new Set<string>();
    const registered: Node[] = [];
    return {
      NewExpression(node) {
        if (nameOf(node['callee'] as Node) !== 'FinalizationRegistry') return;
        const { parent } = node;
        const kept = (parent['id'] ?? parent['key'] ?? parent['left']) as Node | undefined;
        if (kept) registries.add(lastName(kept));
      },
      CallExpression(node) {
        if (memberName(node['callee'] as Node) === 'register' && node['arguments'].length >= 2)
          registered.push(node);
      },
      'Program:exit'() {
        for (const node of registered) {
          const [target, held] = node['arguments'] as [Node, Node];
          const name = target.type === 'ThisExpression' ? 'this' : nameOf(target);
          if (name === null || !registries.has(lastName(node['callee'].object as Node))) continue;
          if (holds(unwrap(held), name))
            context.report({ node: held, messageId: 'held', data: { target: name } });
        }
      },
    };
  },
};

/** `order`, `{ order }`, `[order]`, `() => … order …` hold the order; `order.id` is read now, and holds its own value. */
function holds(held: Node, name: string): boolean {
  if (held.type === 'Identifier') return held['name'] === name;
  if (held.type === 'ThisExpression') return name === 'this';
  if (isFunction(held))
    return mentions(held['body'], name) && !(name === 'this' && held.type !== 'ArrowFunctionExpression');
  if (held.type === 'ObjectExpression')
    return (held['properties'] as Node[]).some((one) =>
      holds(unwrap((one['value'] ?? one['argument']) as Node), name),
    );
  if (held.type === 'ArrayExpression')
    return (held['elements'] as Node[]).some((one) => one && holds(unwrap(one), name));
  if (held.type === 'CallExpression' && memberName(held['callee'] as Node) === 'bind')
    return (held['arguments'] as Node[]).some((one) => holds(unwrap(one), name));
  return false;
}

function lastName(node: Node): string {
  return (memberName(node) ?? nameOf(node) ?? '').replace('#', '');
}
