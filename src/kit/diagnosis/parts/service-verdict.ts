import { unsettled, type Verdict } from '../../verdict/index.js';
import type { ProcessResult, WorkUnit } from '../model/result.js';
import type { Reason } from '../model/notes.js';

/** What the verdict of a service rests on. */
export interface ServiceFacts {
  /** Those that were not measured to the end have no verdict. */
  processes: readonly ProcessResult[];
  /** Of all live bytes together; null where readings of the parts cannot be added up. */
  sum: Verdict<Reason> | null;
  unit: WorkUnit;
  /** Work that was done while memory was measured. */
  work: number;
  /** How long the busiest event loop was busy meanwhile. */
  busyMs: number;
  /** The processes that accept the connections of the load; empty where that is not known. */
  accepting: readonly number[];
  /** Whether the operator named the process, so that others are of no concern. */
  isNamed: boolean;
}

/** Below this share of what was sent, others than the measured processes answer as well. */
const ANSWERED = 0.9;
/** A program that does nothing for a second is busy for less: timers of Node, and the reading of its counter. */
const IDLE_MS_PER_SECOND = 1;
const IDLE_MS = 20;

/**
 * The verdict of a service: a leak if any part leaks; bounded if all parts are, and it was they that did the work. A flat
 * heap of a process that did nothing says nothing.
 */
export function serviceVerdict(facts: ServiceFacts): Verdict<Reason> {
  const { processes, sum } = facts;
  const judged = processes.flatMap(({ verdict }) => (verdict ? [verdict] : []));
  const [first] = judged;
  if (!first) throw new Error('a service needs a part with a verdict');
  const leaks = judged.filter(({ kind }) => kind === 'leak').toSorted(byGrowth);
  const [worst] = leaks;
  if (worst) return sum?.kind === 'leak' ? sum : worst;
  const open = judged.find(({ kind }) => kind === 'unsettled');
  if (open) return judged.length > 1 && sum?.kind === 'unsettled' && isStatistical(open) ? sum : open;
  const bounded =
    leastSure(judged.length > 1 && sum?.kind === 'bounded' ? [sum, ...judged] : judged) ?? first;
  if (sum?.kind === 'leak') return unsettled(sum, { code: 'grows-together', parts: judged.length });
  return doubtful(bounded, facts) ?? bounded;
}

/** Why parts that are all bounded do not make the service bounded; null where they do. */
function doubtful(bounded: Verdict<Reason>, facts: ServiceFacts): Verdict<Reason> | null {
  const { processes, unit, work, busyMs, accepting, isNamed } = facts;
  const lost = processes.filter(({ verdict }) => verdict === null);
  if (lost.length > 0)
    return unsettled(bounded, { code: 'part-not-measured', names: lost.map((one) => nameOf(one)) });
  const counted = processes.filter(({ answered }) => answered !== null);
  if (counted.length === 0) return null;
  const answered = answeredBy(counted);
  if (unit === 'second') {
    const isIdle = answered === 0 && busyMs < IDLE_MS + IDLE_MS_PER_SECOND * work;
    return isIdle ? unsettled(bounded, { code: 'idle', work }) : null;
  }
  const pids = new Set(processes.map(({ pid }) => pid));
  const accepts = accepting.some((pid) => pids.has(pid));
  // A server that does not use Node's HTTP answers without being counted.
  if (answered === 0 && accepts) return null;
  if (answered >= (isNamed ? 1 : ANSWERED * work)) return null;
  const by = accepting.filter((pid) => !pids.has(pid));
  return unsettled(bounded, { code: 'did-not-work', answered, work, by });
}

/** A proxy and what is behind it answer the same requests. */
function answeredBy(processes: readonly ProcessResult[]): number {
  const behind = processes.filter(({ role }) => role === 'upstream process');
  return Math.max(sumOf(behind), sumOf(processes.filter((one) => !behind.includes(one))));
}

function sumOf(list: readonly ProcessResult[]): number {
  return list.reduce((sum, { answered }) => sum + (answered ?? 0), 0);
}

/** `cluster worker 2` and its pid are enough to find it. */
function nameOf({ role, number, pid }: ProcessResult): string {
  return `${role}${number === null ? '' : ` ${number}`} (process ${pid})`;
}

function isStatistical({ reason }: Verdict<Reason>): boolean {
  return reason.code === 'interval-too-wide' || reason.code === 'too-little-work';
}

function leastSure(verdicts: readonly Verdict<Reason>[]): Verdict<Reason> | undefined {
  const [first] = verdicts;
  return first && { ...first, confidence: Math.min(...verdicts.map(({ confidence }) => confidence)) };
}

/** The largest growth in all first. */
function byGrowth(a: Verdict<Reason>, b: Verdict<Reason>): number {
  return grown(b) - grown(a);
}

/** Bytes that a part gained in the readings that were judged. */
export function grown({ growthRate, work }: Verdict<Reason>): number {
  return (growthRate?.estimate ?? 0) * work;
}
