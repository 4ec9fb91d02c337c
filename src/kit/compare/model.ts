import type { Diagnosis, Suspect, Target } from '../diagnosis/index.js';
import type { Change, Difference, Rate, Verdict } from '../verdict/index.js';

/** One request, as it is sent to both versions. */
export interface SentRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** A request and what came back. */
export interface Exchange {
  request: SentRequest;
  /** Null when none came: the connection broke, or it took too long. */
  answer: Answer | null;
  latencyMs: number;
}

/** One version of a service that runs, and the way to send requests to it. */
export interface Version {
  /** What messages call it, such as `before` or a commit. */
  name: string;
  target: Target;
  /** Where it was started: places in its code are shown relative to it. */
  folder: string;
  /** Sends the requests with these numbers, from 0, and waits for all answers. The same number is the same request. */
  send(from: number, count: number): Promise<Exchange[]>;
  /** Sends one request once more. */
  repeat(request: SentRequest): Promise<Exchange>;
}

/** What may differ between two answers. */
export interface AnswerRules {
  /** Paths in JSON such as `time`, `items[].id` or `*.updated`. */
  ignoreFields: readonly string[];
  /** Names in lower case. */
  ignoreHeaders: readonly string[];
  /** Decides instead of both lists: true for two answers that count as the same. */
  comparer?: Comparer | undefined;
}

export type Comparer = (request: SentRequest, before: Answer, after: Answer) => boolean | Promise<boolean>;

export interface CompareOptions {
  urls: string[];
  /** After how many requests the same ones come again; null where none is sent twice. */
  repeatsAfter: number | null;
  answers: AnswerRules;
  /** The largest ratio of latency or CPU time, after to before, that is still accepted. */
  mostSlowdown: number;
  /** After so long, the measurement ends without a verdict. */
  limitMs: number;
  signal: AbortSignal;
  onProgress?: ((text: string, share: number) => void) | undefined;
}

/** One answer that differs. */
export interface AnswerDifference {
  /** Number of the request, from 1. */
  number: number;
  method: string;
  path: string;
  part: 'answer' | 'status' | 'header' | 'body';
  /** The name of the header, the path in the JSON or the position in the body; empty for a status. */
  at: string;
  before: string;
  after: string;
}

export interface Answers {
  /** How many pairs of answers were compared. */
  compared: number;
  /** How many of them differ. */
  different: number;
  /**
   * `same`; `different`; or `varies`: they differ, and each version gives different answers to one request as well, or
   * the same answer when both are asked at the same moment.
   */
  kind: 'same' | 'different' | 'varies';
  /** The first three. */
  differences: AnswerDifference[];
}

/** One figure of both versions, by round: medians with their intervals. Null with fewer than 8 rounds. */
export interface Cost {
  before: Rate | null;
  after: Rate | null;
  /** After divided by before, of the same round. */
  ratio: Rate | null;
}

export type CostName = 'cpuMsPerRequest' | 'p50Ms' | 'p99Ms' | 'requestsPerSecond' | 'rssBytes';

/** The suspects of both versions, told apart by name. */
export interface SuspectChange {
  /** The first version had them, and the second has them no more. */
  gone: Suspect[];
  remaining: Suspect[];
  /** Only the second version has them. */
  new: Suspect[];
  /** Suspects of one version, where the other is unsettled and may have them as well. */
  unmatched: Suspect[];
}

export type ComparisonReason =
  | { code: Change['reason'] }
  /** The answers are not the same. */
  | { code: 'answers-differ' }
  | { code: 'answers-vary' }
  /** Latency or CPU time rose by more than the limit. */
  | { code: 'slower'; cost: CostName; ratio: Rate; mostSlowdown: number };

/** The one verdict on both versions. */
export interface ComparisonVerdict {
  kind: Change['kind'];
  /** 0 to 1; 0 for unsettled. */
  confidence: number;
  reason: ComparisonReason;
}

/** What a comparison found, as data. `words.ts` has its sentences. */
export interface Comparison {
  verdict: ComparisonVerdict;
  /** What became of memory, whatever the answers and costs are. */
  memory: Change & { difference: Difference };
  before: Diagnosis;
  after: Diagnosis;
  suspects: SuspectChange;
  answers: Answers;
  costs: Record<CostName, Cost>;
  /** How many requests each version got while it was measured; those that name its suspects are not counted. */
  requests: number;
  /** How many of them were different, where the same ones came again; null where none was sent twice. */
  differentRequests: number | null;
  rounds: number;
  durationMs: number;
}

/** The verdict of a diagnosis of a running process, which always has one. */
export function verdictOf({ verdict }: Diagnosis): NonNullable<Diagnosis['verdict']> {
  if (verdict === null) throw new Error('a running process has a verdict');
  return verdict satisfies Verdict<unknown>;
}
