import { scriptName } from '../../members/index.js';
import { unsettled, type Verdict } from '../../verdict/index.js';
import type { Measured } from '../model/context.js';
import type { Reason } from '../model/notes.js';
import type { PartMeasured } from './attributed.js';
import { grown } from './service-verdict.js';

/** The error rate of one verdict. */
const ERROR_RATE = 0.01;

/**
 * A verdict among several. Each may be wrong one time in a hundred, so of many parts one would be called a leak too
 * often: a leak has to be surer the more parts there are (Bonferroni's bound).
 */
export function surerOf(parts: number, measured: Measured): Measured {
  const { verdict } = measured;
  if (verdict.kind !== 'leak' || parts < 2 || verdict.confidence >= 1 - ERROR_RATE / parts) return measured;
  const reason: Reason = { code: 'not-sure-enough', parts, confidence: verdict.confidence };
  return { ...measured, verdict: unsettled(verdict, reason) };
}

/** Parts that run the same. */
export function kinOf({ part: { member } }: PartMeasured): string {
  const kind = member.role === 'worker thread' || member.role === 'cluster primary' ? member.role : 'process';
  return `${kind} ${scriptName(member.script)}`;
}

/** One of each kin: the one that gained most. The others run the same code. */
export function oneOfEachKin<One extends PartMeasured>(parts: readonly One[]): One[] {
  const most = new Map<string, One>();
  for (const one of parts) {
    const kin = kinOf(one);
    const before = most.get(kin);
    if (!before || grown(one.measured.verdict) > grown(before.measured.verdict)) most.set(kin, one);
  }
  return [...most.values()].toSorted((a, b) => grown(b.measured.verdict) - grown(a.measured.verdict));
}

/** The verdict of a part whose kin was explained: what was found there to be no leak is none here. */
export function alike(own: Verdict<Reason>, walked: Verdict<Reason>): Verdict<Reason> {
  if (own.kind !== 'leak' || walked.kind === 'leak') return own;
  return unsettled(own, walked.reason);
}
