import { availableBytes, refusalOf, snapshotCost } from '../../process/cost-limit.js';
import { sampleAfterCollection } from '../../process/remote-sample.js';
import { liveBytes } from '../../process/sample.js';
import { pathOf } from '../../process/scripts.js';
import { IDLE_DRIFT_BYTES } from '../../verdict/index.js';
import {
  type Context,
  EXPLAINED,
  type Findings,
  type Growth,
  growthShareOf,
  type Measured,
  workBetween,
} from '../model/context.js';
import { fileName, removesByAge, textOf } from '../naming/index.js';
import type { Target } from '../model/target.js';
import { LoadEnded, unlessEnded } from '../model/limits.js';
import { type Stopped, stoppedGrowth } from '../model/stopped.js';
import { FEWEST_LEAKED, isConnection } from '../model/connections.js';
import type { Note } from '../model/notes.js';
import type { CodePlace, Diagnosis, RuledOut, Suspect, WorkUnit } from '../model/result.js';
import { combined, hasLost, ruledOutByBoth, withoutEmptied } from './combine.js';
import { compareSnapshots } from './take.js';

/** What is known before the snapshots: the verified ranking of the walk. */
export interface Known {
  suspects: readonly Suspect[];
  ruledOut: readonly RuledOut[];
  allocatedAt: CodePlace[];
  /** Work since the first sample. */
  workBefore: number;
}

/** What the snapshots stage returns. */
export interface Compared extends Findings {
  /** Whether the walk explains too little of the growth, so that snapshots are wanted, taken or not. */
  wanted: boolean;
  /** Those of the walk and of the snapshots, the largest growth share first. */
  suspects: Suspect[];
  /** Of the snapshots: what only replaced what it had. */
  ruledOut: RuledOut[];
  /** Set where no container was known to go on and memory hardly grew between the snapshots. */
  stopped: Stopped | null;
  snapshot: Diagnosis['snapshot'];
  /** The share of the growth that only the snapshots explain, and that code may remove by its age. */
  agedShare: number;
}

/** Work goes on until a leak has gained so much. It is well above the drift of an idle process. */
const FEWEST_BYTES = 4 * IDLE_DRIFT_BYTES;
/** The most work between the two snapshots, as a multiple of the work between two walks. */
const MOST_WORK = 5;

/**
 * Takes two snapshots if the walk explains too little of the growth. They show what a walk cannot reach: objects that
 * only promises, finalizers, native handles or chains retain. They do not show bounds. None is therefore taken if what
 * was ruled out explains more than the suspects do, or if growth is uneven or has stopped.
 */
export async function snapshots(
  context: Context,
  { samples }: Measured,
  growth: Growth,
  known: Known,
  hasStopped: boolean,
): Promise<Compared> {
  const { target, options } = context;
  const wanted = !hasStopped && !growth.isUneven && explainsTooLittle(known);
  const none: Compared = {
    wanted,
    suspects: [...known.suspects],
    ruledOut: [],
    stopped: null,
    snapshot: null,
    agedShare: 0,
    notes: [],
    timingsMs: {},
  };
  if (!wanted) return none;
  if (!options.snapshot) return { ...none, notes: [{ code: 'snapshots-forbidden' }] };
  const cost = snapshotCost(samples.at(-1)?.heapUsedBytes ?? 0);
  const refusal = refusalOf('snapshot', cost, await availableBytes(target.session), options);
  if (refusal) return { ...none, notes: [{ code: 'snapshots-refused', refusal }] };

  const startMs = performance.now();
  const pause = `the process stops for about ${Math.ceil(cost.pauseMs / 1000)} s, twice`;
  options.onProgress?.(`taking snapshots: ${pause}`, 0.5);
  let done = 0;
  let gained = { liveBytes: 0, externalBytes: 0 };
  const compared = await compareSnapshots(target, async () => {
    const before = await sampleAfterCollection(target.session, target.pid);
    for (let times = 0; times < MOST_WORK && done * growth.bytesPerWork < FEWEST_BYTES; times += 1) {
      const did = await unlessEnded(workBetween(context));
      if (did === null && done === 0) throw new LoadEnded();
      if (did === null) break;
      done += did;
    }
    const after = await sampleAfterCollection(target.session, target.pid);
    gained = {
      liveBytes: liveBytes(after) - liveBytes(before),
      externalBytes: after.externalBytes - before.externalBytes,
    };
    options.onProgress?.('taking the second snapshot and comparing', 0.9);
  });
  const rate = <S extends Suspect>(suspect: S): S => rated(suspect, done, growth, known.allocatedAt);
  const found = withoutEmptied(compared.suspects, known.ruledOut)
    .filter((suspect) => !isKeptAlive(suspect, done, context.work.unit))
    .map((suspect) => rate(suspect));
  // What was counted goes on: counts are exact, and live bytes have the drift of V8's own tables in them.
  const isWatched = known.suspects.length === 0 && context.work.unit === 'request';
  const inAll = known.workBefore + done;
  const emptied = context.work.unit === 'request' ? found.filter((one) => hasLost(one, done, inAll)) : [];
  const apart = ruledOutByBoth(known.suspects, [
    ...compared.ruledOut.map((one) => rate(one)),
    ...emptied.map((one) => ({ ...one, reason: { code: 'was-emptied' as const } })),
  ]);
  const stay = found.filter((one) => !emptied.includes(one));
  return {
    wanted,
    suspects: combined(stay, apart.suspects),
    agedShare: growthShareOf(await whichMayAge(stay, target)),
    ruledOut: apart.ruledOut,
    stopped: isWatched
      ? stoppedGrowth(growth.bytesPerWork * done, gainedBetween(compared.notes, gained))
      : null,
    snapshot: compared.snapshot,
    // What the snapshots say for themselves matters where they name no suspect.
    notes: [{ code: 'snapshots-compared' }, ...(found.length === 0 ? compared.notes : [])],
    timingsMs: { snapshots: Math.round(performance.now() - startMs) },
  };
}

/**
 * What memory gained between the snapshots. The second one is taken a moment after the sample: what a timer dropped in that
 * moment shows in the snapshots alone.
 */
export function gainedBetween(
  notes: readonly Note[],
  gained: Record<'liveBytes' | 'externalBytes', number>,
): number {
  const none = notes.find((note) => note.code === 'nothing-grew');
  const bySnapshots = none ? none.afterBytes - none.beforeBytes + gained.externalBytes : Infinity;
  return Math.min(gained.liveBytes, bySnapshots);
}

/** A snapshot knows no numbers near a container: the code of its file says whether entries are removed by their age. */
async function whichMayAge(suspects: readonly Suspect[], target: Target): Promise<Suspect[]> {
  if (suspects.length === 0) return [];
  const files = new Set(suspects.map(({ path }) => path[0] ?? ''));
  const texts = new Map<string, string>();
  for (const { url } of (await target.scripts()).values()) {
    const file = fileName(url, target.facts);
    if (files.has(file)) texts.set(file, await textOf(pathOf(url)));
  }
  return suspects.filter(({ path }) => removesByAge(texts.get(path[0] ?? '') ?? '', ''));
}

/**
 * Whether the walk leaves most of the growth to be found, and what it ruled out does not explain more than what it named.
 * What sockets had for a moment is no window or cache, which snapshots would take for a leak.
 */
export function explainsTooLittle({ suspects, ruledOut }: Pick<Known, 'suspects' | 'ruledOut'>): boolean {
  const named = growthShareOf(suspects);
  const fills = growthShareOf(ruledOut.filter(({ type }) => !isConnection(type)));
  return named >= fills && named + fills < EXPLAINED;
}

/** Connections are few beside the requests that come over them, and live on for the next ones. */
function isKeptAlive({ type, entries }: Suspect, work: number, unit: WorkUnit): boolean {
  return unit === 'request' && isConnection(type) && entries !== null && entries < FEWEST_LEAKED * work;
}

/** A suspect of two snapshots, with its rate and growth share by the work between them. */
function rated<S extends Suspect>(
  suspect: S,
  work: number,
  { bytesPerWork }: Growth,
  places: CodePlace[],
): S {
  const gained = suspect.gainedBytes ?? 0;
  return {
    ...suspect,
    bytesPerWork: Math.min(bytesPerWork, gained / work),
    growthShare: Math.min(1, gained / (bytesPerWork * work)),
    allocatedAt: suspect.allocatedAt.length === 0 ? places : suspect.allocatedAt,
  };
}
