/**
 * Lint rules for leaks that are visible in the syntax, for ESLint 9 and 10 and for oxlint's JS plugins. They need no
 * types: any parser that builds an ESTree works.
 */
import type { Rule } from './rule.js';
import { cacheWithoutBound } from './rules/cache-without-bound.js';
import { deleteOutsideFinally } from './rules/delete-outside-finally.js';
import { finalizerCapturesTarget } from './rules/finalizer-captures-target.js';
import { intervalWithoutClear } from './rules/interval-without-clear.js';
import { listenerWithoutRemoval } from './rules/listener-without-removal.js';
import { raceWithStoredPromise } from './rules/race-with-stored-promise.js';
import { requestScopedHook } from './rules/request-scoped-hook.js';
import { unboundedContainer } from './rules/unbounded-container.js';

export const rules: Record<string, Rule> = {
  'unbounded-container': unboundedContainer,
  'listener-without-removal': listenerWithoutRemoval,
  'interval-without-clear': intervalWithoutClear,
  'race-with-stored-promise': raceWithStoredPromise,
  'finalizer-captures-target': finalizerCapturesTarget,
  'cache-without-bound': cacheWithoutBound,
  'delete-outside-finally': deleteOutsideFinally,
  'request-scoped-hook': requestScopedHook,
};

const plugin = { meta: { name: 'leak-lab' }, rules };

/** `export default [leakLab.configs.recommended]` in an `eslint.config.js`: all rules, as errors. */
const recommended = {
  name: 'leak-lab/recommended',
  plugins: { 'leak-lab': plugin },
  rules: Object.fromEntries(Object.keys(rules).map((name) => [`leak-lab/${name}`, 'error'])),
};

export default { ...plugin, configs: { recommended } };
