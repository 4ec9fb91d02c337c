import type { Unit } from './verdict.js';
import { FEWEST_READINGS } from './window.js';

/** What was found, before it is put into words. */
export type Finding =
  | 'leak'
  | 'bounded'
  | 'bounded beside a step'
  | 'slowing'
  | 'step'
  | 'fell'
  | 'beginning'
  | 'straddles'
  | 'filling'
  | 'too few';

/** What the words are about. */
export interface Seen {
  bytesPerRequest: { estimate: number; low: number; high: number } | null;
  requests: number;
  rounds: number;
  /** Smallest leak, in bytes for each unit of work. */
  smallest: number;
  unit: Unit;
}

export function reasonFor(finding: Finding, seen: Seen): string {
  const { requests, rounds, smallest, unit } = seen;
  const over = `over the last ${count(requests)} ${unit}s (${rounds} readings)`;
  const rate = rateOf(seen);
  const wouldShow = `A leak of ${number(smallest)} bytes a ${unit} or more would have shown.`;
  const taken = rounds === 0 ? 'No readings' : `Only ${rounds} reading${rounds === 1 ? '' : 's'}`;
  const sentences: Record<Finding, string> = {
    leak:
      `Memory grew by ${rate}, steadily ${over}. ` +
      'A container that fills towards a bound it does not declare looks the same until it is full.',
    bounded: `Memory changed by ${rate} ${over}. ${wouldShow}`,
    'bounded beside a step': `Memory changed by ${rate} ${over}, beside one step that did not repeat. ${wouldShow}`,
    slowing:
      `Memory grew by ${rate} ${over}, but ever more slowly: a cache that fills or a warm-up does that. ` +
      'Go on until it is flat or steady.',
    step:
      `Memory grew by ${rate} ${over}, but not evenly: a step, not a slope. ` +
      'Go on to see whether it comes again.',
    fell:
      `Memory grew by ${rate} ${over}, but has fallen in between by much of that: what is emptied now and then does. ` +
      'Go on to see whether it falls again.',
    beginning: `Memory was flat on the whole ${over}, but its latest part grows. Go on to see whether it lasts.`,
    straddles:
      `Memory changed by ${rate} ${over}: ` +
      `the smallest leak, ${number(smallest)} bytes a ${unit}, lies in between${furtherWork(seen)}.`,
    filling:
      'A container with a declared bound is still filling: growth up to that bound is expected. ' +
      'Go on until it is full.',
    'too few':
      `${taken} to judge by; at least ${FEWEST_READINGS} are needed to tell growth that lasts from a warm-up: ` +
      'each half must show a trend of its own.',
  };
  return sentences[finding];
}

function rateOf({ bytesPerRequest, unit }: Seen): string {
  if (!bytesPerRequest) return 'an unknown rate';
  const { estimate, low, high } = bytesPerRequest;
  return `${number(estimate)} bytes a ${unit} (${number(low)} to ${number(high)})`;
}

/** The interval of a slope narrows with the 1.5th power of the work it covers, other things being equal. */
function furtherWork({ bytesPerRequest, requests, smallest, unit }: Seen): string {
  if (!bytesPerRequest) return '';
  const { estimate, high } = bytesPerRequest;
  const needed = requests * ((high - estimate) / Math.abs(estimate - smallest)) ** (2 / 3);
  // Beyond ten times as much, the guess is worth nothing: the rate is too near to the smallest leak.
  if (!(needed < 10 * requests)) return ', and far more readings are needed to tell';
  return `; about ${count(needed)} ${unit}s would tell`;
}

/** 480, 12.3, -0.04: as many digits as a person compares. */
function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const rounded = Number(value.toFixed(digits));
  return (rounded === 0 ? 0 : rounded).toLocaleString('en-US');
}

/** 78,400: two or three leading digits for what is a guess, all for what was counted. */
function count(work: number): string {
  const rounded = Number.isInteger(work) ? work : Number(work.toPrecision(2));
  return rounded.toLocaleString('en-US');
}
