import type { AtSnapshot, RuledOutReason } from '../model/result.js';

/** What an owner gained from each snapshot to the next. */
export interface Steps {
  bytes: number[];
  /** Null where its entries cannot be counted in every snapshot, or are always as many. */
  entries: number[] | null;
}

/** What it gains in a step, as a share of its largest, where it has stopped. */
const STOPPED = 0.05;
/** The bytes of one whose entries have stopped: tables double, and what it shares with others becomes its own. */
const STOPPED_BYTES = 0.6;

/** What it lost in some steps, as a share of what it took in the others. */
const GIVEN_BACK = 1 / 3;

export function stepsOf(inSnapshots: readonly AtSnapshot[]): Steps {
  const counts = inSnapshots.flatMap(({ entries }) => entries ?? []);
  const entries = counts.length < inSnapshots.length ? [] : differences(counts);
  return {
    bytes: differences(inSnapshots.map(({ retainedBytes }) => retainedBytes)),
    entries: entries.some((gained) => gained !== 0) ? entries : null,
  };
}

/**
 * Of owners in three snapshots and more, why each is no suspect: it stopped, or gives back what it takes; null for one
 * that goes on. Steps may be of different lengths: how much work was done in one is known by the owner that
 * gained most in it, as a share of its own largest step.
 *
 * @param ended whether the heap as a whole did not grow in the last step: then nothing went on
 */
export function judged(all: readonly Steps[], ended = false): (RuledOutReason | null)[] {
  const work = workOf(all);
  return all.map((steps) => {
    const { bytes, entries } = steps;
    const gained = entries ?? bytes;
    const most = Math.max(...gained);
    const isAtRest =
      last(gained) <= STOPPED * last(work) * most &&
      (entries === null || last(bytes) <= STOPPED_BYTES * last(work) * Math.max(...bytes));
    const of = entries === null ? 'bytes' : 'entries';
    if (isAtRest || ended) return { code: 'stopped-growing', gained, of };
    return sumOf(gained, -1) > GIVEN_BACK * sumOf(gained, 1) ? { code: 'gives-back', gained, of } : null;
  });
}

/** The least that it gained in one step, in bytes. A leak has it in the shortest step, a cache that fills in the last one. */
export function leastStep({ bytes }: Steps): number {
  return Math.min(...bytes);
}

const last = (values: readonly number[]): number => values.at(-1) ?? 0;

/** What was taken (1), or lost (-1). */
function sumOf(gained: readonly number[], sign: 1 | -1): number {
  return gained.reduce((sum, one) => sum + Math.max(0, sign * one), 0);
}

function workOf(all: readonly Steps[]): number[] {
  const shares = all.map(({ bytes, entries }) => {
    const gained = entries ?? bytes;
    const most = Math.max(1, ...gained);
    return gained.map((one) => one / most);
  });
  return (shares[0] ?? []).map((_, step) => Math.max(0, ...shares.map((one) => one[step] ?? 0)));
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, at) => value - (values[at] ?? 0));
}
