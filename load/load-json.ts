import type { GrowthCode } from '../src/kit/outside/index.js';
import {
  type Rate,
  type VerdictJson,
  verdictJson,
  type VerdictKind,
  verdictText,
} from '../src/kit/verdict/index.js';
import type { JudgedBy, Measurement } from './measurement.js';
import { reasonText } from './outside-words.js';

/** What `load --json` writes: bytes, counts and milliseconds, exact. */
export interface LoadJson {
  schemaVersion: 1;
  target: Measurement['target'];
  /** One for each stage of the load. */
  rows: Measurement['rows'];
  /** What became of the requests. */
  answers: Measurement['answers'];
  /** With `--judge`: what the verdict is on. Without it, the whole process. */
  judgedBy?: string;
  verdict: VerdictJson & {
    /** With `--judge`, where what grows is counted, such as threads per request: its growth rate. */
    countPerRequest?: Rate | null;
  };
  /** On live bytes alone: V8's heap, and what it owns outside. */
  v8: VerdictJson;
  /** What the process has outside V8's memory: native memory, open files, threads, and the like; each judged by itself. */
  outside: OutsideJson[];
  /** Why the measurement ended early. Its figures are valid up to that point. */
  problem?: { code: string; message: string };
}

/** One series of what is outside V8's memory. */
export interface OutsideJson {
  /** Such as `native-memory`, `files` or `threads`. */
  code: GrowthCode;
  kind: VerdictKind;
  confidence: number;
  /** In bytes of memory; else in what is counted. */
  first: number;
  last: number;
  /** Growth rate in the same; null where there are too few readings. */
  perRequest: Rate | null;
}

export function toJson(measurement: Measurement): LoadJson {
  const { target, rows, answers, judgedBy, verdict, v8, outside, problem } = measurement;
  const json = verdictJson(verdict, reasonText(measurement));
  return {
    schemaVersion: 1,
    target,
    rows,
    answers,
    ...(judgedBy !== 'process' && { judgedBy }),
    verdict: isCounted(judgedBy)
      ? { ...json, bytesPerRequest: null, countPerRequest: verdict.growthRate }
      : json,
    v8: verdictJson(v8, verdictText(v8)),
    outside: outside.growths.map(({ code, first, last, verdict: { kind, confidence, growthRate } }) => ({
      code,
      kind,
      confidence,
      first,
      last,
      perRequest: growthRate,
    })),
    ...(problem && { problem }),
  };
}

/** Whether it has a number and no size, such as open files. */
export const isCounted = (by: JudgedBy): boolean =>
  by !== 'process' && by !== 'live-bytes' && !by.endsWith('memory');
