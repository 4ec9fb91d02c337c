import {
  type Change,
  type ChangeKind,
  changeOf,
  FEWEST_READINGS,
  isSettled,
  judge,
  judgeChange,
  judgeDifference,
  type Reading,
} from '../../src/kit/verdict/index.js';
import { families, seeded, seriesOf } from './series.js';

/** The smallest leak, and the smallest difference that counts. */
const SMALLEST_BYTES = 2;
const SAME_SHARE = 0.05;
const SLOPES = [0, 0, 0, -3, 0.4, 1, 3, 4, 8, 20, 100, 480, 480, 2_000];
const REQUESTS_PER_ROUND = [100, 400, 1_000, 5_000];

export interface PairRates {
  family: string;
  pairs: number;
  /** Share of pairs with a wrong verdict, judged after every round until it is settled. */
  wrong: number;
  unsettled: number;
}

interface DrawnPair {
  before: Reading[];
  after: Reading[];
}

type JudgePair = (before: Reading[], after: Reading[]) => Change;

/** With the smallest leak throughout, whatever the work. */
const byDefault: JudgePair = (before, after) =>
  changeOf(judge(before), judge(after), judgeDifference(before, after));
const byWork: JudgePair = (before, after) => judgeChange(before, after).change;

/** Judges after every round, as the comparison does, and stops at the first verdict that is settled. */
function firstChange({ before, after }: DrawnPair, judgePair: JudgePair): ChangeKind {
  let kind: ChangeKind = 'unsettled';
  for (let n = FEWEST_READINGS; n <= before.length; n++) {
    const change = judgePair(before.slice(0, n), after.slice(0, n));
    kind = change.kind;
    if (isSettled(change)) break;
  }
  return kind;
}

/** Whether the verdict contradicts the true slopes. At the limits themselves, both verdicts are right. */
export function isWrong(kind: ChangeKind, before: number, after: number): boolean {
  switch (kind) {
    case 'fixed':
      return before < SMALLEST_BYTES || after > SMALLEST_BYTES;
    case 'improved':
      return after >= before;
    case 'regressed':
      return after <= before || after < SMALLEST_BYTES;
    case 'unchanged':
      return (
        Math.max(before, after) > SMALLEST_BYTES &&
        Math.abs(after - before) > Math.max(SMALLEST_BYTES, SAME_SHARE * before)
      );
    case 'unsettled':
      return false;
  }
}

/** @param pairs how many of each family; every third pair has one slope for both versions */
export function pairRates(pairs: number, mostRounds: number, seed: number): PairRates[] {
  return Object.entries(families).map(([family, disturbance]) => {
    const random = seeded(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
    const counts = { wrong: 0, unsettled: 0 };
    for (let i = 0; i < pairs; i++) {
      const before = pick(SLOPES);
      const after = i % 3 === 0 ? before : pick(SLOPES);
      const plan = {
        rounds: Math.round(9 * (mostRounds / 9) ** random()),
        requestsPerRound: pick(REQUESTS_PER_ROUND),
        random,
      };
      const kind = firstChange(
        {
          before: seriesOf({ ...plan, slope: before }, disturbance),
          after: seriesOf({ ...plan, slope: after }, disturbance),
        },
        byDefault,
      );
      if (isWrong(kind, before, after)) counts.wrong++;
      if (kind === 'unsettled') counts.unsettled++;
    }
    return { family, pairs, wrong: counts.wrong / pairs, unsettled: counts.unsettled / pairs };
  });
}

/** Share of drawn pairs that get the wanted verdict by the last round. */
export function pairPower(
  wanted: ChangeKind,
  slopes: { before: number; after: number },
  plan: { rounds: number; requestsPerRound: number },
  pairs: number,
  disturbance = families['realistic']!,
): number {
  const random = seeded(30);
  let found = 0;
  for (let i = 0; i < pairs; i++) {
    const before = seriesOf({ ...plan, random, slope: slopes.before }, disturbance);
    const after = seriesOf({ ...plan, random, slope: slopes.after }, disturbance);
    if (firstChange({ before, after }, byWork) === wanted) found++;
  }
  return found / pairs;
}

export function pairTable(rates: readonly PairRates[]): string {
  const lines = rates.map(({ family, wrong, unsettled }) => row(family, wrong, unsettled));
  const mean = (of: 'wrong' | 'unsettled'): number =>
    rates.reduce((sum, rate) => sum + rate[of], 0) / rates.length;
  const head = 'two versions'.padEnd(26) + 'wrong'.padStart(12) + 'unsettled'.padStart(12);
  return [head, ...lines, row('all', mean('wrong'), mean('unsettled'))].join('\n');
}

const row = (name: string, ...shares: number[]): string =>
  name.padEnd(26) + shares.map((share) => `${(100 * share).toFixed(2)} %`.padStart(12)).join('');
