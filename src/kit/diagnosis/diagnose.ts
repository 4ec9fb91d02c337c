import { collectionCost, refusalOf } from '../process/cost-limit.js';
import { sampleAsItIs } from '../process/remote-sample.js';
import { attempt } from './attempt.js';
import { clearSuspect, type Cleared } from './clear-suspect.js';
import { conclude } from './conclude.js';
import { mayBeSettledNow, secondMeasurement } from './settled-now.js';
import {
  type Context,
  type DiagnoseOptions,
  type Findings,
  type Growth,
  type Measured,
  suspectsOf,
  type Work,
} from './model/context.js';
import { confirmWithMoreWork, measure, triage, USUAL_DOUBT } from './measure/index.js';
import type { Note } from './model/notes.js';
import { outside } from './outside/index.js';
import { openProbe, type Probe } from './probe/index.js';
import type { Diagnosis } from './model/result.js';
import { stoppedGrowth } from './model/stopped.js';
import { type Compared, snapshots } from './snapshots/index.js';
import type { Target } from './model/target.js';
import { withinLimits, withLimitNotes } from './within-limits.js';
import { type Verified, verify, watchAges } from './verify/index.js';
import {
  mayComeInBatches,
  NOTHING_WALKED,
  type OverPeriods,
  walk,
  walkOverPeriods,
  type WalkedTwice,
} from './walk/index.js';

/**
 * Judges a running process and, where it leaks, names what retains the memory: measure → triage → walk → verify →
 * snapshots → conclude → clear → outside. Each stage takes values and returns a value; the cheapest come first, and a stage that is not
 * needed does nothing.
 *
 * @throws Problem when the target ends or does not answer.
 */
export async function diagnose(target: Target, work: Work, options: DiagnoseOptions): Promise<Diagnosis> {
  const limitedWork = withinLimits(work, [target.pid]);
  const diagnosis = await explainMeasured(await measureOne({ target, work: limitedWork, options }));
  return { ...diagnosis, notes: withLimitNotes(diagnosis.notes, limitedWork) };
}

/** What one process or thread was measured to do, and what it takes to explain it. */
export interface MeasuredOne {
  context: Context;
  measured: Measured;
  notes: Note[];
  measureMs: number;
}

/** The first half of a diagnosis: whether memory grows. */
export async function measureOne(given: Context): Promise<MeasuredOne> {
  const { context, notes } = await withCollections(given);
  const measured = await measure(context);
  return { context, measured, notes, measureMs: Math.round(performance.now() - measured.startMs) };
}

/** The second half: what grew, and what retains it; in V8, and beside it. */
export async function explainMeasured(one: MeasuredOne): Promise<Diagnosis> {
  const { context, measured } = one;
  const explained = await explain(context, measured);
  const asMeasured = { ...context, work: limited(context.work, measured.mostInRound) };
  const diagnosis = await attempt(
    context,
    'outside',
    () => outside(asMeasured, measured, explained, () => retainersOf(asMeasured, measured)),
    explained,
  );
  return {
    ...diagnosis,
    notes: [...one.notes, ...diagnosis.notes],
    timingsMs: { measure: one.measureMs, ...diagnosis.timingsMs },
  };
}

/**
 * Explains what was measured already: what grew, and what retains it. Where that was measured with little work, and
 * what grew may be a container that fills, it is measured once more with all the work that the heap limit allows. Where
 * growth has stopped meanwhile, it is measured once more as well: what warmed up, or filled, is then known to be bounded.
 */
export async function explain(context: Context, measured: Measured): Promise<Diagnosis> {
  const diagnosis = await explainOnce(context, measured);
  if (diagnosis.verdict?.kind !== 'unsettled') return diagnosis;
  if (measured.hasSmallRounds) return explainOnce(context, await measure(context, true));
  if (!mayBeSettledNow(diagnosis, context)) return diagnosis;
  const again = await measure(context);
  const { ruledOut, verdict } = diagnosis;
  const note = secondMeasurement(again.verdict, measured.verdict, verdict.reason);
  const notes = [...diagnosis.notes, note];
  if (note.code === 'measured-twice') return { ...diagnosis, notes };
  return { ...(await explainOnce(context, again)), ruledOut, notes };
}

async function explainOnce(given: Context, measured: Measured): Promise<Diagnosis> {
  const { work, doneBefore } = counted(limited(given.work, measured.mostInRound), measured);
  const context = { ...given, work };
  const triaged = await triage(context, measured);
  const { growth } = triaged;
  const { options } = context;
  const notes = [...(measured.notes ?? []), ...notesOn(context, triaged.verdict.kind === 'bounded')];
  if (growth === null) {
    const cleared: Note[] = options.confirmClear ? [{ code: 'not-cleared', because: 'no-suspect' }] : [];
    return { ...conclude(context, measured, triaged), notes: [...notes, ...cleared] };
  }
  const opened = await attempt(context, 'probe', () => open(context, measured), NO_PROBE);
  const { probe } = opened;
  try {
    const { walked, verified } = await settle(context, probe, measured, growth);
    const known = { ...suspectsOf(verified), allocatedAt: walked.allocatedAt };
    const uncompared: Compared = {
      wanted: true,
      suspects: known.suspects,
      ruledOut: [],
      stopped: null,
      snapshot: null,
      agedShare: 0,
      notes: [],
      timingsMs: {},
    };
    const compared = await attempt(
      context,
      'snapshots',
      () =>
        snapshots(
          context,
          measured,
          growth,
          { ...known, workBefore: doneBefore() },
          verified.stopped !== null,
        ),
      uncompared,
    );
    const findings: Findings = {
      notes: [...notes, ...[opened, walked, verified, compared].flatMap((stage) => stage.notes)],
      timingsMs: { ...walked.timingsMs, ...compared.timingsMs },
    };
    const stoppedBefore = verified.stopped ?? compared.stopped;
    const { agesMs } = options.doubt ?? USUAL_DOUBT;
    const mayPass = stoppedBefore === null && probe !== null;
    const aging = { suspects: verified.suspects, inSnapshots: compared.agedShare };
    // Before more work is sent: what passes is then seen to pass, and is not filled once more.
    const givenBack = mayPass ? await watchAges(context, probe, measured, aging, agesMs) : null;
    const sent = doneBefore() - workOf(measured);
    const stopped =
      stoppedBefore ?? (givenBack ? null : await confirmWithMoreWork(given, measured, growth, sent));
    const explained = { walked, verified: { ...verified, stopped }, givenBack, compared, findings };
    const diagnosis = conclude(context, measured, triaged, explained);
    const cleared = await attempt<Cleared>(
      context,
      'clear',
      () => clearSuspect(context, probe, diagnosis, verified.suspects),
      { notes: [] },
    );
    return { ...diagnosis, ...cleared, notes: [...diagnosis.notes, ...cleared.notes] };
  } finally {
    await probe?.release();
  }
}

/** Walks and counts again; once more over several periods of the program's timers, where entries may come in batches. */
async function settle(
  context: Context,
  probe: Probe | null,
  measured: Measured,
  growth: Growth,
): Promise<{ walked: WalkedTwice; verified: Verified }> {
  const walked = await attempt(context, 'walk', () => walk(context, probe, measured, growth), NOTHING_WALKED);
  const check = (ranking: WalkedTwice, everyMs: number | null = null): Promise<Verified> =>
    attempt(context, 'verify', () => verify(context, probe, { ...ranking, everyMs }, growth), {
      ...ranking,
      stopped: null,
      notes: [],
      workDone: 0,
      goOn: new Set(),
    });
  const verified = await check(walked);
  const { between } = walked;
  const asIs = { walked, verified };
  if (!probe || !between || verified.stopped || growth.isUneven || !context.options.collect) return asIs;
  if (!mayComeInBatches(walked, verified)) return asIs;
  const nothing: OverPeriods = { walked: null, periodMs: null, expectedBytes: 0, grownBytes: 0, notes: [] };
  const watched = await attempt(
    context,
    'walk',
    () => walkOverPeriods(context, probe, measured, { ...walked, between }, verified),
    nothing,
  );
  const notes = [...walked.notes, ...watched.notes];
  if (!watched.walked) {
    const stopped = stoppedGrowth(watched.expectedBytes, watched.grownBytes);
    return { walked: { ...walked, notes }, verified: { ...verified, stopped } };
  }
  return { walked: { ...watched.walked, notes }, verified: await check(watched.walked, watched.periodMs) };
}

/** Work whose rounds are as small as the measurement found that they have to be. */
function limited(work: Work, most?: number): Work {
  return most === undefined ? work : { ...work, round: (asked = most) => work.round(Math.min(asked, most)) };
}

const workOf = ({ samples }: Measured): number => (samples.at(-1)?.work ?? 0) - (samples[0]?.work ?? 0);

/** Work, and how much of it was done since the first sample. */
function counted(work: Work, measured: Measured): { work: Work; doneBefore: () => number } {
  let done = workOf(measured);
  const round = async (most?: number): Promise<number> => {
    const one = await work.round(most);
    done += one;
    return one;
  };
  return { work: { ...work, round }, doneBefore: () => done };
}

/** Where the heap itself is no leak: its containers that grow, and those that are ruled out, retain what leaks outside. */
async function retainersOf(
  context: Context,
  measured: Measured,
): Promise<Pick<Diagnosis, 'suspects' | 'ruledOut'>> {
  const heapPerWork = measured.verdict.growthRate?.estimate ?? 0;
  const growth = { bytesPerWork: Math.max(LEAST_GROWTH_BYTES, heapPerWork), isUneven: true };
  const { probe } = await attempt(context, 'probe', () => open(context, measured), NO_PROBE);
  try {
    return suspectsOf((await settle(context, probe, measured, growth)).verified);
  } finally {
    await probe?.release();
  }
}

/** A container that takes one entry for each unit of work gains about as much. */
const LEAST_GROWTH_BYTES = 64;

interface Opened {
  /** Null where it costs too much, or could not be opened. */
  probe: Probe | null;
  notes: Note[];
}

const NO_PROBE: Opened = { probe: null, notes: [] };

/** A probe needs the list of scripts, and V8 collects before it lists them. */
async function open({ target, options }: Context, { samples }: Measured): Promise<Opened> {
  const cost = collectionCost(samples.at(-1)?.heapUsedBytes ?? 0);
  const refusal = refusalOf('script-list', cost, Infinity, options);
  if (refusal) return { probe: null, notes: [{ code: 'walk-refused', refusal }] };
  return {
    probe: await openProbe(target, options.force ? undefined : options.maxPauseMs, options.signal),
    notes: [],
  };
}

/** Collections are forced only where one pause of them is allowed. */
async function withCollections(context: Context): Promise<{ context: Context; notes: Note[] }> {
  const { target, options } = context;
  if (!options.collect) return { context, notes: [] };
  const { heapUsedBytes } = await sampleAsItIs(target.session, target.pid);
  const refusal = refusalOf('collection', collectionCost(heapUsedBytes), Infinity, options);
  if (!refusal) return { context, notes: [] };
  return {
    context: { ...context, options: { ...options, collect: false } },
    notes: [{ code: 'gc-refused', refusal }],
  };
}

function notesOn({ target, options }: Context, isBounded: boolean): Note[] {
  const { workers } = target.facts;
  return [
    ...(options.collect ? [] : [{ code: 'gc-not-forced' as const }]),
    ...(workers > 0 ? [{ code: 'workers-not-measured' as const, workers, isBounded }] : []),
  ];
}
