import { FEWEST_READINGS, judge, type VerdictKind } from '../../src/kit/verdict/index.js';
import { type Disturbance, families, seeded, seriesOf } from './series.js';

/** Smallest leak throughout: the default. */
const SMALLEST_BYTES = 2;
/** True slopes that are bounded, and true slopes that are leaks. At the smallest leak itself, both verdicts are right. */
const BOUNDED_SLOPES = [0, -3, 0.2 * SMALLEST_BYTES, 0.5 * SMALLEST_BYTES];
const LEAK_SLOPES = [1.5, 2, 4, 10, 50, 240, 1000].map((times) => times * SMALLEST_BYTES);
const REQUESTS_PER_ROUND = [100, 1_000, 5_000, 5_000, 20_000, 50_000];

export interface ErrorRates {
  family: string;
  series: number;
  /** Share of series with a wrong verdict: judged once at the end, and judged after every round until settled. */
  single: number;
  sequential: number;
  /** Share of series that are unsettled at the end. */
  unsettled: number;
}

/**
 * @param series how many of each family
 * @param mostRounds their lengths are drawn from 9 (as few as can be judged) to this, short ones as often as long ones
 */
export function errorRates(series: number, mostRounds: number, seed: number): ErrorRates[] {
  return Object.keys(families).map((family) => ratesOf(family, series, mostRounds, seed));
}

function ratesOf(family: string, series: number, mostRounds: number, seed: number): ErrorRates {
  const disturbance = families[family]!;
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const wrong = { single: 0, sequential: 0 };
  let unsettled = 0;
  for (let i = 0; i < series; i++) {
    const leaks = random() < 0.5;
    const slope = pick(leaks ? LEAK_SLOPES : BOUNDED_SLOPES);
    const rounds = Math.round(9 * (mostRounds / 9) ** random());
    const readings = seriesOf(
      { rounds, requestsPerRound: pick(REQUESTS_PER_ROUND), slope, random },
      disturbance,
    );
    const mistake: VerdictKind = leaks ? 'bounded' : 'leak';
    const atTheEnd = judge(readings).kind;
    if (atTheEnd === mistake) wrong.single++;
    if (atTheEnd === 'unsettled') unsettled++;
    if (firstVerdict(readings) === mistake) wrong.sequential++;
  }
  return {
    family,
    series,
    single: wrong.single / series,
    sequential: wrong.sequential / series,
    unsettled: unsettled / series,
  };
}

/** Judges after every round, as the load does, and stops at the first verdict that is settled. */
export function firstVerdict(readings: Parameters<typeof judge>[0]): VerdictKind {
  for (let n = FEWEST_READINGS; n <= readings.length; n++) {
    const { kind } = judge(readings.slice(0, n));
    if (kind !== 'unsettled') return kind;
  }
  return 'unsettled';
}

/** Share of `series` drawn series that are judged `wanted`. */
export function power(
  wanted: VerdictKind,
  plan: { slope: number; rounds: number; requestsPerRound: number },
  disturbance: Disturbance,
  series: number,
  verdictOf: (readings: Parameters<typeof judge>[0]) => VerdictKind = (readings) => judge(readings).kind,
): number {
  const random = seeded(20);
  let found = 0;
  for (let i = 0; i < series; i++) {
    if (verdictOf(seriesOf({ ...plan, random }, disturbance)) === wanted) found++;
  }
  return found / series;
}

/** Mean of the families' rates, each family with the same weight. */
export function overall(rates: readonly ErrorRates[], evaluation: 'single' | 'sequential'): number {
  return rates.reduce((sum, rate) => sum + rate[evaluation], 0) / rates.length;
}

/** A line per family, in percent. */
export function tableOf(rates: readonly ErrorRates[]): string {
  const lines = rates.map(
    ({ family, single, sequential, unsettled }) =>
      family.padEnd(26) + percent(single) + percent(sequential) + percent(unsettled),
  );
  const all = 'all'.padEnd(26) + percent(overall(rates, 'single')) + percent(overall(rates, 'sequential'));
  const head = [
    'wrong verdicts'.padEnd(26),
    ...['at the end', 'every round', 'unsettled'].map((title) => title.padStart(12)),
  ];
  return [head.join(''), ...lines, all].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`.padStart(12);
}
