import { Problem } from '../problem.js';
import { type Done, NOTHING } from '../process/answer-counter.js';
import { liveBytes } from '../process/sample.js';
import type { Verdict } from '../verdict/index.js';
import { measureOne, type MeasuredOne } from './diagnose.js';
import { afterRest, judgeReadings } from './measure/index.js';
import type { DiagnoseOptions, Measured, Work } from './model/context.js';
import type { Trend } from './model/result.js';
import {
  attributed,
  besideSiblings,
  isSilence,
  type Part,
  PartWork,
  ProcessAnswers,
  SharedRounds,
  type SilentThread,
  surerOf,
} from './parts/index.js';

/** A part that was measured to the end. */
export interface MeasuredPart extends MeasuredOne {
  part: Part;
  work: PartWork;
  /** What it did while any part was measured: what is explained afterwards goes on working. */
  did: { answered: number; busyMs: number };
}

/** One measurement of all parts. */
export interface Pass {
  measured: MeasuredPart[];
  ended: Part[];
  /** Those that stopped answering. */
  silent: SilentThread[];
  rounds: SharedRounds<Part>;
}

/**
 * Measures all parts; once more where each is bounded and all together grow. The warm-up of several lasts as many times
 * longer, and a second measurement begins after it.
 */
export async function measureService(parts: Part[], work: Work, options: DiagnoseOptions): Promise<Pass> {
  const first = await measureParts(parts, work, options);
  const { measured, ended, silent, rounds } = first;
  if (measured.length < 2 || work.unit === 'second') return first;
  const sum = sumOf(measured, rounds.done, work.unit);
  if (!growTogether(measured, sum?.verdict ?? null)) return first;
  const remaining = measured.map(({ part }) => part);
  const second = await measureParts(remaining, work, options);
  return { ...second, ended: [...ended, ...second.ended], silent: [...silent, ...second.silent] };
}

/** Whether each part is bounded by itself, and all together are not. */
export function growTogether(
  parts: readonly { measured: Pick<Measured, 'verdict'> }[],
  sum: Pick<Verdict, 'kind'> | null,
): boolean {
  return sum?.kind === 'leak' && parts.every(({ measured: { verdict } }) => verdict.kind === 'bounded');
}

/** Measures parts in the same rounds. A part that ends, or does not answer, is left out; the others go on. */
async function measureParts(parts: readonly Part[], work: Work, options: DiagnoseOptions): Promise<Pass> {
  const rounds = new SharedRounds(work, parts);
  const ended: Part[] = [];
  const silent: SilentThread[] = [];
  let lost: Problem | undefined;
  const [first] = parts;
  const begun = await doneBy(parts);
  const answers = answersByPid(parts);
  const found = await Promise.all(
    parts.map(async (part): Promise<Omit<MeasuredPart, 'did'>[]> => {
      const partWork = new PartWork(answers.get(part.member.pid)!, {
        unit: rounds.unit,
        rounds: () => rounds.roundsFor(part),
        round: (most) => rounds.round(part, most),
        quiet: () => rounds.quiet(part),
      });
      const onProgress = part === first ? options.onProgress : undefined;
      try {
        const one = await measureOne({
          target: part.target,
          work: partWork,
          options: { ...options, onProgress },
        });
        return [{ ...one, context: { ...one.context, options }, part, work: partWork }];
      } catch (error) {
        if (!(error instanceof Problem) || parts.length < 2) throw error;
        if (isSilence(error)) silent.push({ member: part.member, message: error.message });
        else if (error.code === 'LEAK_LAB_DIED') ended.push(part);
        else throw error;
        lost = error;
        return [];
      } finally {
        rounds.leave(part);
      }
    }),
  );
  const some = found.flat();
  if (some.length === 0 && lost) throw lost;
  const done = await doneBy(some.map(({ part }) => part));
  const measured = some.map((one): MeasuredPart => {
    const [before, after] = [begun.get(one.part) ?? NOTHING, done.get(one.part) ?? NOTHING];
    const did = { answered: after.answered - before.answered, busyMs: after.busyMs - before.busyMs };
    return Object.assign({}, one, { did, measured: surerOf(some.length, attributed(some, one)) });
  });
  return { measured: await withSiblings(measured), ended, silent, rounds };
}

function answersByPid(parts: readonly Part[]): Map<number, ProcessAnswers> {
  const pids = new Set(parts.map(({ member }) => member.pid));
  return new Map(
    [...pids].map((pid) => [pid, new ProcessAnswers(parts.filter(({ member }) => member.pid === pid))]),
  );
}

/** Worker threads are judged beside those that run the same; what that calls a leak is given a rest as well. */
async function withSiblings(measured: readonly MeasuredPart[]): Promise<MeasuredPart[]> {
  return Promise.all(
    measured.map(async (one): Promise<MeasuredPart> => {
      const verdict = one.context.options.collect ? besideSiblings(measured, one) : null;
      if (!verdict) return one;
      const samples = one.measured.samples.slice(-verdict.readings);
      const rested = await afterRest(one.context, { samples, verdict });
      const judged = surerOf(measured.length, { ...one.measured, verdict: rested });
      // What is not sure enough is as bounded as it was.
      return judged.verdict.kind === 'leak' ? { ...one, measured: judged } : one;
    }),
  );
}

/** What each part has done since it is counted; without those that have ended. */
async function doneBy(parts: readonly Part[]): Promise<Map<Part, Done>> {
  const entries = await Promise.all(
    parts.map(async (part): Promise<[Part, Done][]> => {
      const done = await part.counter?.read().catch(() => null);
      return done ? [[part, done]] : [];
    }),
  );
  return new Map(entries.flat());
}

function liveBytesAt({ measured }: MeasuredPart, round: number): number {
  const sample = measured.samples[round];
  return sample ? liveBytes(sample) : 0;
}

/** All live bytes together, by the work of the whole service; null where the parts were not read at the same moments. */
export function sumOf(
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
