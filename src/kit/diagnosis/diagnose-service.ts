import { Problem } from '../problem.js';
import { liveBytes } from '../process/sample.js';
import { type Member, memberName } from '../members/index.js';
import type { Verdict } from '../verdict/index.js';
import { explainMeasured, measureOne, type MeasuredOne } from './diagnose.js';
import { joined } from './join.js';
import { growthOutsideV8, judgeReadings, unevenGrowth } from './measure/index.js';
import type { DiagnoseOptions, Measured, Work } from './model/context.js';
import type { Note, Reason } from './model/notes.js';
import type { Diagnosis, ProcessResult, Trend } from './model/result.js';
import {
  alike,
  attributed,
  grown,
  kinOf,
  oneOfEachKin,
  type Part,
  PartWork,
  type ServiceFacts,
  serviceVerdict,
  SharedRounds,
  surerOf,
} from './parts/index.js';

/** What a service is made of, attached to. */
export interface Service {
  parts: Part[];
  /** Processes of it that could not be attached to. */
  notReached: Member[];
  /** The processes that accept the connections of the load; empty where that is not known. */
  accepting: readonly number[];
  /** Whether the operator named the process. */
  isNamed: boolean;
  notes: Note[];
}

/** A part that was measured to the end. */
interface MeasuredPart extends MeasuredOne {
  part: Part;
  work: PartWork;
  /** What it did while all were measured: what is explained goes on working. */
  did: Readonly<PartWork['total']>;
}

/**
 * Judges a service by all of its processes and worker threads: they are measured in the same rounds, each by the work
 * that it did itself. Of those that leak, one of each kind is explained.
 *
 * @throws Problem when all of it ends or nothing answers.
 */
export async function diagnoseService(
  service: Service,
  work: Work,
  options: DiagnoseOptions,
): Promise<Diagnosis> {
  const rounds = new SharedRounds(work, service.parts);
  const { measured, ended } = await measureParts(service, rounds, options);
  const explained = await explainParts(measured);
  const results = measured.map((one) => resultOf(one, explained));
  const lost = [...ended.map(({ member }) => member), ...service.notReached];
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
  ];
  const found = [...explained].map(([one, diagnosis]) => ({
    member: one.part.member,
    gained: grown(one.measured.verdict),
    alike: measured.filter((other) => other !== one && kinOf(other) === kinOf(one) && isLeak(other)).length,
    diagnosis,
  }));
  return joined({ found, verdict: serviceVerdict(facts), trend: sum?.trend, processes, notes });
}

const isLeak = ({ measured }: MeasuredOne): boolean => measured.verdict.kind === 'leak';

/** Measures all parts in the same rounds. A part that ends is left out; the others go on. */
async function measureParts(
  { parts }: Service,
  rounds: SharedRounds<Part>,
  options: DiagnoseOptions,
): Promise<{ measured: MeasuredPart[]; ended: Part[] }> {
  const ended: Part[] = [];
  let died: Problem | undefined;
  const [first] = parts;
  const all = await Promise.all(
    parts.map(async (part): Promise<MeasuredPart[]> => {
      const kin = parts.filter(({ member }) => member.pid === part.member.pid);
      const work = new PartWork(part, kin, {
        unit: rounds.unit,
        round: (most) => rounds.round(part, most),
        quiet: () => rounds.quiet(part),
      });
      const onProgress = part === first ? options.onProgress : undefined;
      try {
        const one = await measureOne({ target: part.target, work, options: { ...options, onProgress } });
        return [{ ...one, context: { ...one.context, options }, part, work, did: { ...work.total } }];
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'LEAK_LAB_DIED' || parts.length < 2) throw error;
        died = error;
        ended.push(part);
        return [];
      } finally {
        rounds.leave(part);
      }
    }),
  );
  const measured = all.flat();
  if (measured.length === 0 && died) throw died;
  const shared = measured.map((one) => surerOf(measured.length, attributed(measured, one)));
  return { measured: measured.map((one, at) => withMeasured(one, shared[at] ?? one.measured)), ended };
}

function withMeasured(one: MeasuredPart, measured: Measured): MeasuredPart {
  return { ...one, measured };
}

/** Explains what leaks, one part of each kind; else what may leak; else the part that gained most, for what it shows. */
async function explainParts(measured: readonly MeasuredPart[]): Promise<Map<MeasuredPart, Diagnosis>> {
  const leaking = measured.filter((one) => isLeak(one));
  const uneven = measured.filter((one) => unevenGrowth(one.measured) !== null);
  const beside = measured.filter(({ measured: one, work }) => growthOutsideV8(one, work.unit) !== null);
  const growing = [leaking, uneven, beside].find((some) => some.length > 0);
  const chosen = growing ? oneOfEachKin(growing) : oneOfEachKin(measured).slice(0, 1);
  const explained = new Map<MeasuredPart, Diagnosis>();
  for (const one of chosen) explained.set(one, await explainMeasured(one));
  return explained;
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

function liveBytesAt({ measured }: MeasuredPart, round: number): number {
  const sample = measured.samples[round];
  return sample ? liveBytes(sample) : 0;
}

/** All live bytes together, by the work of the whole service; null where the parts were not read at the same moments. */
function sumOf(
  measured: readonly MeasuredPart[],
  done: readonly number[],
  unit: Work['unit'],
): { verdict: Verdict; trend: Trend } | null {
  if (measured.some(({ context }) => !context.options.collect)) return null;
  const rounds = Math.min(done.length, ...measured.map((one) => one.measured.samples.length));
  const readings = Array.from({ length: rounds }, (_, round) => ({
    work: done[round] ?? 0,
    bytes: measured.reduce((sum, one) => sum + liveBytesAt(one, round), 0),
  }));
  return { verdict: judgeReadings(readings, unit), trend: { unit, readings } };
}
