import { liveBytes } from '../process/sample.js';
import { unsettled, type Verdict } from '../verdict/index.js';
import {
  type Context,
  EXPLAINED,
  type Findings,
  type Growth,
  growthShareOf,
  isOutweighed,
  type Measured,
  suspectsOf,
  type Walked,
} from './model/context.js';
import { type Triaged, triageOf } from './measure/index.js';
import { ranked } from './naming/index.js';
import type { Note, Reason } from './model/notes.js';
import type { BoundSign, Diagnosis, RuledOut, Suspect } from './model/result.js';
import type { Compared } from './snapshots/index.js';
import { withRestOfGrowth } from './rest-of-growth.js';
import type { GivenBack, Verified } from './verify/index.js';

/** What the stages after triage found; absent where there was no growth to explain. */
export interface Explained {
  walked: Walked;
  verified: Verified;
  /** What its age removed; null where nothing was. */
  givenBack: GivenBack | null;
  compared: Compared;
  /** Of all stages, in their order. */
  findings: Findings;
}

/** What the suspects and what is ruled out make of the verdict. */
interface Conclusion {
  verdict: Verdict<Reason>;
  suspects: Suspect[];
  notes: Note[];
}

/** The share of the growth that one container must explain before its even growth outweighs an uneven slope. */
const EXPLAINED_BY_ONE = 0.6;
/**
 * Confidence in a leak that only structure shows: two walks and three counts are not the statistics of a dozen readings.
 * Of the 55 healthy services that test/corpus had on 2026-11-26, none was called a leak by its structure; the upper limit
 * of the error rate is then 3/n (rule of three: Hanley and Lippman-Hand 1983).
 */
export const STRUCTURAL_CONFIDENCE = 1 - 3 / 55;

/** Puts what the stages found together. Nothing is measured here. */
export function conclude(
  { target, options, work }: Context,
  measured: Measured,
  { verdict, triage, growth }: Triaged,
  explained?: Explained,
): Diagnosis {
  const base: Diagnosis = {
    target: { pid: target.pid, urls: options.urls, files: [], nodeVersion: target.facts.nodeVersion },
    verdict,
    trend: {
      unit: work.unit,
      readings: measured.samples.map((sample) => ({ work: sample.work, bytes: liveBytes(sample) })),
    },
    triage,
    suspects: [],
    ruledOut: [],
    notes: [],
    snapshot: null,
    timingsMs: {},
  };
  if (!explained || growth === null) return base;
  const { walked, verified, givenBack, compared, findings } = explained;
  const aged = givenBack ? agedOf(verified, givenBack) : [];
  const ruledOut = ranked([...suspectsOf(verified).ruledOut, ...compared.ruledOut, ...aged]);
  const remaining = whatRemains(verdict, verified, compared.suspects, ruledOut);
  const isBounded = verdict.kind === 'bounded';
  const concluded =
    hasEnded(verdict, verified.stopped, givenBack) ??
    (growth.isUneven
      ? byStructure(
          { verdict, suspects: compared.suspects, remaining: isBounded ? null : remaining },
          ruledOut,
          growth,
        )
      : bySlope(verdict, { ...withRest(compared, verified, walked), remaining }, ruledOut));
  return {
    ...base,
    verdict: concluded.verdict,
    triage: isBounded && concluded.verdict.kind === 'leak' ? triageOf(measured, 'V8') : triage,
    suspects: ranked(concluded.suspects),
    ruledOut,
    allocatedAt: walked.allocatedAt,
    notes: [...findings.notes, ...concluded.notes],
    snapshot: compared.snapshot,
    timingsMs: findings.timingsMs,
  };
}

/** Suspects of which entries were removed because of their age. */
function agedOf({ suspects }: Verified, { share, afterMs }: GivenBack): RuledOut[] {
  return suspects.flatMap(({ suspect, mayAge }): RuledOut[] =>
    mayAge ? [{ ...suspect, reason: { code: 'ages', share, afterMs } }] : [],
  );
}

/** Growth that was given back, or did not go on: unsettled, without a cause. Null for any other. */
function hasEnded(
  verdict: Verdict<Reason>,
  stopped: Verified['stopped'],
  givenBack: GivenBack | null,
): Conclusion | null {
  if (givenBack) return noCause(unsettled(verdict, { code: 'given-back', ...givenBack }));
  if (!stopped) return null;
  const isBounded = verdict.kind === 'bounded';
  return noCause(isBounded ? verdict : unsettled(verdict, { code: 'growth-stopped', ...stopped }));
}

/**
 * A container that gains no entries, and has a time to live beside it or in its entries, is a window that fills: its entries
 * grow until the oldest of their parts expire. A maximum or a cursor is no such sign: it bounds the entries, and not what is
 * in them. Where what is ruled out explains the growth, it is no leak either; nor is it known to be none.
 */
function bySlope(
  verdict: Verdict<Reason>,
  { suspects, notes, remaining }: Pick<Conclusion, 'suspects' | 'notes'> & { remaining: Conclusion | null },
  ruledOut: readonly RuledOut[],
): Conclusion {
  const [first] = suspects;
  if (
    first?.boundSign &&
    isTimeToLive(first.boundSign) &&
    (first.growthShare ?? 0) >= EXPLAINED &&
    gainsNoEntries(first)
  ) {
    const { name, growthShare, boundSign } = first;
    return noCause(unsettled(verdict, { code: 'may-fill', name, share: growthShare ?? 0, sign: boundSign }));
  }
  if (!isOutweighed(suspects, ruledOut)) return { verdict, suspects, notes };
  if (remaining) return remaining;
  const share = growthShareOf(ruledOut);
  const names = ruledOut.map(({ name }) => name);
  return noCause(unsettled(verdict, { code: 'explained-by-ruled-out', share: Math.min(1, share), names }));
}

/**
 * The verdict on what remains when what fills is taken out: a container that goes on as it began, while what is ruled out
 * beside it fills, or what filled before takes nothing more, is a leak of its own size. Null without one.
 */
function whatRemains(
  verdict: Verdict<Reason>,
  { goOn }: Verified,
  suspects: readonly Suspect[],
  ruledOut: readonly RuledOut[],
): Conclusion | null {
  const lasting = suspects.filter((suspect) => goOn.has(suspect));
  const [first] = lasting;
  if (!first?.bytesPerWork || !first.entriesPerWork) return null;
  const { bytesPerWork, entriesPerWork } = first;
  const names = ruledOut.map(({ name }) => name);
  return {
    verdict: {
      ...verdict,
      kind: 'leak',
      confidence: STRUCTURAL_CONFIDENCE,
      growthRate: { estimate: bytesPerWork, low: bytesPerWork, high: bytesPerWork },
      reason: { code: 'goes-on-beside', bytesPerWork, entriesPerWork, names },
    },
    suspects: lasting,
    notes: [],
  };
}

function isTimeToLive({ kind }: BoundSign): boolean {
  return kind === 'expiry' || kind === 'entry-expiry';
}

function gainsNoEntries({ inSnapshots = [] }: Suspect): boolean {
  const [before, after] = [inSnapshots[0]?.entries ?? null, inSnapshots.at(-1)?.entries ?? null];
  return before !== null && after !== null && after <= before;
}

function withRest({ wanted, suspects, ruledOut }: Compared, verified: Verified, walked: Walked) {
  // What allocates what was ruled out is no suspect.
  return wanted && ruledOut.length === 0
    ? withRestOfGrowth(suspects, verified.suspects, walked.allocationSuspect)
    : { suspects, notes: [] };
}

/**
 * Where the slope is uneven, or flat beside a step: a container that gains evenly, has no bound and accounts for the growth
 * is a leak, and so is what remains of it.
 */
function byStructure(
  {
    verdict,
    suspects,
    remaining,
  }: Pick<Conclusion, 'verdict' | 'suspects'> & { remaining: Conclusion | null },
  ruledOut: readonly RuledOut[],
  { bytesPerWork, doublesAt }: Growth,
): Conclusion {
  const [first] = suspects;
  if (!first) return noCause(verdict);
  const { growthShare, entriesPerWork, name } = first;
  // The bytes of a buffer are no entries: it gains evenly where it doubles in step with the work.
  const isDoubling = doublesAt !== undefined && first.kind === 'buffers';
  const isEven = isDoubling || (entriesPerWork ?? 0) > 0;
  if (ruledOut.length > 0 || (growthShare ?? 0) < EXPLAINED_BY_ONE || !isEven)
    return (
      remaining ?? {
        ...noCause(verdict),
        notes: verdict.kind === 'bounded' ? [] : [{ code: 'uneven-and-unexplained', name }],
      }
    );
  return {
    verdict: {
      ...verdict,
      kind: 'leak',
      confidence: STRUCTURAL_CONFIDENCE,
      growthRate: (verdict.kind === 'bounded' ? null : verdict.growthRate) ?? {
        estimate: bytesPerWork,
        low: bytesPerWork,
        high: bytesPerWork,
      },
      reason: isDoubling
        ? { code: 'doubles', bytesPerWork }
        : { code: 'even-container', bytesPerWork, entriesPerWork: entriesPerWork ?? 0 },
    },
    suspects,
    notes: [],
  };
}

/** A verdict without suspects. */
function noCause(verdict: Verdict<Reason>): Conclusion {
  return { verdict, suspects: [], notes: [] };
}
