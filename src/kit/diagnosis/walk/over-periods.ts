import { setTimeout as sleep } from 'node:timers/promises';
import { sampleAfterCollection } from '../../process/remote-sample.js';
import { liveBytes } from '../../process/sample.js';
import {
  type Context,
  EXPLAINED,
  growthShareOf,
  isOutweighed,
  type Measured,
  type Ranking,
  suspectsOf,
} from '../model/context.js';
import { isConnection } from '../model/connections.js';
import { unlessEnded } from '../model/limits.js';
import type { Note } from '../model/notes.js';
import type { Probe } from '../probe/index.js';
import type { BetweenWalks } from './between-walks.js';
import { hasLostEntries } from './bounds.js';
import { named } from './named.js';
import { type WalkedTwice, withPlaces } from './stage.js';
import { LEAST_ENTRIES } from './suspects.js';

/** What a walk over several periods found. */
export interface OverPeriods {
  /** Null where nothing that lasts explains the growth. */
  walked: WalkedTwice | null;
  /** The period that was watched, of a timer; null where none is known. */
  periodMs: number | null;
  /** Growth since the first walk: what was expected, and what came. */
  expectedBytes: number;
  grownBytes: number;
  notes: Note[];
}

/** Periods of timers that are waited for. Shorter ones have passed between two walks; longer ones take too long. */
const SHORTEST_PERIOD_MS = 1_000;
const LONGEST_PERIOD_MS = 30_000;
/** So many periods are watched, and a moment more. */
const PERIODS = 2;
const MOMENT_MS = 500;
/** Where no timer is known, because a count, a message or a request after some time starts the batch. */
const UNKNOWN_MS = 5_000;
/** So long at most until a buffer is seen to be emptied, where no timer says when. */
const LONGEST_UNKNOWN_MS = 25_000;
/** Rounds of work meanwhile: few where only time matters. */
const FEWEST_ROUNDS = 4;
const MOST_ROUNDS = 20;

/** The period of the program's slowest timer that is worth waiting for; null without one. */
function longestPeriod(timersMs: readonly number[]): number | null {
  return (
    timersMs
      .filter((ms) => ms >= SHORTEST_PERIOD_MS && ms <= LONGEST_PERIOD_MS)
      .toSorted((a, b) => b - a)[0] ?? null
  );
}

/**
 * Whether the growth may come in batches: a buffer takes entries one by one, and a timer or a count moves them on, to
 * something that gained nothing between two walks. Then what was emptied is blamed for growth that it no longer holds,
 * or nothing is found.
 */
export function mayComeInBatches({ between, timersMs }: WalkedTwice, ranking: Ranking): boolean {
  if (between === null) return false;
  const { suspects, ruledOut } = suspectsOf(ranking);
  // A buffer takes entries between two flushes. Without any, what grows is not reached by a walk, now or later.
  if (suspects.length + ruledOut.length === 0) return false;
  const isEmptied = ranking.ruledOut.some(
    ({ suspect: { reason, type }, grown }) =>
      !isConnection(type) &&
      (/^(cleaned-by-timer|was-emptied|slows-down)$/.test(reason.code) || hasLostEntries(grown, between)),
  );
  if (growthShareOf([...suspects, ...ruledOut]) < EXPLAINED)
    return isEmptied || longestPeriod(timersMs) !== null;
  return isEmptied && isOutweighed(suspects, ruledOut);
}

/**
 * Goes on until the program's timers have run a few times, and walks once more: what grew since the first walk is then
 * what stays from one period to the next.
 *
 * @param verified what was counted since the second walk, and the work that was done meanwhile
 */
export async function walkOverPeriods(
  context: Context,
  probe: Probe,
  measured: Measured,
  before: WalkedTwice & { between: BetweenWalks },
  verified: Ranking & { workDone: number },
): Promise<OverPeriods> {
  const { target, work, options } = context;
  const startMs = performance.now();
  const period = longestPeriod(before.timersMs);
  const forMs = period === null ? UNKNOWN_MS : PERIODS * period + MOMENT_MS;
  const rounds = roundsFor(before, measured);
  const isFlushed = period === null ? flushOf(verified, probe) : null;
  let done = 0;
  let hasFlushed = false;
  // Rounds go on until a buffer whose period is not known has been emptied once more.
  const isTooEarly = (): boolean =>
    isFlushed !== null && !hasFlushed && performance.now() - startMs < LONGEST_UNKNOWN_MS;
  for (let round = 1; round <= rounds || isTooEarly(); round += 1) {
    options.onProgress?.('watching for longer, to see what stays', Math.min(1, round / rounds));
    const did = await unlessEnded(work.round());
    if (did === null) break;
    done += did;
    const restMs = (forMs * round) / rounds - (performance.now() - startMs);
    if (restMs > 0) await sleep(restMs, undefined, { signal: options.signal });
    hasFlushed ||= (await isFlushed?.()) ?? false;
  }
  const passed = (performance.now() - startMs) / 1_000;
  const sample = await sampleAfterCollection(target.session, target.pid);
  const second = await probe.second();
  const { between } = before;
  const since = work.unit === 'request' ? done + verified.workDone : passed + verified.workDone;
  const longer: BetweenWalks = {
    ...between,
    work: between.work + since,
    workInAll: between.workInAll + since,
    measuredMs: performance.now() - measured.startMs,
    isOverPeriods: true,
  };
  const [last] = measured.samples.slice(-1);
  const grown = {
    expectedBytes: between.bytesPerWork * longer.work,
    grownBytes: liveBytes(sample) - (last ? liveBytes(last) : 0),
  };
  const found = await named(context, probe, { second, allocations: [], between: longer });
  if (!lastsOver(found.ranking)) return { walked: null, periodMs: period, ...grown, notes: [] };
  const walked: WalkedTwice = {
    ...before,
    between: longer,
    suspects: found.ranking.suspects.map((one) => withPlaces(one, before.allocatedAt)),
    ruledOut: found.ranking.ruledOut,
  };
  const note: Note = { code: 'watched-over-periods', seconds: Math.round(passed), periodMs: period };
  return { walked, periodMs: period, ...grown, notes: [note] };
}

/**
 * Whether what grew over several periods lasts: it explains the growth, or takes an entry for most units of work and more
 * than what is ruled out. A walk sees too little of some entries, such as texts that are joined; snapshots weigh them.
 */
export function lastsOver(ranking: Ranking): boolean {
  const { suspects, ruledOut } = suspectsOf(ranking);
  const isSteady = suspects.some(({ entriesPerWork }) => (entriesPerWork ?? 0) >= LEAST_ENTRIES);
  return (isSteady || growthShareOf(suspects) >= EXPLAINED) && !isOutweighed(suspects, ruledOut);
}

/**
 * Asks whether one of the buffers that were emptied is emptied again: it took entries, and takes no more, as an Array does
 * that another one replaced. Null without one.
 */
function flushOf({ ruledOut }: Ranking, probe: Probe): (() => Promise<boolean>) | null {
  const buffers = ruledOut.filter(({ suspect: { reason } }) => reason.code === 'was-emptied');
  if (buffers.length === 0) return null;
  const before = new Map<number, number>();
  const growing = new Set<number>();
  return async () => {
    let hasFlushed = false;
    for (const { grown } of buffers) {
      const entries = (await probe.recount(grown)).entries ?? 0;
      const isGrowing = entries > (before.get(grown.index) ?? entries);
      hasFlushed ||= growing.has(grown.index) && !isGrowing;
      if (isGrowing) growing.add(grown.index);
      before.set(grown.index, entries);
    }
    return hasFlushed;
  };
}

/** Enough rounds that what has a bound is filled twice. */
function roundsFor({ ruledOut, between }: WalkedTwice, { samples }: Measured): number {
  const [first, last] = [samples[0], samples.at(-1)];
  const workPerRound = first && last ? (last.work - first.work) / Math.max(1, samples.length - 1) : 1;
  const wanted = ruledOut.map(({ suspect: { bound }, grown: { gained } }) =>
    bound === null || between === null
      ? 0
      : (2 * bound.limit * between.work) / Math.max(1, gained) / workPerRound,
  );
  return Math.min(MOST_ROUNDS, Math.max(FEWEST_ROUNDS, ...wanted.map(Math.ceil)));
}
