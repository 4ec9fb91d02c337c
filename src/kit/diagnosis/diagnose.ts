import { liveBytes, sampleAsItIs } from '../process/sample.js';
import { Problem } from '../problem.js';
import type { Diagnosis, Suspect } from './result.js';
import { type Climb, walkRung } from './walk/stage.js';
import { afterRest, type Doubt, measure, type Measured, type Work } from './measure/measure.js';
import type { Patient } from './target.js';
import { type Budget, collectionPrice, refusal } from './cost-limit.js';
import { snapshotRung } from './snapshots/stage.js';
import { judgeByStructure, unevenGrowth } from './measure/uneven-growth.js';
import { outsideV8, triageOf } from './measure/triage.js';

export interface DiagnoseOptions extends Budget {
  urls: string[];
  /** Whether a heap snapshot may be taken where cheaper looks do not explain the growth. */
  snapshot: boolean;
  /** Whether the patient may be made to collect garbage; without it, verdicts take longer and settle less often. */
  collect: boolean;
  /** Asked of the first suspect: whether it may be emptied, to see the memory come back. */
  mayEmpty?: ((suspect: Suspect) => Promise<boolean>) | undefined;
  /** How long a leak is doubted before it is called one. */
  doubt?: Doubt | undefined;
  signal: AbortSignal;
  onProgress?: ((text: string, share: number) => void) | undefined;
}

/** Growth that is explained by so much needs no dearer look. */
const EXPLAINED = 0.5;

/**
 * Judges a running process and, where it leaks, names who holds the memory. It looks at the cheapest first and stops
 * when the growth is explained.
 *
 * @throws Problem when the patient ends, or does not answer.
 */
export async function diagnose(patient: Patient, work: Work, options: DiagnoseOptions): Promise<Diagnosis> {
  const { onProgress } = options;
  const timingsMs: Record<string, number> = {};
  const start = performance.now();
  const { heapUsedBytes } = await sampleAsItIs(patient.session, patient.pid);
  const price = collectionPrice(heapUsedBytes);
  const refused = options.collect ? refusal('A collection', price, Infinity, options) : null;
  const allowed = refused === null ? options : { ...options, collect: false };
  const measured = await measure(patient, work, allowed, (round, planned, verdict) =>
    onProgress?.(`looking at its memory${verdict.kind === 'leak' ? ': it grows' : ''}`, round / planned),
  );
  timingsMs['measure'] = Math.round(performance.now() - start);
  await patient.mustRun();
  const diagnosis = await explain(patient, work, measured, allowed, timingsMs);
  return refused === null ? diagnosis : { ...diagnosis, notes: [refused, ...diagnosis.notes] };
}

/** What was measured already, explained: who holds the memory. */
export async function explain(
  patient: Patient,
  work: Work,
  measured: Measured,
  options: DiagnoseOptions,
  timingsMs: Record<string, number> = {},
): Promise<Diagnosis> {
  const { signal, onProgress } = options;
  const startMs = performance.now() - (timingsMs['measure'] ?? 0);
  const diagnosis: Diagnosis = {
    target: { pid: patient.pid, urls: options.urls, files: [], nodeVersion: patient.facts.nodeVersion },
    verdict: measured.verdict,
    trend: {
      unit: work.unit,
      readings: measured.looks.map((look) => ({ work: look.work, bytes: liveBytes(look) })),
    },
    triage: triageOf(measured, work.unit),
    suspects: [],
    filling: [],
    notes: notesOn(patient, measured, options),
    snapshot: null,
    timingsMs,
  };
  const counted = countedWork(work);
  const common = { patient, ...counted, startMs, diagnosis, signal, onProgress };
  const uneven = unevenGrowth(measured);
  if (uneven !== null && options.collect) {
    const estimated = { looks: measured.looks, verdict: withRate(measured.verdict, uneven) };
    const rested = await afterRest(patient, work, estimated, options);
    if (rested.kind !== 'leak') return { ...diagnosis, verdict: rested };
    const looking = { ...options, mayEmpty: undefined };
    const climb: Climb = { ...common, measured: estimated, options: looking };
    await walkRung(climb);
    if (climb.stopped) return hasStopped(diagnosis, climb.stopped);
    const judged = judgeByStructure(diagnosis, uneven);
    return judged.verdict!.kind === 'leak' ? { ...judged, triage: triageOf(estimated, work.unit) } : judged;
  }
  if (measured.verdict.kind !== 'leak') {
    return { ...diagnosis, verdict: outsideV8(measured, work.unit) ?? measured.verdict };
  }
  const climb: Climb = { ...common, measured, options };
  try {
    await walkRung(climb);
  } catch (error) {
    if (error instanceof Problem || signal.aborted) throw error;
    diagnosis.notes.push(`The walk was given up: ${(error as Error).message}`);
  }
  if (climb.stopped) return hasStopped(diagnosis, climb.stopped);
  const [blamed, filling] = [shareOf(diagnosis.suspects), shareOf(diagnosis.filling)];
  // A snapshot knows of no bound: it would blame what fills.
  if (blamed >= filling && blamed + filling < EXPLAINED) {
    await snapshotRung(climb, options);
    blameMaker(diagnosis, climb.maker);
  }
  return withFilling(diagnosis);
}

/** The same work, with what was done of it since; traffic that is there anyway goes on all the time. */
function countedWork(work: Work): Pick<Climb, 'work' | 'workSince'> {
  const start = performance.now();
  let done = 0;
  const round = async (): Promise<number> => {
    const one = await work.round();
    done += one;
    return one;
  };
  return {
    work: { unit: work.unit, round },
    workSince: () => (work.unit === 'request' ? done : (performance.now() - start) / 1_000),
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** It grows, and nobody is to blame so far. */
function unsettled(diagnosis: Diagnosis, reason: string): Diagnosis {
  return {
    ...diagnosis,
    suspects: [],
    verdict: { ...diagnosis.verdict!, kind: 'unsettled', confidence: 0, reason },
  };
}

/** Growth that ended while its cause was sought was none that lasts. */
function hasStopped(
  diagnosis: Diagnosis,
  { expectedBytes, grownBytes }: NonNullable<Climb['stopped']>,
): Diagnosis {
  return unsettled(
    diagnosis,
    `Memory grew while it was measured, and hardly since: at that rate it would have gained ${megabytes(expectedBytes)} while its cause was sought, and gained ${megabytes(grownBytes)}. What fills, what is swept and what follows the traffic does that. Measure again for longer.`,
  );
}

/** The verdict as it would be if this rate were certain: what the walk compares with. */
function withRate(verdict: Measured['verdict'], rate: number): Measured['verdict'] {
  return { ...verdict, kind: 'leak', bytesPerRequest: { estimate: rate, low: rate, high: rate } };
}

/** Where those who hold it do not explain the growth, who makes it comes after them, with what they leave. */
function blameMaker({ suspects }: Diagnosis, maker: Suspect | undefined): void {
  const explained = shareOf(suspects);
  if (!maker || explained >= EXPLAINED) return;
  suspects.push({ ...maker, rank: suspects.length + 1, share: Math.min(maker.share ?? 0, 1 - explained) });
}

/** How much of the growth these account for. */
function shareOf(list: Diagnosis['suspects']): number {
  return list.reduce((sum, { share }) => sum + (share ?? 0), 0);
}

function notesOn({ facts }: Patient, { verdict }: Measured, { collect }: DiagnoseOptions): string[] {
  const notes = collect
    ? []
    : [
        'No collection was forced: the readings are what memory was lowest at between collections of its own, so a verdict takes more of them and a slow leak may not settle.',
      ];
  if (facts.workers === 0) return notes;
  const threads = `${facts.workers} worker thread${facts.workers === 1 ? '' : 's'}`;
  return [
    ...notes,
    `The process has ${threads}, with heaps of their own that were not looked into${verdict.kind === 'bounded' ? ': the verdict is of the main thread' : ''}.`,
  ];
}

/** Where what fills explains the growth, it is no leak; nor is it known to be none. */
function withFilling(diagnosis: Diagnosis): Diagnosis {
  const filling = shareOf(diagnosis.filling);
  const blamed = shareOf(diagnosis.suspects);
  if (filling === 0 || blamed > filling || (blamed > 0 && filling < EXPLAINED)) return diagnosis;
  const names = diagnosis.filling.map(({ name }) => name).join(' and ');
  return unsettled(
    diagnosis,
    `Memory grows, and ${Math.round(100 * Math.min(1, filling))} % of that is ${names}, which fills towards a bound that it declares, or is emptied now and then. Measure again for longer, or when it is full.`,
  );
}
