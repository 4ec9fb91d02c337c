import { cpus } from 'node:os';
import type { Case } from './case.js';
import type { Answer, Command } from './diagnose-case.js';

/** The result of one case. */
export interface Result {
  name: string;
  expected: Case['verdict'];
  /** Whether a bound or a cleanup is not reached within the measurement. */
  filling: boolean;
  verdict: Answer['verdict'];
  right: boolean;
  /** The first suspect; null without one. */
  suspect: { name: string; kind: string } | null;
  growthShare: number | null;
  seconds: number;
  /** The longest time that a walk stopped the service, in milliseconds, and whether snapshots were taken. */
  pauses: { walkMs: number | null; snapshots: boolean };
  /** The most memory that the service had resident, where the operating system tells. */
  memory: { peakRssBytes: number | null };
}

/** What a run of the corpus came to, as `--json` writes it; or several, each over a part of the cases, put together. */
export interface Scoreboard {
  /** When the run, or the last of several, began, in ISO 8601; the next three are of that one as well. */
  date: string;
  node: string;
  platform: string;
  cpus: number;
  command: Command;
  cases: Result[];
}

/** The share of the leaks that the first suspect must name. */
const LEAST_NAMED = 0.9;

export function emptyScoreboard(command: Command): Scoreboard {
  return {
    date: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpus: cpus().length,
    command,
    cases: [],
  };
}

export function resultOf(one: Case, answer: Answer): Result {
  const { verdict, isRight, first, durationMs, walkMs, snapshots, peakRssBytes } = answer;
  return {
    name: one.name,
    expected: one.verdict,
    filling: one.filling,
    verdict,
    right: isRight,
    suspect: first && { name: withoutFolders(first.name), kind: first.kind },
    growthShare: first?.growthShare ?? null,
    seconds: Math.round(durationMs / 1_000),
    pauses: { walkMs, snapshots },
    memory: { peakRssBytes },
  };
}

/** A scoreboard is published, and where the corpus was installed is nobody's business: `"/tmp/a/b.cjs"` is `"b.cjs"`. */
export function withoutFolders(name: string): string {
  return name.replaceAll(/(?<=^|[\s"(])\/(?:[^\s"/]+\/)+/g, '');
}

/**
 * Whether an answer is wrong with confidence: a healthy service called a leak, a leak called bounded, or blamed on
 * something else. A busy machine makes an answer unsettled or late, and never wrong.
 */
export const isWrong = ({ expected, verdict, right }: Result): boolean =>
  !right && (verdict === 'leak' || (expected === 'leak' && verdict === 'bounded'));

/** How many of these answers are right. */
export const right = (some: readonly Result[]): number => some.filter((one) => one.right).length;

/** Whether a run passes: all of the corpus by its score, a tenth of it on a busy machine by what is wrong. */
export function passes({ cases }: Scoreboard, isTenth: boolean): boolean {
  const of = (expected: Case['verdict']): Result[] => cases.filter((one) => one.expected === expected);
  const [leaking, healthy] = [of('leak'), of('bounded')];
  if (isTenth) return !cases.some(isWrong) && right(leaking) >= leaking.length / 2;
  return right(healthy) === healthy.length && right(leaking) >= LEAST_NAMED * leaking.length;
}
