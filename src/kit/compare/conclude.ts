import { type Diagnosis, STRUCTURAL_CONFIDENCE } from '../diagnosis/index.js';
import { type Change, changeOf, type Difference, type Judged } from '../verdict/index.js';
import { tooSlow } from './costs.js';
import { suspectChange } from './suspect-change.js';
import {
  type Answers,
  type CompareOptions,
  type ComparisonVerdict,
  type Cost,
  type CostName,
  verdictOf,
} from './model.js';

/** What became of memory: both diagnoses, and the difference of the rates. */
export function memoryChange(
  before: Diagnosis,
  after: Diagnosis,
  difference: Difference,
): Change & { difference: Difference } {
  const change = changeOf(judged(before), judged(after), difference);
  return { ...(bySuspects(before, after, difference) ?? change), difference };
}

/**
 * Where both versions leak and their difference is uneven, as where the table of a Map doubles, containers decide: a
 * suspect that only one version has, and a difference that may go in its direction but not in the other. Null where that
 * is not so.
 */
function bySuspects(before: Diagnosis, after: Diagnosis, difference: Difference): Change | null {
  const { kind, rate, smallestBytes } = difference;
  const bothLeak = [before, after].every((one) => verdictOf(one).kind === 'leak');
  if (!bothLeak || kind !== 'unsettled' || rate === null) return null;
  const { gone, new: fresh } = suspectChange(before, after);
  const mayBeLower = rate.low < -smallestBytes && rate.high < smallestBytes;
  const mayBeHigher = rate.high > smallestBytes && rate.low > -smallestBytes;
  if (gone.length > 0 && fresh.length === 0 && mayBeLower)
    return { kind: 'improved', confidence: STRUCTURAL_CONFIDENCE, reason: 'suspect-gone' };
  if (fresh.length > 0 && gone.length === 0 && mayBeHigher)
    return { kind: 'regressed', confidence: STRUCTURAL_CONFIDENCE, reason: 'suspect-new' };
  return null;
}

function judged(diagnosis: Diagnosis): Judged {
  const { kind, confidence, reason } = verdictOf(diagnosis);
  return { kind, confidence, byStructure: ['even-container', 'doubles'].includes(reason.code) };
}

/** A version that answers wrongly, or far more slowly, is worse, whatever its memory does. */
export function conclude(
  memory: Change,
  answers: Answers,
  costs: Record<CostName, Cost>,
  { mostSlowdown }: Pick<CompareOptions, 'mostSlowdown'>,
): ComparisonVerdict {
  if (answers.kind === 'different')
    return { kind: 'regressed', confidence: 1, reason: { code: 'answers-differ' } };
  const { kind, confidence, reason } = memory;
  const verdict: ComparisonVerdict = { kind, confidence, reason: { code: reason } };
  if (kind === 'regressed') return verdict;
  const slower = tooSlow(costs, mostSlowdown);
  // The interval of a median contains it 99 times in a hundred.
  if (slower)
    return { kind: 'regressed', confidence: 0.99, reason: { code: 'slower', ...slower, mostSlowdown } };
  if (answers.kind === 'varies')
    return { kind: 'unsettled', confidence: 0, reason: { code: 'answers-vary' } };
  return verdict;
}
