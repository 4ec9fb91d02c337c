import type { ProblemCode } from '../src/kit/problem.js';
import type { GrowthCode, OutsideSample } from '../src/kit/outside/index.js';
import type { Sample } from '../src/kit/process/sample.js';
import type { Verdict } from '../src/kit/verdict/index.js';
import type { Answers } from './failed-requests.js';
import type { LoadReason, OutsideGrowth } from './outside-growth.js';
import type { StageFigures } from './stage.js';

/** One line of the table: the memory of the process after this many requests. */
export interface Row extends StageFigures {
  /** Requests sent until then. */
  requests: number;
  /** Virtual memory. */
  vszBytes: number;
  /** The resident set. */
  rssBytes: number;
  /** After a collection. */
  heapUsedBytes: number;
  /** Memory outside the heap that objects in it own. */
  externalBytes: number;
  /** Of the first container that the service tracks; null for a service that reports none. */
  cacheEntries: number | null;
  /** In use in malloc and WebAssembly memories, without what V8 counts as external; null where it was not read. */
  nativeBytes: number | null;
  /** What is open, and the resident set by kind; null where the system does not tell. */
  outside: OutsideSample | null;
}

/** One sample of the process, taken after a round. */
export interface LoadSample extends Sample {
  requests: number;
  cacheEntries: number | null;
  nativeBytes: number | null;
  outside: OutsideSample | null;
}

/** What a verdict is on: the whole process, what V8 counts of it, or one thing outside V8. */
export type JudgedBy = 'process' | 'live-bytes' | GrowthCode;

export interface Measurement {
  target: { url: string; pid: number; mode: string | null };
  rows: Row[];
  /** Every sample that the verdict rests on. */
  samples: LoadSample[];
  answers: Answers;
  judgedBy: JudgedBy;
  verdict: Verdict<LoadReason>;
  /** On live bytes alone: V8's heap, and what it owns outside. */
  v8: Verdict;
  /** What grows outside V8's memory. */
  outside: OutsideGrowth;
  /** For a leak of V8's memory: requests until the heap is full, and how long that takes at the rate of this load. */
  toHeapLimit: { requests: number; ms: number; limitBytes: number } | null;
  /** Why the measurement ended early. Its figures are valid up to that point. */
  problem: { code: ProblemCode; message: string } | null;
}
