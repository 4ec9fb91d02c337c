import { medianInterval, type Rate } from '../verdict/index.js';
import type { Cost, CostName, Exchange } from './model.js';

/** What one round cost one version. */
export type RoundCost = Record<CostName, number>;

export interface RoundTime {
  durationMs: number;
  cpuMs: number;
  rssBytes: number;
}

/** Figures of a round, from its exchanges and its time. */
export function roundCost(
  exchanges: readonly Exchange[],
  { durationMs, cpuMs, rssBytes }: RoundTime,
): RoundCost {
  const sorted = Float64Array.from(exchanges, ({ latencyMs }) => latencyMs).toSorted();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return {
    cpuMsPerRequest: cpuMs / Math.max(1, exchanges.length),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    requestsPerSecond: (exchanges.length / Math.max(1, durationMs)) * 1_000,
    rssBytes,
  };
}

const NAMES: Record<CostName, true> = {
  cpuMsPerRequest: true,
  p50Ms: true,
  p99Ms: true,
  requestsPerSecond: true,
  rssBytes: true,
};

/**
 * Both versions compared round by round: the rounds of one number are neighbours in time, so what else the machine does
 * falls on both. The first fifth is left out, in which both versions are compiled.
 */
export function costsOf(before: readonly RoundCost[], after: readonly RoundCost[]): Record<CostName, Cost> {
  const from = Math.ceil(before.length / 5);
  const costOf = (name: CostName): Cost => {
    const [one, other] = [before, after].map((rounds) => rounds.slice(from).map((round) => round[name]));
    const ratios = (one ?? []).map((value, i) => (other?.[i] ?? 0) / value).filter(Number.isFinite);
    return {
      before: medianInterval(one ?? []),
      after: medianInterval(other ?? []),
      ratio: medianInterval(ratios),
    };
  };
  return Object.fromEntries(
    Object.keys(NAMES).map((name) => [name, costOf(name as CostName)]),
  ) as unknown as Record<CostName, Cost>;
}

/** Costs for which more is worse, and too much of it refused. */
const REFUSED = ['p50Ms', 'p99Ms', 'cpuMsPerRequest'] as const satisfies CostName[];

/** The first cost whose ratio is above the limit with its whole interval; null for none. */
export function tooSlow(
  costs: Record<CostName, Cost>,
  mostSlowdown: number,
): { cost: CostName; ratio: Rate } | null {
  for (const cost of REFUSED) {
    const { ratio } = costs[cost];
    if (ratio && ratio.low > mostSlowdown) return { cost, ratio };
  }
  return null;
}
