import { meta, type Node, type Rule } from '../rule.js';
import { importsOf, isPlainLiteral, memberName, nameOf, propertyOf } from '../syntax.js';

const messages = {
  unbounded: '{{what}} keeps every key it was ever given. {{fix}}',
};

interface Maker {
  packages: RegExp;
  /** What makes the cache, as the package calls it; `default.memoize` for a member of its default export. */
  exported: RegExp;
  /** Options that bound it, and the argument that they are in. */
  bounds: string[];
  at: number;
  fix: string;
}

/** Caches whose bound is up to whoever makes them. Those that bound themselves are not here. */
const makers: Maker[] = [
  {
    packages: /^lru-cache$/,
    exported: /^(?:LRUCache|default)$/,
    bounds: ['max', 'maxSize'],
    at: 0,
    fix: 'A `ttl` alone only forgets what is asked for again: give `max`, or `maxSize` with `sizeCalculation`.',
  },
  {
    packages: /^(?:node-cache|@cacheable\/node-cache)$/,
    exported: /^(?:NodeCache|default)$/,
    bounds: ['maxKeys'],
    at: 0,
    fix: 'Give `maxKeys`; `stdTTL` alone bounds the time, not the number.',
  },
  {
    packages: /^cache-manager$/,
    exported: /^createCache$/,
    bounds: ['stores'],
    at: 0,
    fix: 'Without `stores` it is a Map: give a store with a bound (Keyv over CacheableMemory with `lruSize`, or Redis).',
  },
  {
    packages: /^@nestjs\/cache-manager$/,
    exported: /^CacheModule\.register(?:Async)?$/,
    bounds: ['stores', 'store', 'max'],
    at: 0,
    fix: 'Without `stores` it is a Map: give a store with a bound (Keyv over CacheableMemory with `lruSize`, or Redis).',
  },
  {
    packages: /^(?:lodash|lodash-es|underscore)$/,
    exported: /^(?:memoize|default\.memoize)$/,
    bounds: [],
    at: 1,
    fix: 'Keep results in a cache with a bound (lru-cache with `max`).',
  },
  {
    packages: /^lodash[./]memoize$|^fast-memoize$/,
    exported: /^default$/,
    bounds: ['cache'],
    at: 1,
    fix: 'Keep results in a cache with a bound (lru-cache with `max`).',
  },
  {
    packages: /^(?:memoizee)$/,
    exported: /^default$/,
    bounds: ['max'],
    at: 1,
    fix: 'Give `max`.',
  },
  {
    packages: /^(?:memoize|mem|p-memoize)$/,
    exported: /^default$/,
    bounds: ['cache', 'maxAge'],
    at: 1,
    fix: 'Give a `cache` with a bound (lru-cache with `max`).',
  },
];

export const cacheWithoutBound: Rule = {
  meta: meta('cache-without-bound', 'A cache that was made without any bound on how much it keeps', messages),
  create(context) {
    const known: { names: Map<string, string>; maker: Maker }[] = [];
    const check = (node: Node): void => {
      const callee = node['callee'] as Node;
      const local = nameOf(callee) ?? nameOf(callee['object'] as Node | undefined);
      const member = memberName(callee);
      for (const { names, maker } of known) {
        const imported = local === null ? undefined : names.get(local);
        if (imported === undefined || !maker.exported.test(member ? `${imported}.${member}` : imported))
          continue;
        if (
          !isBounded(node, maker) &&
          !hasCacheReplaced(context.sourceCode.getText(context.sourceCode.ast), node)
        )
          context.report({
            node,
            messageId: 'unbounded',
            data: { what: context.sourceCode.getText(callee), fix: maker.fix },
          });
      }
    };
    return {
      Program(program) {
        for (const maker of makers) {
          const names = importsOf(program, maker.packages);
          if (names.size > 0) known.push({ names, maker });
        }
      },
      NewExpression: check,
      CallExpression: check,
    };
  },
};

/** Options that cannot be seen are given the benefit of the doubt. */
function isBounded(node: Node, { bounds, at }: Maker): boolean {
  const given = node['arguments'][at] as Node | undefined;
  if (!given || bounds.length === 0) return false;
  const isMadeLater = MADE_BY.some((name) => propertyOf(given, name) !== null);
  // `useFactory: () => ({ … })` is written on the spot; any other may look anywhere for them.
  const options = isMadeLater ? (propertyOf(given, 'useFactory')?.['body'] as Node | undefined) : given;
  return !isPlainLiteral(options) || bounds.some((name) => propertyOf(options, name) !== null);
}

/** Where Nest's modules take options that are not there yet. */
const MADE_BY = ['useFactory', 'useClass', 'useExisting'];

/** `memoized.cache = new LRUCache(…)`, as lodash wants it. */
function hasCacheReplaced(text: string, node: Node): boolean {
  const name = nameOf(node.parent['id'] as Node | undefined);
  return name !== null && text.includes(`${name}.cache =`);
}
