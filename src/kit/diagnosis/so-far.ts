import { Problem } from '../problem.js';
import { liveBytes } from '../process/sample.js';
import { unsettled } from '../verdict/index.js';
import { conclude } from './conclude.js';
import { judgeSamples, triageOf } from './measure/index.js';
import type { Context, Measured } from './model/context.js';
import type { EndedBecause } from './model/notes.js';
import type { Diagnosis } from './model/result.js';

/** Fewer readings show no more than a start. */
const FEWEST_READINGS = 3;

/**
 * What was seen of a measurement that ended before its verdict; null where that is next to nothing. It is never more
 * than "unsettled": a leak is one only after doubts that there was no time for.
 */
export function diagnosisSoFar(
  context: Context,
  readings: Measured['samples'],
  because: EndedBecause,
): Diagnosis | null {
  const samples = latestOf(readings);
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || samples.length < FEWEST_READINGS) return null;
  const { unit } = context.work;
  const judged = judgeSamples(samples, unit);
  const verdict = unsettled(judged, {
    code: 'ended-early' as const,
    because,
    readings: samples.length,
    work: last.work - first.work,
    firstBytes: liveBytes(first),
    lastBytes: liveBytes(last),
    grows: judged.kind === 'leak',
  });
  const measured: Measured = { verdict, samples, startMs: 0 };
  const grows = judged.kind === 'leak' ? 'V8' : null;
  return conclude(context, measured, { verdict, triage: triageOf(measured, grows), growth: null });
}

/** The readings of the latest measurement that has enough of them: where it is unsettled, a second one begins from 0. */
function latestOf(readings: Measured['samples']): Measured['samples'] {
  const starts = readings.flatMap(({ work }, at) =>
    work < (readings[at - 1]?.work ?? Infinity) ? [at] : [],
  );
  const measurements = starts.map((start, at) => readings.slice(start, starts[at + 1]));
  return measurements.findLast(({ length }) => length >= FEWEST_READINGS) ?? [];
}

/** Why a measurement ended, by its error; null for an error that says that the question was wrong, or for a bug. */
export function endedBecause(error: unknown, signal: AbortSignal): EndedBecause | null {
  if (signal.aborted) return 'interrupted';
  if (!(error instanceof Problem)) return null;
  if (error.code === 'LEAK_LAB_DIED') return 'process-ended';
  const isSilent = error.code === 'LEAK_LAB_NO_ANSWER' || error.code === 'LEAK_LAB_NO_INSPECTOR';
  return isSilent ? 'no-answer' : null;
}
