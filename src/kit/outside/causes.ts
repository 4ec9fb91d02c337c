import type { EndlessGrowth, GrowthCode } from './growth.js';

/**
 * What comes with what: a worker has a thread, a message port, pipes and memory of malloc. Each line is a cause, and what
 * one of it brings at most of each consequence (counted, or in bytes).
 */
const BRINGS: readonly [cause: GrowthCode | 'handles', brings: Readonly<Record<string, number>>][] = [
  [
    'children',
    {
      pipes: 8,
      sockets: 8,
      'other-descriptors': 4,
      'children-memory': Infinity,
      handles: 4,
      'native-memory': 64e3,
    },
  ],
  [
    'threads',
    { pipes: 8, 'other-descriptors': 8, sockets: 4, handles: 4, contexts: 2, 'native-memory': 32e6 },
  ],
  ['contexts', { 'native-memory': 2e6 }],
  ['webassembly-memories', { 'native-memory': Infinity }],
  ['sockets', { handles: 2, 'other-descriptors': 1, 'native-memory': 96e3, pipes: 1 }],
  ['files', { 'native-memory': 4e3, handles: 1 }],
  ['watches', { 'native-memory': 4e3, handles: 2, 'other-descriptors': 1 }],
  ['pipes', { 'native-memory': 64e3, handles: 2, 'other-descriptors': 1 }],
  ['other-descriptors', { 'native-memory': 4e3, handles: 1 }],
  ['handles', { 'native-memory': 32e3 }],
];

const classOf = (code: GrowthCode): string => (code.startsWith('handles:') ? 'handles' : code);
const rateOf = ({ verdict }: EndlessGrowth): number => verdict.growthRate.estimate;

function order({ code }: EndlessGrowth): number {
  const at = BRINGS.findIndex(([cause]) => cause === classOf(code));
  return at < 0 ? BRINGS.length : at;
}

/** Without what others explain: the causes, the one that weighs most first. */
export function causesOf(growths: readonly EndlessGrowth[]): EndlessGrowth[] {
  const causes: EndlessGrowth[] = [];
  for (const growth of growths.toSorted((a, b) => order(a) - order(b))) {
    const isExplained = causes.some((cause) => {
      const [, brings] = BRINGS.find(([code]) => code === classOf(cause.code)) ?? [];
      const most = brings?.[classOf(growth.code)] ?? 0;
      return rateOf(growth) <= most * rateOf(cause) * 1.1;
    });
    if (!isExplained) causes.push(growth);
  }
  return causes;
}
