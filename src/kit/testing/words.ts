import { type Verdict, verdictText } from '../verdict/index.js';
import type { TestVerdict } from './measure-calls.js';

/** The reason for a verdict about calls, in plain English. */
export function testVerdictText(verdict: TestVerdict): string {
  const { reason, work } = verdict;
  if (reason.code !== 'grows-without-calls') return verdictText({ ...verdict, reason } satisfies Verdict);
  return (
    `Memory grew by ${Math.round(reason.bytes).toLocaleString('en-US')} bytes during ${work.toLocaleString('en-US')} calls, ` +
    'and as fast while nothing was called. An interval, or another test that runs at the same time, does that. Run this test alone.'
  );
}
