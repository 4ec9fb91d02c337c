import { meta, type Node, type Rule } from '../rule.js';
import { importsOf, isPlainLiteral, memberName, nameOf, propertyOf } from '../syntax.js';

const messages = {
  unbounded: '{{what}} has no bound on the number of its entries. {{fix}}',
};

/** A function or class of a package that creates a cache. */
interface Factory {
  packages: RegExp;
  /** Its exported name; `default.memoize` for a member of the default export. */
  exported: RegExp;
  /** Options that set a bound. */
  bounds: string[];
  /** Index of the argument with the options. */
  at: number;
  fix: string;
}

/** Caches without a default bound. Caches that have one are not listed. */
const factories: Factory[] = [
  {
    packages: /^lru-cache$/,
    exported: /^(?:LRUCache|default)$/,
    bounds: ['max', 'maxSize'],
    at: 0,
    fix: 'With a `ttl` alone, an entry that is not requested again may stay. Set `max`, or `maxSize` with `sizeCalculation`.',
  },
  {
    packages: /^(?:node-cache|@cacheable\/node-cache)$/,
    exported: /^(?:NodeCache|default)$/,
    bounds: ['maxKeys'],
    at: 0,
    fix: 'Set `maxKeys`: `stdTTL` limits the age of entries, not their number.',
  },
  {
    packages: /^cache-manager$/,
    exported: /^createCache$/,
    bounds: ['stores'],
    at: 0,
    fix: 'Without `stores` it is a Map. Pass a store with a bound (Keyv over CacheableMemory with `lruSize`, or Redis).',
  },
  {
    packages: /^@nestjs\/cache-manager$/,
    exported: /^CacheModule\.register(?:Async)?$/,
    bounds: ['stores', 'store', 'max'],
    at: 0,
    fix: 'Without `stores` it is a Map. Pass a store with a bound (Keyv over CacheableMemory with `lruSize`, or Redis).',
  },
  {
    packages: /^(?:lodash|lodash-es|underscore)$/,
    exported: /^(?:memoize|default\.memoize)$/,
    bounds: [],
    at: 1,
    fix: 'Store results in a cache with a bound (lru-cache with `max`).',
  },
  {
    packages: /^lodash[./]memoize$|^fast-memoize$/,
    exported: /^default$/,
    bounds: ['cache'],
    at: 1,
    fix: 'Store results in a cache with a bound (lru-cache with `max`).',
  },
  {
    packages: /^(?:memoizee)$/,
    exported: /^default$/,
    bounds: ['max'],
    at: 1,
    fix: 'Set `max`.',
  },
  {
    packages: /^(?:memoize|mem|p-memoize)$/,
    exported: /^default$/,
    bounds: ['cache', 'maxAge'],
    at: 1,
    fix: 'Pass a `cache` with a bound (lru-cache with `max`).',
  },
];

export const cacheWithoutBound: Rule = {
  meta: meta('cache-without-bound', 'A cache that is created without a bound on its entries', messages),
  create(context) {
    const known: { names: Map<string, string>; factory: Factory }[] = [];
    const check = (node: Node): void => {
      const callee = node['callee'] as Node;
      const local = nameOf(callee) ?? nameOf(callee['object'] as Node | undefined);
      const member = memberName(callee);
      for (const { names, factory } of known) {
        const imported = local === null ? undefined : names.get(local);
        if (imported === undefined || !factory.exported.test(member ? `${imported}.${member}` : imported))
          continue;
        if (
          !isBounded(node, factory) &&
          !hasCacheReplaced(context.sourceCode.getText(context.sourceCode.ast), node)
        )
          context.report({
            node,
            messageId: 'unbounded',
            data: { what: context.sourceCode.getText(callee), fix: factory.fix },
          });
      }
    };
    return {
      Program(program) {
        for (const factory of factories) {
          const names = importsOf(program, factory.packages);
          if (names.size > 0) known.push({ names, factory });
        }
      },
      NewExpression: check,
      CallExpression: check,
    };
  },
};

/** Options that are not written in the call may contain a bound, so such a call is not reported. */
function isBounded(node: Node, { bounds, at }: Factory): boolean {
  const given = node['arguments'][at] as Node | undefined;
  if (!given || bounds.length === 0) return false;
  const isCreatedLater = CREATED_BY.some((name) => propertyOf(given, name) !== null);
  // `useFactory: () => ({ … })` shows its options; other factories may take them from anywhere.
  const options = isCreatedLater ? (propertyOf(given, 'useFactory')?.['body'] as Node | undefined) : given;
  return !isPlainLiteral(options) || bounds.some((name) => propertyOf(options, name) !== null);
}

/** Properties by which Nest's modules take options that are created later. */
const CREATED_BY = ['useFactory', 'useClass', 'useExisting'];

/** `memoized.cache = new LRUCache(…)` is how lodash takes a cache with a bound. */
function hasCacheReplaced(text: string, node: Node): boolean {
  const name = nameOf(node.parent['id'] as Node | undefined);
  return name !== null && text.includes(`${name}.cache =`);
}
