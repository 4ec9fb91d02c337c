import { unsettled, type Verdict } from '../src/kit/verdict/index.js';
import type { Failures, FailureCode, Round } from './round.js';
import { failuresText } from './why-failed.js';

/** What became of the requests that were sent. */
export interface Answers {
  /** Requests that reached the service, and those that found no connection. */
  sent: number;
  /** Those that were not answered with success. */
  errors: number;
  /** How many failed with what: a status such as `500`, `aborted`, `timeout`, `refused` or `not-http`. */
  failures: Failures;
}

export function addAnswers(before: Answers, { sent, errors, failures }: Round): Answers {
  const codes = new Set([...Object.keys(before.failures), ...Object.keys(failures)]) as Set<FailureCode>;
  const sum = Object.fromEntries(
    [...codes].map((code) => [code, (before.failures[code] ?? 0) + (failures[code] ?? 0)]),
  );
  const refused = failures.refused ?? 0;
  return { sent: before.sent + sent + refused, errors: before.errors + errors, failures: sum };
}

/** `5 % of 20,000 requests failed: 500 Internal Server Error (1,000).` */
export function answersText({ sent, errors, failures }: Answers): string {
  return `${shareText(errors / sent)} of ${sent.toLocaleString('en')} requests failed: ${failuresText(failures)}.`;
}

function shareText(share: number): string {
  const percent = 100 * share;
  return `${percent < 1 ? 'Less than 1' : Math.round(percent)} %`;
}

/** Where most requests fail, memory that does not grow says little of those that would succeed. */
const MOST = 0.5;

/** The verdict, or unsettled where it says "bounded" of requests that mostly failed. A leak is one whatever fails. */
export function doubtIfFailed<R>(verdict: Verdict<R>, { sent, errors }: Answers) {
  const share = sent > 0 ? errors / sent : 0;
  return verdict.kind === 'bounded' && share > MOST
    ? unsettled(verdict, { code: 'work-failed' as const, share })
    : verdict;
}
