import { type Diagnosis, redacted, type Suspect } from '../diagnosis/index.js';
import type { AnswerDifference, Comparison } from './model.js';

const HIDDEN = '(hidden)';
/** A field as code writes it: another one, or one with many digits, may be a key that is data. */
const FIELD_NAME = /^[\p{ID_Start}$_](?:(?!\d{4})[\p{ID_Continue}$]){0,63}$/u;

/** A comparison without the program's data: without keys and entries, and without what answers contain. */
export function redactedComparison(comparison: Comparison): Comparison {
  const { before, after, suspects, answers } = comparison;
  return {
    ...comparison,
    before: redacted(before),
    after: redacted(after),
    suspects: {
      gone: listed(suspects.gone, before),
      remaining: listed(suspects.remaining, after),
      new: listed(suspects.new, after),
      unmatched: listed(suspects.unmatched, after),
    },
    answers: { ...answers, differences: answers.differences.map((one) => withoutValues(one)) },
  };
}

const listed = (list: Suspect[], of: Diagnosis): Suspect[] => redacted({ ...of, suspects: list }).suspects;

function withoutValues(difference: AnswerDifference): AnswerDifference {
  const { part, at } = difference;
  if (part === 'answer' || part === 'status') return difference;
  const where = part === 'body' && !at.startsWith('byte ') ? at.replaceAll(/[^.[\]]+/g, shownField) : at;
  return { ...difference, at: where, before: HIDDEN, after: HIDDEN };
}

const shownField = (name: string): string => (/^\d+$/.test(name) || FIELD_NAME.test(name) ? name : '…');
