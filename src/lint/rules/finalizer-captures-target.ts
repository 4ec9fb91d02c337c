import { meta, type Node, type Rule } from '../rule.js';
import { isFunction, memberName, mentions, nameOf, unwrap } from '../syntax.js';

const messages = {
  held: 'The registry retains this value until {{target}} is collected, and this value retains {{target}}, so it is never collected. Pass what the clean-up needs (an id, a handle), not the target.',
};

export const finalizerCapturesTarget: Rule = {
  meta: meta(
    'finalizer-captures-target',
    'A FinalizationRegistry whose held value retains its own target',
    messages,
  ),
  create(context) {
    const registries = new Set<string>();
    const registered: Node[] = [];
    return {
      NewExpression(node) {
        if (nameOf(node['callee'] as Node) !== 'FinalizationRegistry') return;
        const { parent } = node;
        const storedIn = (parent['id'] ?? parent['key'] ?? parent['left']) as Node | undefined;
        if (storedIn) registries.add(lastName(storedIn));
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
          if (retains(unwrap(held), name))
            context.report({ node: held, messageId: 'held', data: { target: name } });
        }
      },
    };
  },
};

/** `order`, `{ order }`, `[order]` and `() => … order …` retain the order; `order.id` is evaluated and does not. */
function retains(held: Node, name: string): boolean {
  if (held.type === 'Identifier') return held['name'] === name;
  if (held.type === 'ThisExpression') return name === 'this';
  if (isFunction(held))
    return mentions(held['body'], name) && !(name === 'this' && held.type !== 'ArrowFunctionExpression');
  if (held.type === 'ObjectExpression')
    return (held['properties'] as Node[]).some((one) =>
      retains(unwrap((one['value'] ?? one['argument']) as Node), name),
    );
  if (held.type === 'ArrayExpression')
    return (held['elements'] as Node[]).some((one) => one && retains(unwrap(one), name));
  if (held.type === 'CallExpression' && memberName(held['callee'] as Node) === 'bind')
    return (held['arguments'] as Node[]).some((one) => retains(unwrap(one), name));
  return false;
}

function lastName(node: Node): string {
  return (memberName(node) ?? nameOf(node) ?? '').replace('#', '');
}
