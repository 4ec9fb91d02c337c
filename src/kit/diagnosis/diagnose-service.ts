import { liveBytes } from '../process/sample.js';
import { type Member, memberName, scriptName } from '../members/index.js';
import { Problem } from '../problem.js';
import type { Verdict } from '../verdict/index.js';
import { conclude } from './conclude.js';
import { explainMeasured, type MeasuredOne } from './diagnose.js';
import { joined } from './join.js';
import { growthOutsideV8, steppedGrowth, triageOf, unevenGrowth } from './measure/index.js';
import { type MeasuredPart, measureService, sumOf } from './measure-service.js';
import type { DiagnoseOptions, Work } from './model/context.js';
import type { Note, Reason } from './model/notes.js';
import type { Diagnosis, ProcessResult } from './model/result.js';
import {
  alike,
  grown,
  isSilence,
  kinOf,
  oneOfEachKin,
  type Part,
  type ServiceFacts,
  serviceVerdict,
  type SilentThread,
} from './parts/index.js';
import { withinLimits, withLimitNotes } from './within-limits.js';

/** What a service is made of, attached to. */
export interface Service {
  parts: Part[];
  /** Worker threads that do not answer. */
  silent: readonly SilentThread[];
  /** Processes of it that could not be attached to. */
  notReached: Member[];
  /** The processes that accept the connections of the load; empty where that is not known. */
  accepting: readonly number[];
  /** Whether the operator named the process. */
  isNamed: boolean;
  notes: Note[];
}

/**
 * Judges a service by all of its processes and worker threads: they are measured in the same rounds, each by the work
 * that it did itself. Of those that leak, one of each kind is explained.
 *
 * @throws Problem when all of it ends or nothing answers.
 */
export async function diagnoseService(
  service: Service,
  given: Work,
  options: DiagnoseOptions,
): Promise<Diagnosis> {
  const pids = new Set(service.parts.map(({ target }) => target.pid));
  const work = withinLimits(given, [...pids]);
  const { measured, ended, silent, rounds } = await measureService(service.parts, work, options);
  const { explained, fellSilent } = await explainParts(measured);
  const silentThreads = [...service.silent, ...silent];
  const results = measured.map((one) => resultOf(one, explained));
  const lost = [...[...ended, ...silentThreads].map(({ member }) => member), ...service.notReached];
  const processes = [...results, ...lost.map((member) => lostResult(member))];
  const sum = measured.length > 1 ? sumOf(measured, rounds.done, work.unit) : null;
  const facts: ServiceFacts = {
    processes,
    sum: sum?.verdict ?? null,
    unit: work.unit,
    work: rounds.done.at(-1) ?? 0,
    busyMs: Math.max(...measured.map(({ did }) => did.busyMs)),
    accepting: service.accepting,
    isNamed: service.isNamed,
  };
  const notes: Note[] = [
    ...service.notes,
    ...ended.map(({ member }): Note => ({ code: 'process-ended', name: memberName(member) })),
    ...[...silentThreads, ...fellSilent].map((one) => silentNote(one)),
  ];
  const found = [...explained].map(([one, diagnosis]) => ({
    member: one.part.member,
    gained: grown(one.measured.verdict),
    alike: measured.filter((other) => other !== one && kinOf(other) === kinOf(one) && isLeak(other)).length,
    diagnosis,
  }));
  const diagnosis = joined({ found, verdict: serviceVerdict(facts), trend: sum?.trend, processes, notes });
  return { ...diagnosis, notes: withLimitNotes(diagnosis.notes, work) };
}

const isLeak = ({ measured }: MeasuredOne): boolean => measured.verdict.kind === 'leak';

interface ExplainedParts {
  explained: Map<MeasuredPart, Diagnosis>;
  /** Those that were measured, and did not answer while their cause was sought. */
  fellSilent: SilentThread[];
}

/** Explains what leaks, one part of each kind; else what may leak; else the part that gained most, for what it shows. */
async function explainParts(measured: readonly MeasuredPart[]): Promise<ExplainedParts> {
  const leaking = measured.filter((one) => isLeak(one));
  const uneven = measured.filter(
    (one) => unevenGrowth(one.measured) !== null || steppedGrowth(one.measured) !== null,
  );
  const beside = measured.filter(({ measured: one, work }) => growthOutsideV8(one, work.unit) !== null);
  const growing = [leaking, uneven, beside].find((some) => some.length > 0);
  const chosen = growing ? oneOfEachKin(growing) : oneOfEachKin(measured).slice(0, 1);
  const explained = new Map<MeasuredPart, Diagnosis>();
  const fellSilent: SilentThread[] = [];
  for (const one of chosen) {
    try {
      explained.set(one, await explainMeasured(one));
    } catch (error) {
      if (measured.length < 2 || !(error instanceof Problem) || !isSilence(error)) throw error;
      fellSilent.push({ member: one.part.member, message: error.message });
      explained.set(one, unexplained(one));
    }
  }
  return { explained, fellSilent };
}

/** What the readings alone say. */
function unexplained({ context, measured, notes }: MeasuredPart): Diagnosis {
  const { verdict } = measured;
  const triaged = {
    verdict,
    triage: triageOf(measured, verdict.kind === 'leak' ? 'V8' : null),
    growth: null,
  };
  return { ...conclude(context, measured, triaged), notes };
}

/** Several threads may run the same script, so their numbers tell them apart. */
function silentNote({ member: { role, number, script, pid }, message }: SilentThread): Note {
  const file = scriptName(script);
  const name = `${role}${number === null ? '' : ` ${number}`}${file === '' ? '' : ` (${file})`}`;
  return { code: 'thread-silent', name: `${name} of process ${pid}`, message };
}

function resultOf(one: MeasuredPart, explained: ReadonlyMap<MeasuredPart, Diagnosis>): ProcessResult {
  const { measured, part, work, did } = one;
  const walked = [...explained].find(([other]) => kinOf(other) === kinOf(one));
  const own: Verdict<Reason> = growthOutsideV8(measured, work.unit) ?? measured.verdict;
  const verdict = explained.get(one)?.verdict ?? (walked?.[1].verdict ? alike(own, walked[1].verdict) : own);
  const last = measured.samples.at(-1);
  return {
    ...part.member,
    answered: part.counter ? did.answered : null,
    liveBytes: last ? liveBytes(last) : null,
    verdict,
  };
}

function lostResult(member: Member): ProcessResult {
  return { ...member, answered: null, liveBytes: null, verdict: null };
}
