import { liveBytes } from '../../process/sample.js';
import {
  type Candidate,
  type Context,
  EXPLAINED,
  type Growth,
  growthShareOf,
  type Measured,
  type Ranking,
  ROUNDS_BETWEEN,
  workBetween,
  type Walked,
} from '../model/context.js';
import { unlessEnded } from '../model/limits.js';
import type { Note } from '../model/notes.js';
import type { CodePlace } from '../model/result.js';
import type { Probe, WalkCost } from '../probe/index.js';
import { type Allocation, sampleAllocations } from './allocation-profile.js';
import type { BetweenWalks } from './between-walks.js';
import { captureThis } from './capture-this.js';
import { type Found, type Named, named } from './named.js';

const NEST = /[\\/]@nestjs[\\/]core[\\/]/;

/** What is needed to walk once more, and to compare with the first walk. */
export interface WalkedTwice extends Walked {
  between: BetweenWalks | null;
  /** Periods of the program's timers, in milliseconds. */
  timersMs: number[];
}

export const NOTHING_WALKED: WalkedTwice = {
  between: null,
  timersMs: [],
  suspects: [],
  ruledOut: [],
  allocatedAt: [],
  allocationSuspect: null,
  notes: [],
  timingsMs: {},
};

/** Two walks through the target with work in between: which containers grew, and what allocated the live bytes. */
export async function walk(
  context: Context,
  probe: Probe | null,
  measured: Measured,
  growth: Growth,
): Promise<WalkedTwice> {
  if (!probe) return NOTHING_WALKED;
  context.options.onProgress?.('walking the heap', 0);
  const notes: Note[] = [];
  const slices: number[] = [];
  let scouted = await probe.scout();
  slices.push(scouted.longestSliceMs);
  const capture = async (): Promise<boolean> => {
    const captured = await captureThis(context.target.session, probe, () =>
      unlessEnded(context.work.round()),
    );
    if (captured === 0) return false;
    notes.push({ code: 'lexical-this-captured' });
    scouted = await probe.scout();
    slices.push(scouted.longestSliceMs);
    return true;
  };
  const walkTwice = async (): Promise<TwoWalks & Named> => {
    const walks = await twoWalks(context, probe, measured, growth);
    slices.push(walks.first.longestSliceMs, walks.second.longestSliceMs);
    return { ...walks, ...(await named(context, probe, walks)) };
  };
  // Only arrow functions of Nest's retain its container, and its records name every provider.
  const asksNest =
    scouted.nestModules === 0 && [...probe.scripts().values()].some(({ url }) => NEST.test(url));
  const hasCaptured = asksNest && (await capture());
  let walked = await walkTwice();
  if (!hasCaptured && explainedBy(walked.ranking) < EXPLAINED && (await capture()))
    walked = await walkTwice();

  const { first, second, ranking, allocatedAt } = walked;
  const longestSliceMs = Math.max(...slices); // of all walks, also of those that were repeated
  const { objects, functions, containers, notInspected, ended } = second;
  return {
    between: walked.between,
    timersMs: second.timersMs,
    suspects: ranking.suspects.map((one) => withPlaces(one, allocatedAt)),
    ruledOut: ranking.ruledOut,
    allocatedAt,
    allocationSuspect: walked.allocationSuspect,
    notes: [
      ...notes,
      { code: 'walked', objects, functions, containers, longestSliceMs: Math.round(longestSliceMs) },
      ...(ended || notInspected > 0
        ? [{ code: 'walk-narrowed' as const, objects, functions: notInspected, ended }]
        : []),
      ...walked.notes,
    ],
    timingsMs: {
      scouting: Math.round(scouted.durationMs),
      'first walk': Math.round(first.durationMs),
      'second walk': Math.round(second.durationMs),
      'longest slice': Math.round(longestSliceMs),
    },
  };
}

interface TwoWalks extends Found {
  first: WalkCost;
  second: WalkCost & Found['second'];
}

async function twoWalks(
  context: Context,
  probe: Probe,
  { samples, startMs }: Measured,
  { bytesPerWork, doublesAt }: Growth,
): Promise<TwoWalks> {
  const { target, work, options } = context;
  const [start, last] = [samples[0], samples.at(-1)];
  if (!start || !last) throw new Error('a walk needs the samples of a measurement');
  options.onProgress?.('walking the heap', 0.1);
  const first = await probe.first();
  const firstMs = performance.now();
  const workPerRound = (last.work - start.work) / (samples.length - 1);
  const endSampling = options.collect
    ? await sampleAllocations(target.session, bytesPerWork * workPerRound * ROUNDS_BETWEEN)
    : async () => [];
  let allocations: Allocation[] = [];
  // What doubles gains nothing until then.
  const untilDoubled = (doublesAt ?? 0) - last.work;
  let done: number;
  try {
    done = await workBetween(context);
    while (done < untilDoubled) {
      const did = await unlessEnded(workBetween(context));
      if (did === null) break;
      done += did;
    }
  } finally {
    allocations = await endSampling();
  }
  options.onProgress?.('walking the heap again', 0.9);
  const second = await probe.second();
  const now = performance.now();
  // Existing traffic goes on during a walk; load that is sent does not.
  const counted =
    work.unit === 'request'
      ? { work: done, workInAll: last.work - start.work + done }
      : { work: (now - firstMs) / 1_000, workInAll: (now - startMs) / 1_000 };
  const { heapLimitBytes } = last;
  const lived = liveBytes(last) + Math.max(0, bytesPerWork * counted.work);
  return {
    first,
    second,
    allocations,
    between: {
      bytesPerWork,
      unit: work.unit,
      ...counted,
      heapLimitBytes,
      liveBytes: lived,
      measuredMs: now - startMs,
    },
  };
}

function explainedBy({ suspects, ruledOut }: Ranking): number {
  return growthShareOf([...suspects, ...ruledOut].map(({ suspect }) => suspect));
}

export function withPlaces(one: Candidate, places: readonly CodePlace[]): Candidate {
  const { suspect } = one;
  return { ...one, suspect: { ...suspect, allocatedAt: [...suspect.allocatedAt, ...places] } };
}
