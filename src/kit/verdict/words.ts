import type { Rate, Verdict } from './verdict.js';
import { FEWEST_READINGS } from './window.js';

/** A verdict's reason in one to three sentences of plain English. */
export function verdictText(verdict: Verdict): string {
  const { reason, work, readings, unit } = verdict;
  const over = `over the last ${count(work)} ${unit}s (${readings} readings)`;
  const rate = rateText(verdict);
  switch (reason.code) {
    case 'steady-growth':
      return `Memory grew by ${rate}, steadily ${over}. A container that fills towards an undeclared bound looks the same until it is full.`;
    case 'flat':
      return `Memory changed by ${rate} ${over}. ${detectable(reason, unit)}`;
    case 'flat-after-step':
      return `Memory changed by ${rate} ${over}, apart from one step that did not repeat. ${detectable(reason, unit)}`;
    case 'slowing':
      return `Memory grew by ${rate} ${over}, and the growth slows down. A warm-up or a cache that fills does that. Measure until memory is flat or grows steadily.`;
    case 'step':
      return `Memory grew by ${rate} ${over}, in one step and not steadily. Measure longer to see whether the step repeats.`;
    case 'fell':
      return `Memory grew by ${rate} ${over}, and fell in between by much of what it had gained. Something empties it from time to time. Measure longer to see whether it falls again.`;
    case 'growth-began':
      return `Memory was flat ${over}, but the latest readings grow. Measure longer to see whether the growth lasts.`;
    case 'interval-too-wide':
      return `Memory changed by ${rate} ${over}. The smallest leak, ${figure(reason.smallestLeakBytes)} bytes per ${unit}, lies within that interval. ${moreWork(verdict, reason.smallestLeakBytes)}`;
    case 'filling':
      return 'A container with a declared bound is still filling, and growth up to that bound is expected. Measure until it is full.';
    case 'too-few-readings':
      return `${taken(readings)}. A verdict needs at least ${FEWEST_READINGS}, so that each half of the series shows a trend of its own.`;
    case 'too-little-work':
      return `${count(reason.work)} ${unit}s are too few: only a leak of ${figure(reason.smallestLeakBytes)} bytes per ${unit} or more would show beside what a program gains while it warms up. At least ${count(reason.neededWork)} ${unit}s are needed.`;
    case 'work-failed':
      return `Memory did not grow, but ${Math.round(100 * reason.share)} % of the ${unit}s failed: whether those that succeed leak was hardly measured. Measure again when they succeed.`;
    case 'ended-at-heap-limit':
      return `Live memory grew from ${megabytes(reason.firstBytes)} to ${megabytes(reason.lastBytes)} in ${count(work)} ${unit}s, and the process ended near its heap limit of ${megabytes(reason.limitBytes)}. A bound that is larger than the heap ends in the same way.`;
    case 'ended-while-growing':
      return `Live memory grew from ${megabytes(reason.firstBytes)} to ${megabytes(reason.lastBytes)} in ${count(work)} ${unit}s, then the process ended, far from its heap limit of ${megabytes(reason.limitBytes)}. Its log, or that of the system (out of memory), says why.`;
  }
}

function detectable({ smallestLeakBytes }: { smallestLeakBytes: number }, unit: string): string {
  return `A leak of ${figure(smallestLeakBytes)} bytes per ${unit} or more would have been detected.`;
}

function taken(readings: number): string {
  if (readings === 0) return 'There are no readings';
  return readings === 1 ? 'There is 1 reading' : `There are ${readings} readings`;
}

/** `484 bytes per request (482 to 486)`. */
export function rateText({ growthRate, unit }: { growthRate: Rate | null; unit: string }): string {
  if (!growthRate) return 'an unknown rate';
  const { estimate, low, high } = growthRate;
  return `${figure(estimate)} bytes per ${unit} (${figure(low)} to ${figure(high)})`;
}

/** The interval of a slope narrows with the 1.5th power of the work it covers, other things being equal. */
function moreWork({ growthRate, work, unit }: Verdict, smallest: number): string {
  const FAR_MORE = 'Far more readings are needed.';
  if (!growthRate) return FAR_MORE;
  const { estimate, high } = growthRate;
  const needed = work * ((high - estimate) / Math.abs(estimate - smallest)) ** (2 / 3);
  // Beyond ten times as much the extrapolation is worth nothing: the rate is too close to the smallest leak.
  return needed < 10 * work ? `About ${count(needed)} ${unit}s are needed.` : FAR_MORE;
}

/** 480, 12.3, -0.04: as many digits as a person compares. */
function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const rounded = Number(value.toFixed(digits));
  return (rounded === 0 ? 0 : rounded).toLocaleString('en-US');
}

/** 78,400: all digits of what was counted, two leading digits of an estimate. */
function count(work: number): string {
  const rounded = Number.isInteger(work) ? work : Number(work.toPrecision(2));
  return rounded.toLocaleString('en-US');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
