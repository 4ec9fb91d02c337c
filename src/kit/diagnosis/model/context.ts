import type { CostLimit } from '../../process/cost-limit.js';
import type { Sample } from '../../process/sample.js';
import type { Headroom, LedgerSeries } from '../../outside/index.js';
import type { Verdict } from '../../verdict/index.js';
import { LoadEnded, unlessEnded } from './limits.js';
import type { Note, Reason } from './notes.js';
import type { GrownContainer } from '../probe/index.js';
import type { CodePlace, RuledOut, Suspect, WorkUnit } from './result.js';
import type { Target } from './target.js';

/** What makes the target work: load that is sent, or existing traffic. */
export interface Work {
  unit: WorkUnit;
  /**
   * Does some work.
   *
   * @param most so many `unit`s at most; traffic that others send does not obey
   * @returns how much, in `unit`s
   * @throws Problem when that is not possible any more
   */
  round(most?: number): Promise<number>;
  /** Resolves when no work is done for anything else that is measured at the same time. */
  quiet?(): Promise<void>;
  /** Rounds before a verdict of "bounded" is accepted: with more work, a smaller leak is found. A few without it. */
  boundedAfter?: number;
}

/** How long a leak is doubted before it is called one. */
export interface Doubt {
  /** A verdict of "leak" waits for this long: what is cleaned up every few seconds looks like one until then. */
  atLeastMs: number;
  /** How long the target then rests: what comes back meanwhile was no leak. */
  restMs: number;
  /** How long after the first sample what code may remove by its age is waited for: a window of time passes in this. */
  agesMs: number;
}

export interface DiagnoseOptions extends CostLimit {
  urls: string[];
  /** Whether heap snapshots may be taken where the walk does not explain the growth. */
  snapshot: boolean;
  /** Whether collections may be forced; without them, verdicts take longer and settle less often. */
  collect: boolean;
  /** Asked before the first suspect is cleared. Nothing is cleared without it. */
  confirmClear?: ((suspect: Suspect) => Promise<boolean>) | undefined;
  doubt?: Doubt | undefined;
  signal: AbortSignal;
  /** Called with each reading of the measurement, so that something is known where it ends before its verdict. */
  onReading?: ((sample: Measured['samples'][number]) => void) | undefined;
  /** @param share 0 to 1: how much of the current step is done */
  onProgress?: ((text: string, share: number) => void) | undefined;
}

/** What every stage is given. No stage changes it. */
export interface Context {
  target: Target;
  work: Work;
  options: DiagnoseOptions;
}

/** Memory over work: what the measure stage returns. */
export interface Measured {
  verdict: Verdict<Reason>;
  /** One for each reading, with the work done until then, and how far away the limits were that load must not come near. */
  samples: (Sample & { work: number; limits?: Headroom[] })[];
  /** What is not V8's heap, at the same readings; absent where it was not read. */
  ledgers?: LedgerSeries;
  /** When the first sample was taken, on the clock of `performance`. */
  startMs: number;
  /** The most work of a round of the next stages; absent where nothing limits it. */
  mostInRound?: number;
  /** Whether growth was so fast that rounds had to be small: a container that fills was seen for a short while only. */
  hasSmallRounds?: boolean;
  notes?: Note[];
}

/** Growth that the later stages explain. */
export interface Growth {
  bytesPerWork: number;
  /** Whether the statistics called it uneven: then only structure can tell whether it is a leak. */
  isUneven: boolean;
  /** The work at which memory doubles next, where it grows in nothing but such steps; else absent. */
  doublesAt?: number;
}

/** A suspect of the walk, and the container of the target that it was made from. */
export interface Candidate<S extends Suspect = Suspect> {
  suspect: S;
  grown: GrownContainer;
  /** Whether code near it reads the clock and removes entries: it may be a window of time that is not full yet. */
  mayAge?: boolean;
}

/** What the walk found, before and after it is verified. */
export interface Ranking {
  /** The largest share of the growth first. */
  suspects: Candidate[];
  ruledOut: Candidate<RuledOut>[];
}

/** A ranking without the containers it was made from. */
export function suspectsOf({ suspects, ruledOut }: Ranking): { suspects: Suspect[]; ruledOut: RuledOut[] } {
  return {
    suspects: suspects.map(({ suspect }) => suspect),
    ruledOut: ruledOut.map(({ suspect }) => suspect),
  };
}

/** What the walk stage returns. */
export interface Walked extends Ranking, Findings {
  allocatedAt: CodePlace[];
  /** The function that allocates most of the live bytes: named where no retainer is found. */
  allocationSuspect: Suspect | null;
}

/** What every stage adds to the report. */
export interface Findings {
  notes: Note[];
  timingsMs: Record<string, number>;
}

/** The share of the growth that suspects and what is ruled out have to explain before no further stage is needed. */
export const EXPLAINED = 0.5;

/** How much of the growth these account for. */
export function growthShareOf(list: readonly { growthShare: number | null }[]): number {
  return list.reduce((sum, { growthShare }) => sum + (growthShare ?? 0), 0);
}

/** Whether what is ruled out explains more of the growth than the suspects do, so that they settle nothing. */
export function isOutweighed(
  suspects: readonly { growthShare: number | null }[],
  ruledOut: readonly { growthShare: number | null }[],
): boolean {
  const [share, named] = [growthShareOf(ruledOut), growthShareOf(suspects)];
  return share > 0 && named <= share && (named === 0 || share >= EXPLAINED);
}

/** Whether two counts agree within one per cent, or two. */
export function isAsMany(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(2, b / 100);
}

/** Rounds of work between two walks, counts or snapshots: what a container gains in them stands out. */
export const ROUNDS_BETWEEN = 5;

/**
 * Does more work between two looks into the target.
 *
 * @param afterRound called after each round but the last, with its work
 * @returns how much in all
 * @throws LoadEnded where none could be done
 */
export async function workBetween(
  { work, options }: Context,
  afterRound?: (work: number) => Promise<void>,
): Promise<number> {
  let done = 0;
  for (let round = 1; round <= ROUNDS_BETWEEN; round += 1) {
    options.signal.throwIfAborted();
    options.onProgress?.('more work, to see what grows', round / ROUNDS_BETWEEN);
    const one = await unlessEnded(work.round());
    if (one === null && done === 0) throw new LoadEnded();
    if (one === null) break;
    done += one;
    if (round < ROUNDS_BETWEEN) await afterRound?.(one);
  }
  return done;
}
