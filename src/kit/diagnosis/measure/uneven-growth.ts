import { liveBytes } from '../../process/sample.js';
import type { Diagnosis } from '../result.js';
import type { Measured } from './measure.js';

/** Less than this is what a program may gain in V8's own tables while it is watched. */
const DRIFT_BYTES = 400_000;
/** What falls by more than this share of the growth is swept now and then. */
const MOST_FALLEN = 0.1;
/** A third that grows by less than this share of the average has slowed. */
const LEAST_OF_AVERAGE = 0.5;
/** So much of the growth since the beginning has to be the suspect's at its present rate: then it has not slowed. */
const EXPLAINED = 0.6;
/** Two walks and a count are not the statistics of a dozen readings. */
const CONFIDENCE = 0.95;

/**
 * Growth that goes on and on but not evenly, in bytes for each unit of work; null where it falls or slows. The tables
 * of Maps double when they are full, which a slope takes for steps.
 */
export function unevenGrowth({ looks, verdict }: Measured): number | null {
  if (verdict.kind !== 'unsettled' || looks.length < 12) return null;
  const points = looks.slice(Math.floor(looks.length / 5));
  const bytes = points.map(liveBytes);
  const rate = (from: number, to: number): number =>
    (bytes[to]! - bytes[from]!) / (points[to]!.work - points[from]!.work);
  const last = points.length - 1;
  const gained = bytes[last]! - bytes[0]!;
  let highest = bytes[0]!;
  let fallen = 0;
  for (const now of bytes) {
    highest = Math.max(highest, now);
    fallen = Math.max(fallen, highest - now);
  }
  const average = rate(0, last);
  const slowest = Math.min(rate(0, Math.floor(last / 3)), rate(Math.ceil((2 * last) / 3), last));
  const lasts = gained > DRIFT_BYTES && fallen < MOST_FALLEN * gained && slowest > LEAST_OF_AVERAGE * average;
  return lasts ? average : null;
}

/** By structure, where the slope is not settled: a container that gains evenly and accounts for the growth leaks. */
export function judgeByStructure(diagnosis: Diagnosis, bytesPerWork: number): Diagnosis {
  const { suspects, filling, verdict, notes } = diagnosis;
  const [first] = suspects;
  const unit = diagnosis.trend?.unit ?? 'request';
  if (!first || filling.length > 0 || (first.share ?? 0) < EXPLAINED || (first.entriesPerRequest ?? 0) <= 0) {
    if (first) notes.push(`Most was gained by ${first.name}; that alone does not settle it.`);
    return { ...diagnosis, suspects: [] };
  }
  return {
    ...diagnosis,
    verdict: {
      ...verdict!,
      kind: 'leak',
      confidence: CONFIDENCE,
      bytesPerRequest: verdict!.bytesPerRequest ?? {
        estimate: bytesPerWork,
        low: bytesPerWork,
        high: bytesPerWork,
      },
      reason: `Memory grew by ${Math.round(bytesPerWork)} bytes a ${unit}, in steps, as tables do that double when they are full; it never fell. Beneath the steps the growth is even: one container takes ${first.entriesPerRequest!.toFixed(2)} entries a ${unit}, declares no bound, and its present rate accounts for the growth since the beginning.`,
    },
  };
}
