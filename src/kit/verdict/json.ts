import type { Rate, Verdict, VerdictKind } from './verdict.js';

interface VerdictFacts {
  kind: VerdictKind;
  /** 0 to 1: the probability that the verdict is right; 0 for unsettled. */
  confidence: number;
  /** How many readings were judged. */
  rounds: number;
  /** One to three sentences: what was measured, and what would have been detected, or why it is not settled. */
  reason: string;
  /** A stable code of that reason. */
  reasonCode: string;
}

/** Work counted in requests. */
export interface RequestVerdictJson extends VerdictFacts {
  /** Growth rate in bytes per request; null when there are too few readings. */
  bytesPerRequest: Rate | null;
  /** Requests that the judged readings cover. */
  requests: number;
}

/** Work counted in seconds. */
export interface SecondVerdictJson extends VerdictFacts {
  /** Growth rate in bytes per second; null when there are too few readings. */
  bytesPerSecond: Rate | null;
  /** Seconds that the judged readings cover. */
  seconds: number;
}

/** A verdict as JSON. The names of its rate and its work contain their unit. */
export type VerdictJson = RequestVerdictJson | SecondVerdictJson;

/** @param text the verdict's reason in words */
export function verdictJson<R extends { code: string }>(
  { kind, unit, growthRate, confidence, work, readings, reason }: Verdict<R>,
  text: string,
): VerdictJson {
  const facts = { confidence, rounds: readings, reason: text, reasonCode: reason.code };
  return unit === 'second'
    ? { kind, bytesPerSecond: growthRate, seconds: work, ...facts }
    : { kind, bytesPerRequest: growthRate, requests: work, ...facts };
}
