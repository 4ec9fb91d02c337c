import { type DiagnosisJson, diagnosisJson } from '../diagnosis/index.js';
import type { Change, Difference, Rate } from '../verdict/index.js';
import type { AnswerDifference, Answers, Comparison, ComparisonReason, Cost } from './model.js';
import { answersText, comparisonText, memoryText } from './words.js';

/** What became of memory, by itself. */
export interface MemoryChangeJson {
  kind: Change['kind'];
  /** 0 to 1; 0 for unsettled. */
  confidence: number;
  reason: string;
  reasonCode: Change['reason'];
  /** Growth rate after minus growth rate before, in bytes per request; null when there are too few readings. */
  differenceBytesPerRequest: Rate | null;
  /** A smaller difference counts as none, in bytes per request. */
  smallestDifferenceBytes: number;
  /** What the difference alone says. */
  differenceKind: Difference['kind'];
}

/** What `compare --json` writes. */
export interface ComparisonJson {
  schemaVersion: 1;
  /** The one verdict: memory, answers and costs. */
  verdict: {
    kind: Change['kind'];
    /** 0 to 1: the probability that the verdict is right; 0 for unsettled. */
    confidence: number;
    /** One to four sentences. */
    reason: string;
    reasonCode: ComparisonReason['code'];
  };
  memory: MemoryChangeJson;
  before: DiagnosisJson;
  after: DiagnosisJson;
  /** The names of suspects of either version. */
  suspects: {
    gone: string[];
    remaining: string[];
    new: string[];
    /** Of one version, where the other is unsettled and may have them as well. */
    unmatched: string[];
  };
  answers: AnswersJson;
  /** Medians over rounds, each with an interval that contains the true one 99 times in a hundred. */
  costs: {
    cpuMsPerRequest: Cost;
    p50Ms: Cost;
    p99Ms: Cost;
    requestsPerSecond: Cost;
    rssBytes: Cost;
  };
  /** Requests that each version got while both were measured. */
  requests: number;
  /** How many of them were different, where the same ones came again; null where none was sent twice. */
  differentRequests: number | null;
  rounds: number;
  durationMs: number;
}

export interface AnswersJson {
  kind: Answers['kind'];
  compared: number;
  different: number;
  /** The first three. */
  differences: AnswerDifference[];
  reason: string;
}

const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name);

/** A comparison as JSON: each code has its sentence beside it. */
export function comparisonJson(comparison: Comparison): ComparisonJson {
  const { verdict, memory, before, after, suspects, answers, costs } = comparison;
  const { requests, differentRequests, rounds, durationMs } = comparison;
  return {
    schemaVersion: 1,
    verdict: {
      kind: verdict.kind,
      confidence: verdict.confidence,
      reason: comparisonText(comparison),
      reasonCode: verdict.reason.code,
    },
    memory: {
      kind: memory.kind,
      confidence: memory.confidence,
      reason: memoryText(comparison),
      reasonCode: memory.reason,
      differenceBytesPerRequest: memory.difference.rate,
      smallestDifferenceBytes: memory.difference.smallestBytes,
      differenceKind: memory.difference.kind,
    },
    before: diagnosisJson(before),
    after: diagnosisJson(after),
    suspects: {
      gone: names(suspects.gone),
      remaining: names(suspects.remaining),
      new: names(suspects.new),
      unmatched: names(suspects.unmatched),
    },
    answers: { ...answers, reason: answersText(answers) },
    costs,
    requests,
    differentRequests,
    rounds,
    durationMs,
  };
}
