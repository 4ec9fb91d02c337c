import { meta, type Node, type Rule } from '../rule.js';
import { functionAround, memberName, nameOf, unwrap, variableOf } from '../syntax.js';

const messages = {
  stored:
    '{{name}} outlives this race: each race adds a reaction to it, which stays until it settles. Race with a promise that is created for this call, and settle that one from outside.',
};

export const raceWithStoredPromise: Rule = {
  meta: meta('race-with-stored-promise', '`Promise.race` with a promise that outlives the call', messages),
  create(context) {
    const isStored = (contender: Node): boolean => {
      const one = unwrap(contender);
      if (one.type === 'MemberExpression') return unwrap(one['object'] as Node).type === 'ThisExpression';
      if (one.type !== 'Identifier') return false;
      const [definition] = variableOf(context.sourceCode, one)?.defs ?? [];
      return definition?.type === 'Variable' && definition.node.parent.parent.type === 'Program';
    };
    return {
      CallExpression(node) {
        const callee = node['callee'] as Node;
        if (
          !/^(?:race|any)$/.test(memberName(callee) ?? '') ||
          nameOf(callee['object'] as Node) !== 'Promise'
        )
          return;
        if (!functionAround(node)) return;
        for (const one of (node['arguments'][0]?.elements ?? []) as (Node | null)[]) {
          if (one && isStored(one))
            context.report({
              node: one,
              messageId: 'stored',
              data: { name: context.sourceCode.getText(one) },
            });
        }
      },
    };
  },
};
