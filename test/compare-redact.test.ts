import { describe, expect, it } from 'vitest';
import { type AnswerDifference, type Comparison, redactedComparison } from '../src/kit/compare/index.js';
import { aDiagnosis, aSuspect } from './support/diagnoses.js';

const SECRET = 'ann@example.com';
const suspect = aSuspect({ name: `app.js › carts["${SECRET}"] (Array, 9 entries)`, sampleKeys: [SECRET] });
const body = (at: string): AnswerDifference => ({
  number: 1,
  method: 'GET',
  path: '/orders/1',
  part: 'body',
  at,
  before: `"${SECRET}"`,
  after: 'absent',
});

/** Only the parts that may have data. */
function compared(differences: AnswerDifference[]): Comparison {
  const diagnosis = aDiagnosis({ suspects: [suspect] });
  return {
    before: diagnosis,
    after: diagnosis,
    suspects: { gone: [suspect], remaining: [suspect], new: [suspect], unmatched: [suspect] },
    answers: { compared: 10, different: 1, kind: 'different', differences },
  } as unknown as Comparison;
}

describe('a redacted comparison', () => {
  it('has no key of a suspect, and nothing that an answer contains', () => {
    const header: AnswerDifference = { ...body('x-user'), part: 'header' };
    const shown = redactedComparison(compared([body('owner.mail'), header]));
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(shown.suspects.new[0]?.name).toBe('app.js › carts[…] (Array, 9 entries)');
    expect(shown.answers.differences).toEqual([
      { ...body('owner.mail'), before: '(hidden)', after: '(hidden)' },
      { ...header, before: '(hidden)', after: '(hidden)' },
    ]);
  });

  it.each([
    ['items[3].price', 'items[3].price'],
    [`users.${SECRET.replace('.', '-')}.name`, 'users.….name'],
    ['orders.A20261127.total', 'orders.….total'],
    ['byte 17', 'byte 17'],
  ])('names the field %s as %s', (at, shown) => {
    expect(redactedComparison(compared([body(at)])).answers.differences[0]?.at).toBe(shown);
  });

  it('shows what is no data: a status, and whether there was an answer', () => {
    const status: AnswerDifference = { ...body(''), part: 'status', before: '200', after: '500' };
    expect(redactedComparison(compared([status])).answers.differences).toEqual([status]);
  });
});
