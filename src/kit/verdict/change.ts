import type { Difference } from './difference.js';
import type { Verdict, VerdictKind } from './verdict.js';

/** What a change of a program did to its memory. */
export type ChangeKind = 'fixed' | 'improved' | 'regressed' | 'unchanged' | 'unsettled';

/** Why, as data. */
export type ChangeReasonCode =
  /** The program leaked, and is bounded now. */
  | 'leak-gone'
  /** It still leaks, and clearly slower. */
  | 'leak-smaller'
  /** It leaked and grows clearly slower; whether what is left is a leak is not settled yet. */
  | 'growth-smaller'
  /** It was bounded, and leaks now. */
  | 'leak-new'
  /** It leaked, and leaks clearly faster now. */
  | 'leak-larger'
  /** It leaks and grows clearly faster than before; whether it leaked before is not settled. */
  | 'growth-larger'
  /** Both leak, the difference is uneven, and a container that grew before does not grow now. */
  | 'suspect-gone'
  /** The same the other way round. */
  | 'suspect-new'
  | 'both-bounded'
  /** Both leak, and the rates differ by no more than the smallest difference that counts. */
  | 'same-leak'
  | 'before-unsettled'
  | 'after-unsettled'
  | 'difference-unsettled';

export interface Change {
  kind: ChangeKind;
  /** 0 to 1: the probability that `kind` is right; 0 for unsettled. */
  confidence: number;
  reason: ChangeReasonCode;
}

/** What is known of one program. */
export type Judged = Pick<Verdict<{ code: string }>, 'kind' | 'confidence'> & {
  /** True where the structure of its objects shows the leak, and not its slope: tables that double grow in steps. */
  byStructure?: boolean;
};

const SETTLED: Record<
  Exclude<VerdictKind, 'unsettled'>,
  Record<Exclude<VerdictKind, 'unsettled'>, (difference: Difference) => [ChangeKind, ChangeReasonCode]>
> = {
  bounded: {
    bounded: () => ['unchanged', 'both-bounded'],
    leak: ({ kind }) => (kind === 'higher' ? ['regressed', 'leak-new'] : UNCLEAR),
  },
  leak: {
    bounded: ({ kind }) => (kind === 'lower' ? ['fixed', 'leak-gone'] : UNCLEAR),
    leak: ({ kind }) => {
      if (kind === 'lower') return ['improved', 'leak-smaller'];
      if (kind === 'higher') return ['regressed', 'leak-larger'];
      return kind === 'same' ? ['unchanged', 'same-leak'] : UNCLEAR;
    },
  },
};
const UNCLEAR: [ChangeKind, ChangeReasonCode] = ['unsettled', 'difference-unsettled'];

/**
 * One verdict on two versions. It needs the difference as well as both verdicts: one above and one below the smallest
 * leak can still be nearly the same.
 */
export function changeOf(before: Judged, after: Judged, difference: Difference): Change {
  const seen = byStructure(before, after, difference);
  const [kind, reason] = outcomeOf(before.kind, after.kind, seen);
  const confidence =
    1 - evidenceFor(reason, before, after, seen).reduce((sum, one) => sum + 1 - one.confidence, 0);
  return { kind, confidence: kind === 'unsettled' ? 0 : Math.max(0, confidence), reason };
}

/** What has to be right for the outcome to be right. */
function evidenceFor(
  reason: ChangeReasonCode,
  before: Judged,
  after: Judged,
  difference: Difference,
): { confidence: number }[] {
  if (reason === 'both-bounded') return [before, after];
  if (reason === 'growth-smaller') return [before, difference];
  return reason === 'growth-larger' ? [after, difference] : [before, after, difference];
}

function outcomeOf(
  before: VerdictKind,
  after: VerdictKind,
  difference: Difference,
): [ChangeKind, ChangeReasonCode] {
  if (before !== 'unsettled' && after !== 'unsettled') return SETTLED[before][after](difference);
  if (before === 'leak' && difference.kind === 'lower') return ['improved', 'growth-smaller'];
  if (after === 'leak' && difference.kind === 'higher') return ['regressed', 'growth-larger'];
  return ['unsettled', before === 'unsettled' ? 'before-unsettled' : 'after-unsettled'];
}

/** Whether more rounds would not tell more. */
export function isSettled({ kind, reason }: Change): boolean {
  return kind !== 'unsettled' && reason !== 'growth-smaller';
}

/**
 * A leak that only structure shows has an uneven slope, and so has the difference: there the estimate decides, between
 * a leak and a program that is bounded.
 */
function byStructure(before: Judged, after: Judged, difference: Difference): Difference {
  const { kind, rate, smallestBytes } = difference;
  if (kind !== 'unsettled' || rate === null) return difference;
  if (before.byStructure && after.kind === 'bounded' && rate.estimate < -smallestBytes)
    return { ...difference, kind: 'lower', confidence: before.confidence };
  if (after.byStructure && before.kind === 'bounded' && rate.estimate > smallestBytes)
    return { ...difference, kind: 'higher', confidence: after.confidence };
  return difference;
}
