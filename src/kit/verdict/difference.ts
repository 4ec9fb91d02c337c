import { judge, SMALLEST_LEAK_BYTES } from './judge.js';
import type { Reading } from './reading.js';
import { medianOfThree } from './step.js';
import { pointsOf } from './trend.js';
import type { Reason } from './reason.js';
import type { Rate, Unit, Verdict } from './verdict.js';

/** Whether the second of two programs grows less, more or as much as the first; or neither can be said. */
export type DifferenceKind = 'lower' | 'higher' | 'same' | 'unsettled';

/** The growth rate of one program minus that of another which did the same work. */
export interface Difference {
  kind: DifferenceKind;
  unit: Unit;
  /** After minus before, in bytes per unit of work. Null when there are too few readings. */
  rate: Rate | null;
  /** 0 to 1: the probability that `kind` is right; 0 for unsettled. */
  confidence: number;
  /** Work that the judged readings cover. */
  work: number;
  /** How many pairs of readings were judged. */
  readings: number;
  /** A smaller difference counts as none, in bytes per unit of work. */
  smallestBytes: number;
  /** Why the difference lasts, is none or is unsettled. */
  reason: Reason;
}

export interface DifferenceOptions {
  /** The smallest difference that counts, in bytes per unit of work. Default 2. */
  smallestBytes?: number;
  unit?: Unit;
}

/** Two runs of one leaking program differ by less than this share of its growth rate. */
const SAME_SHARE = 0.05;
/** The part at the start in which both programs warm up. */
const WARM_UP_SHARE = 1 / 5;

/**
 * The difference of two growth rates. The readings are subtracted pair by pair, so what both programs do in the same
 * round (a warm-up, a cache that fills) cancels. The differences are judged as one series, once as they are and once
 * with the sign changed: a lasting rise is "higher", a lasting fall is "lower", and neither within the limit is "same".
 * Every doubt of `judge` applies, and so does its error rate.
 *
 * @param before readings of the first program
 * @param after readings of the second, at the same work
 * @throws RangeError when the two series are not of the same work, or as `judge` does
 */
export function judgeDifference(
  before: readonly Reading[],
  after: readonly Reading[],
  options: DifferenceOptions = {},
): Difference {
  const { unit = 'request' } = options;
  const smallest = Math.max(
    options.smallestBytes ?? SMALLEST_LEAK_BYTES,
    SAME_SHARE * (judge(before).growthRate?.estimate ?? 0),
  );
  const differences = subtracted(before, after);
  const judged = { smallestLeakBytes: smallest, unit };
  const rise = judge(differences, judged);
  const fall = judge(
    differences.map(({ work, bytes }) => ({ work, bytes: -bytes })),
    judged,
  );
  const facts = {
    unit,
    rate: withSteps(rise.growthRate, differences.slice(-rise.readings)),
    work: rise.work,
    readings: rise.readings,
    smallestBytes: smallest,
  };
  if (rise.kind === 'leak')
    return { kind: 'higher', confidence: rise.confidence, ...facts, reason: rise.reason };
  if (fall.kind === 'leak')
    return { kind: 'lower', confidence: fall.confidence, ...facts, reason: fall.reason };
  if (rise.kind === 'bounded' && fall.kind === 'bounded') {
    const average = averageRate(differences.slice(Math.ceil(differences.length * WARM_UP_SHARE)));
    const { low, high } = including(facts.rate ?? exactly(average), average);
    if (low <= -smallest || high >= smallest) return inSteps(facts, average);
    return {
      kind: 'same',
      confidence: Math.max(0, rise.confidence + fall.confidence - 1),
      ...facts,
      reason: rise.reason,
    };
  }
  return { kind: 'unsettled', confidence: 0, ...facts, reason: doubtOf(rise, fall) };
}

/**
 * The slope leaves out steps, and the table of a Map that leaks grows in steps: they are far apart, and between them the
 * difference is flat. What it gained in all is then not the same, and not a slope that could be settled.
 */
function inSteps(
  facts: Pick<Difference, 'unit' | 'rate' | 'work' | 'readings' | 'smallestBytes'>,
  average: number,
): Difference {
  const rate = facts.rate && { ...including(facts.rate, average), estimate: average };
  return { ...facts, kind: 'unsettled', confidence: 0, rate, reason: { code: 'step' } };
}

/** The interval of a slope that leaves a step out, widened to what was gained with it. */
function withSteps(rate: Rate | null, judged: readonly Reading[]): Rate | null {
  return rate && including(rate, averageRate(judged));
}

const exactly = (rate: number): Rate => ({ estimate: rate, low: rate, high: rate });

const including = ({ estimate, low, high }: Rate, other: number): Rate => ({
  estimate,
  low: Math.min(low, other),
  high: Math.max(high, other),
});

/** Bytes per unit of work from start to end; a single reading at either does not count. */
function averageRate(readings: readonly Reading[]): number {
  const { xs, ys } = pointsOf(readings);
  const smoothed = medianOfThree(ys);
  return (smoothed.at(-2)! - smoothed[1]!) / (xs.at(-2)! - xs[1]!);
}

/** The reason of the direction in which the difference goes. */
function doubtOf(rise: Verdict, fall: Verdict): Reason {
  const isRising = (rise.growthRate?.estimate ?? 0) >= 0;
  const [likely, other] = isRising ? [rise, fall] : [fall, rise];
  return likely.kind === 'unsettled' ? likely.reason : other.reason;
}

function subtracted(before: readonly Reading[], after: readonly Reading[]): Reading[] {
  if (before.length !== after.length)
    throw new RangeError(
      `${before.length} readings before and ${after.length} after: pass one of each for every round.`,
    );
  return before.map(({ work, bytes }, i) => {
    const other = after[i];
    if (other?.work !== work)
      throw new RangeError(
        `Reading ${i}: work is ${work} before and ${other?.work} after. Both programs have to do the same work.`,
      );
    return { work, bytes: other.bytes - bytes };
  });
}
