import { liveBytes } from '../../process/sample.js';
import type { Measured } from '../model/context.js';

/** Fewer steps, each of half the size of the next, may be chance. */
const FEWEST_STEPS = 3;
/** A reading that gains less of the whole growth is no step. */
const LEAST_STEP = 0.06;
/** Of the growth since the first reading: what did not come in these steps came otherwise. */
const LEAST_IN_STEPS = 0.7;
/** One step beside the next, in bytes: what an idle process gains is in both. */
const SMALLEST = 0.35;
const LARGEST = 0.65;

interface Step {
  bytes: number;
  /** It came after more work than `after`, and no more than `until`. */
  after: number;
  until: number;
}

/**
 * At how much work memory grows next, where it does so in nothing but steps of which each is twice the one before and comes
 * after twice the work. A ring or a table that is copied into one of twice the size, whenever it is full of what nobody takes
 * out, grows like this; a buffer that is made wider for a large request does not come in step with the work. Null for
 * all else.
 */
export function doublesAt({ samples }: Pick<Measured, 'samples'>): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return null;
  const gained = liveBytes(last) - liveBytes(first);
  const steps = stepsOf(samples, LEAST_STEP * gained);
  const latest = steps.at(-1);
  const row = steps.slice(-FEWEST_STEPS);
  if (!latest || row.length < FEWEST_STEPS || row.some((step, at) => !isDouble(row[at - 1], step)))
    return null;
  const inSteps = row.reduce((sum, { bytes }) => sum + bytes, 0);
  const next = 2 * latest.until;
  return inSteps >= LEAST_IN_STEPS * gained && next > last.work ? next : null;
}

/** Where memory gained at least so much from one reading to the next; two in a row are one step. */
function stepsOf(samples: Measured['samples'], least: number): Step[] {
  const steps: Step[] = [];
  for (const [at, sample] of samples.entries()) {
    const before = samples[at - 1];
    if (!before) continue;
    const bytes = liveBytes(sample) - liveBytes(before);
    if (bytes <= 0 || bytes < least) continue;
    const latest = steps.at(-1);
    // Of two steps in a row, the second is twice the first.
    const isOne = latest?.until === before.work && (latest.bytes < SMALLEST * bytes || latest.bytes > bytes);
    if (latest && isOne)
      steps.splice(-1, 1, { bytes: latest.bytes + bytes, after: latest.after, until: sample.work });
    else steps.push({ bytes, after: before.work, until: sample.work });
  }
  return steps;
}

/** Whether one step may be twice the one before, after twice the work. */
function isDouble(before: Step | undefined, { bytes, after, until }: Step): boolean {
  if (!before) return true;
  const part = before.bytes / bytes;
  return part >= SMALLEST && part <= LARGEST && 2 * before.until >= after && 2 * before.after <= until;
}
