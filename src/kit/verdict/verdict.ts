import type { Reason } from './reason.js';

export type VerdictKind = 'leak' | 'bounded' | 'unsettled';

/** What work is counted in. */
export type Unit = 'request' | 'second' | 'call';

/** Bytes for each unit of work, and the interval that the true rate lies in. */
export interface Rate {
  estimate: number;
  low: number;
  high: number;
}

/**
 * What readings of memory say about growth. All numbers are finite.
 *
 * @typeParam R Why: a reason of this folder, or one that a caller of `judge` adds.
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
  /** The smallest growth that counts as a leak, in bytes for each unit of work. Default 2. */
  smallestLeakBytes?: number;
  /** What `work` counts. Default 'request'. */
  unit?: Unit;
}

/** The verdict that growth is not settled, for a reason that the statistics of one series cannot know. */
export function unsettled<R>(verdict: Verdict<unknown>, reason: R): Verdict<R> {
  return { ...verdict, kind: 'unsettled', confidence: 0, reason };
}
