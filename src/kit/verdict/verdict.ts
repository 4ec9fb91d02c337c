import type { Reason } from './reason.js';

export type VerdictKind = 'leak' | 'bounded' | 'unsettled';

/** What work is counted in. */
export type Unit = 'request' | 'second' | 'call';

/** Bytes per unit of work, and the interval that contains the true rate. */
export interface Rate {
  estimate: number;
  low: number;
  high: number;
}

/**
 * Whether memory grows with work, how fast and why. All numbers are finite.
 *
 * @typeParam R a reason of this folder, or one that a caller of `judge` adds
 */
export interface Verdict<R = Reason> {
  kind: VerdictKind;
  unit: Unit;
  /** Null when there are too few readings for an interval. */
  growthRate: Rate | null;
  /** 0 to 1: the probability that the verdict is right, however often the series is judged; 0 for unsettled. */
  confidence: number;
  /** Work that the judged readings cover, in `unit`s. */
  work: number;
  /** How many readings were judged. */
  readings: number;
  reason: R;
}

export interface JudgeOptions {
  /** The smallest growth rate that counts as a leak, in bytes per unit of work. Default 2. */
  smallestLeakBytes?: number;
  /** What `work` counts. Default 'request'. */
  unit?: Unit;
}

/** The same figures as an unsettled verdict, for a reason that the statistics of one series do not know. */
export function unsettled<R>(verdict: Verdict<unknown>, reason: R): Verdict<R> {
  return { ...verdict, kind: 'unsettled', confidence: 0, reason };
}
