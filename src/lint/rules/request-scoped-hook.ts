import { meta, type Node, type Rule } from '../rule.js';
import { nameOf, scopeOf } from '../syntax.js';

const messages = {
  never:
    'Nest never calls {{hook}} of a request-scoped provider: what it would let go of stays. Let go in the method that does the work, in a `finally`.',
};

const HOOKS = /^(?:onModuleDestroy|beforeApplicationShutdown|onApplicationShutdown)$/;

export const requestScopedHook: Rule = {
  meta: meta(
    'request-scoped-hook',
    'A request-scoped provider that counts on being told of its end',
    messages,
  ),
  create(context) {
    return {
      MethodDefinition(node) {
        const name = nameOf(node['key'] as Node);
        if (name === null || !HOOKS.test(name) || scopeOf(node.parent.parent) !== 'request') return;
        context.report({ node: node['key'] as Node, messageId: 'never', data: { hook: `\`${name}\`` } });
      },
    };
  },
};
