import { sampleAfterCollection } from '../../process/remote-sample.js';
import { liveBytes, type Sample } from '../../process/sample.js';
import { type Candidate, type Context, type Growth, type Ranking, workBetween } from '../model/context.js';
import { limitsAt, sinceFirst, unlessEnded } from '../model/limits.js';
import type { Note } from '../model/notes.js';
import { type Stopped, stoppedGrowth } from '../model/stopped.js';
import type { Probe } from '../probe/index.js';
import type { Suspect } from '../model/result.js';
import { goesOnBeside } from './goes-on.js';
import { type Counts, type Ruling, rulingOn, wasEmptiedBefore } from './recount.js';
import { boundsThatStay } from './moved-bounds.js';
import { type CountedCandidate, moreRecounts, takenBy } from './more-recounts.js';
import { rulingsOnPlaces } from './of-several.js';
import { ruleOut } from './rule-out.js';

/** What the verify stage returns. */
export interface Verified extends Ranking {
  notes: Note[];
  /** Set if growth stopped during the verification: how much was expected and how much came. */
  stopped: Stopped | null;
  /** Work that was done meanwhile. */
  workDone: number;
  /** Suspects that retain most of what remains of the growth without what is ruled out. */
  goOn: ReadonlySet<Suspect>;
}

/** Counts after the first. The first half is compared with the second. */
const RECOUNTS = 2;

/**
 * Does more work and counts the suspects again: what fills does not go on as it began. Memory is sampled as well: growth
 * that has stopped was a window that follows the traffic, a fill that ended, or a cleanup.
 *
 * @param ranking with the period of the timer that moves entries on in batches, where one is known
 */
export async function verify(
  context: Context,
  probe: Probe | null,
  ranking: Ranking & { everyMs?: number | null },
  growth: Growth,
): Promise<Verified> {
  if (!probe) return { ...ranking, stopped: null, notes: [], workDone: 0, goOn: new Set() };
  const { target, work, options } = context;
  // A sample collects first, so that finalizers have removed what they remove before anything is counted.
  const before = await sampleNow(context);
  const limitsBefore = before ? limitsAt(target.pid, before) : [];
  const counted = countable(ranking.suspects, options.collect, before);
  const ruledOutBefore = countable(ranking.ruledOut, options.collect, before);
  const count = async (): Promise<void> => {
    for (const { grown, counts } of [...counted, ...ruledOutBefore])
      counts.counts.push(await probe.recount(grown));
  };
  /** Between these counts no collection is forced: they show whether entries come one by one or in batches. */
  const countRound = async (done: number): Promise<void> => {
    for (const { grown, counts } of counted)
      counts.rounds.push({ work: done, entries: (await probe.recount(grown)).entries });
  };
  const startMs = performance.now();
  await count();
  let stopped: Verified['stopped'] = null;
  let workDone = 0;
  let grownBytes = 0;
  // Where nothing is counted, memory alone is watched, which takes half as long.
  const fewest = counted.length > 0 ? RECOUNTS : 1;
  let recounts = fewest;
  for (let time = 0; time < recounts; time += 1) {
    const done = await unlessEnded(workBetween(context, countRound));
    if (done === null) break;
    workDone = work.unit === 'request' ? workDone + done : (performance.now() - startMs) / 1_000;
    const now = await sampleNow(context);
    if (before && now) {
      grownBytes = liveBytes(now) - liveBytes(before);
      // What doubles gains nothing for as much work as was done so far.
      stopped =
        growth.doublesAt === undefined ? stoppedGrowth(growth.bytesPerWork * workDone, grownBytes) : null;
    }
    for (const { counts } of [...counted, ...ruledOutBefore]) counts.work.push(done);
    await count();
    if (time === fewest - 1 && now && work.unit === 'request') {
      const each = {
        ms: (performance.now() - startMs) / fewest,
        bytes: (growth.bytesPerWork * workDone) / fewest,
      };
      const limits = sinceFirst(limitsBefore, limitsAt(target.pid, now));
      recounts += moreRecounts(
        { counted, ruledOut: ruledOutBefore },
        each,
        takenBy(each.bytes, limits, fewest),
        ranking.everyMs,
      );
    }
  }
  const rulings = new Map<Suspect, Ruling>();
  for (const { suspect, counts } of counted) {
    const ruling = rulingOn(counts, work.unit) ?? wasEmptiedBefore(counts, suspect.entriesPerWork, work.unit);
    if (ruling) rulings.set(suspect, ruling);
    // Counts of entries are exact; live bytes have the drift of V8's own tables in them.
    else if (stillGrows(suspect, counts)) stopped = null;
  }
  const counts = await boundsThatStay(ruleOut(ranking, rulings), probe);
  const verified = await withPlaces(context, probe, counts, workDone);
  const stay = new Set(verified.suspects.map(({ suspect }) => suspect));
  const others = [...ruledOutBefore, ...counted.filter(({ suspect }) => !stay.has(suspect))];
  const goOn = counted
    .filter(({ suspect }) => stay.has(suspect))
    .filter((one) => options.collect && goesOnBeside(one, others, grownBytes))
    .map(({ suspect }) => suspect);
  return { ...verified, stopped, notes: [], workDone, goOn: new Set(goOn) };
}

/** Where nothing but several containers at one place is left, they are walked once more: none of them can be counted. */
async function withPlaces(
  { work, options }: Context,
  probe: Probe,
  ranking: Ranking,
  workDone: number,
): Promise<Ranking> {
  const { suspects } = ranking;
  const areSeveral = suspects.length > 0 && suspects.every(({ grown }) => grown.containers > 1);
  if (!areSeveral || work.unit !== 'request' || !options.collect) return ranking;
  const { grown } = await probe.second();
  return ruleOut(ranking, rulingsOnPlaces(suspects, grown, workDone));
}

/** Those that can be counted, with their counts to come. */
function countable(
  candidates: readonly Candidate[],
  collected: boolean,
  sample: Sample | null,
): CountedCandidate[] {
  return candidates
    .filter(({ grown }) => grown.containers <= 1)
    .map(({ suspect, grown }) => ({
      suspect,
      grown,
      bytesPerEntry: grown.bytesPerEntry,
      counts: {
        work: [],
        counts: [],
        rounds: [],
        collected,
        ...(sample && { mostEntries: sample.heapLimitBytes / Math.max(1, grown.heldBytesPerEntry) }),
      },
    }));
}

/** A sample after a collection; null where none may be forced. */
async function sampleNow({ target, options }: Context): Promise<Sample | null> {
  return options.collect ? sampleAfterCollection(target.session, target.pid) : null;
}

/** Whether it went on to take entries, at half the rate at least that it was named for. */
function stillGrows({ entriesPerWork }: Suspect, { work, counts }: Counts): boolean {
  const [first, last] = [counts[0]?.entries ?? null, counts.at(-1)?.entries ?? null];
  if (first === null || last === null || entriesPerWork === null) return false;
  return last - first >= (entriesPerWork / 2) * work.reduce((sum, one) => sum + one, 0);
}
