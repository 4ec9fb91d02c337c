import { meta, type Node, type Rule } from '../rule.js';
import { nameOf, scopeOf } from '../syntax.js';

const messages = {
  never:
    'Nest never calls {{hook}} of a request-scoped provider, so what it would release stays. Release it in a `finally` of the method that does the work.',
};

const HOOKS = /^(?:onModuleDestroy|beforeApplicationShutdown|onApplicationShutdown)$/;

export const requestScopedHook: Rule = {
  meta: meta(
    'request-scoped-hook',
    'A request-scoped provider with a lifecycle hook that Nest does not call',
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
