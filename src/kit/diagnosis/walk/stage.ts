import { pathOf, type Script } from '../../process/scripts.js';
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
import { type NameSource, SourceMaps, sourcesOf } from '../naming/index.js';
import type { Note } from '../model/notes.js';
import type { GrownContainer, Probe, WalkCost } from '../probe/index.js';
import type { CodePlace, Suspect } from '../model/result.js';
import { type Allocation, sampleAllocations } from './allocation-profile.js';
import { weighByAllocations } from './allocation-share.js';
import { allocationSuspect } from './allocation-suspect.js';
import type { BetweenWalks } from './between-walks.js';
import { captureThis } from './capture-this.js';
import { rank } from './suspects.js';

const NEST = /[\\/]@nestjs[\\/]core[\\/]/;
const PLACES_SHOWN = 5;
/** A function that allocates a smaller share of the live bytes is no clue. */
const LEAST_ALLOCATED = 0.03;

export const NOTHING_WALKED: Walked = {
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
): Promise<Walked> {
  if (!probe) return NOTHING_WALKED;
  context.options.onProgress?.('walking the heap', 0);
  const notes: Note[] = [];
  let scouted = await probe.scout();
  const capture = async (): Promise<boolean> => {
    const captured = await captureThis(context.target.session, probe, () => context.work.round());
    if (captured === 0) return false;
    notes.push({ code: 'lexical-this-captured' });
    scouted = await probe.scout();
    return true;
  };
  const walkTwice = async (): Promise<TwoWalks & Named> => {
    const walks = await twoWalks(context, probe, measured, growth);
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
  const longestSliceMs = Math.max(scouted.longestSliceMs, first.longestSliceMs, second.longestSliceMs);
  const { objects, functions, containers } = second;
  return {
    suspects: ranking.suspects.map((one) => withPlaces(one, allocatedAt)),
    ruledOut: ranking.ruledOut,
    allocatedAt,
    allocationSuspect: walked.allocationSuspect,
    notes: [
      ...notes,
      { code: 'walked', objects, functions, containers, longestSliceMs: Math.round(longestSliceMs) },
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

interface TwoWalks {
  first: WalkCost;
  second: WalkCost & { grown: GrownContainer[]; now: number };
  /** The largest first. Empty where no collection may be forced: without one, garbage counts as well. */
  allocations: Allocation[];
  between: BetweenWalks;
}

async function twoWalks(
  context: Context,
  probe: Probe,
  { samples, startMs }: Measured,
  { bytesPerWork }: Growth,
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
  let done: number;
  try {
    done = await workBetween(context);
  } finally {
    allocations = await endSampling();
  }
  options.onProgress?.('walking the heap again', 0.9);
  const second = await probe.second();
  const now = performance.now();
  // Traffic that is there anyway goes on during a walk; load that is sent does not.
  const counted =
    work.unit === 'request'
      ? { work: done, workInAll: last.work - start.work + done }
      : { work: (now - firstMs) / 1_000, workInAll: (now - startMs) / 1_000 };
  const { heapLimitBytes } = last;
  return {
    first,
    second,
    allocations,
    between: { bytesPerWork, ...counted, heapLimitBytes, measuredMs: now - startMs },
  };
}

interface Named {
  ranking: Ranking;
  allocatedAt: CodePlace[];
  allocationSuspect: Suspect | null;
  notes: Note[];
}

/** What two walks found, in the words of the program. */
async function named({ target }: Context, probe: Probe, walks: TwoWalks): Promise<Named> {
  const { second, allocations, between } = walks;
  const { grown, now } = second;
  if (!knowsAll(probe.scripts(), grown)) await probe.listScripts();
  const scripts = probe.scripts();
  const maps = new SourceMaps();
  await maps.load(scriptsNamed(grown, allocations, scripts));
  const sources = await sourcesOf(
    grown.flatMap(({ nearby }) => nearby.scripts),
    scripts,
  );
  const source: NameSource = { scripts, maps, sources, folder: target.facts.folder };
  const allocatedAt = placesOf(allocations, scripts, maps);
  const weighed = weighByAllocations(rank(grown, now, between, source), allocations, between);
  return {
    ...weighed,
    allocatedAt,
    allocationSuspect: allocationSuspect(allocations, allocatedAt, between, source),
  };
}

function explainedBy({ suspects, ruledOut }: Ranking): number {
  return growthShareOf([...suspects, ...ruledOut].map(({ suspect }) => suspect));
}

function withPlaces({ suspect, grown }: Candidate, places: readonly CodePlace[]): Candidate {
  return { suspect: { ...suspect, allocatedAt: [...suspect.allocatedAt, ...places] }, grown };
}

/** Whether no script was loaded since they were listed that a name needs. */
function knowsAll(scripts: ReadonlyMap<string, Script>, grown: readonly GrownContainer[]): boolean {
  return grown.every(({ route }) => route.every(({ edge: { script } }) => !script || scripts.has(script)));
}

function scriptsNamed(
  grown: readonly GrownContainer[],
  allocations: readonly Allocation[],
  scripts: ReadonlyMap<string, Script>,
): Script[] {
  const ids = new Set([
    ...grown.flatMap(({ route }) => route.map(({ edge }) => edge.script)),
    ...grown.map(({ calls }) => calls?.script),
    ...allocations.slice(0, PLACES_SHOWN).map(({ script }) => script),
  ]);
  return [...ids].flatMap((id) => (id === undefined ? [] : (scripts.get(id) ?? [])));
}

function placesOf(
  allocations: readonly Allocation[],
  scripts: ReadonlyMap<string, Script>,
  maps: SourceMaps,
): CodePlace[] {
  const all = allocations.reduce((sum, { bytes }) => sum + bytes, 0);
  return allocations
    .filter(({ bytes }) => bytes >= LEAST_ALLOCATED * all)
    .slice(0, PLACES_SHOWN)
    .map(({ function: name, script, line, column }) => {
      const found = scripts.get(script);
      const place = found ? maps.place(found, line, column) : { file: '', line, column };
      return { function: name, file: pathOf(place.file), line: place.line, column: place.column };
    });
}
