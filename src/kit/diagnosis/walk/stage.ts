import type { Gain } from '../probe/inside/container-growth.js';
import type { DiagnoseOptions } from '../diagnose.js';
import { collectionPrice, refusal } from '../cost-limit.js';
import { prove } from '../clear/clear-suspect.js';
import { sampleAllocations, type Allocation } from './allocation-profile.js';
import { acquit, type Alibi, alibiOf, type Counts } from '../verify/recount.js';
import type { CodePlace, Diagnosis, Suspect } from '../result.js';
import { makerOf } from './allocation-suspect.js';
import type { Measured, Work } from '../measure/measure.js';
import type { Patient } from '../target.js';
import { pathOf, type Script, sourcesOf } from '../naming/scripts.js';
import { SourceMaps } from '../naming/source-maps.js';
import { captureThis } from './capture-this.js';
import { accuse, type Accused } from './suspects.js';
import { weighUnseen } from './allocation-share.js';
import { liveBytes, sampleAfterCollection } from '../../process/sample.js';
import { openWalk, type Walk } from '../probe/open-probe.js';

/** What all rungs stand on. */
export interface Climb {
  patient: Patient;
  work: Work;
  measured: Measured;
  /** Work done since the last look that the verdict rests on. */
  workSince: () => number;
  /** When the first look was taken, on the clock of `performance`. */
  startMs: number;
  /** What was found so far; each rung adds to it. */
  diagnosis: Diagnosis;
  /** Set where memory hardly grew any more while it was looked for who gains. */
  stopped?: { expectedBytes: number; grownBytes: number } | undefined;
  /** The function that makes most of what stays: the one to name where nobody is seen to hold it. */
  maker?: Suspect | undefined;
  options: DiagnoseOptions;
  signal: AbortSignal;
  onProgress?: ((text: string, share: number) => void) | undefined;
}

/** Rounds between two marks: what a container gains in them stands out from what it holds. */
const ROUNDS_BETWEEN = 5;
/** Growth that is explained by so much needs no further look. */
const EXPLAINED = 0.5;
const NEST = /[\\/]@nestjs[\\/]core[\\/]/;
const PLACES_SHOWN = 5;
/** The first half of this is compared with the second. */
const RECOUNTS = 2;
/** What V8 may let go of meanwhile. */
const DRIFT_BYTES = 200_000;
/** A line that allocates less of what stays is no clue. */
const LEAST_OF_ALLOCATIONS = 0.03;

/** More work, between two marks. @returns how much. */
export async function workBetween({ work, signal, onProgress }: Climb): Promise<number> {
  let done = 0;
  for (let round = 1; round <= ROUNDS_BETWEEN; round += 1) {
    signal.throwIfAborted();
    onProgress?.('more work, to see who gains', round / ROUNDS_BETWEEN);
    done += await work.round();
  }
  return done;
}

/** Two walks, with allocations sampled in between: who gained, and who made what stays. */
export async function walkRung(climb: Climb): Promise<void> {
  const { patient, measured, diagnosis, onProgress } = climb;
  const { session, facts } = patient;
  const { timingsMs, notes } = diagnosis;
  const bytesPerWork = measured.verdict.bytesPerRequest!.estimate;
  const { looks } = measured;
  const { maxPauseMs, force } = climb.options;
  const price = collectionPrice(looks.at(-1)!.heapUsedBytes);
  const what = 'A walk begins with a list of scripts, and V8 collects for it: that';
  const refused = refusal(what, price, Infinity, climb.options);
  if (refused) {
    notes.push(refused);
    return;
  }
  let scripts = new Map<string, Script>();
  const listed = async (): Promise<Map<string, Script>> => (scripts = await patient.scripts());
  const walk = await openWalk(session, listed, force ? undefined : maxPauseMs);
  try {
    const twice = async (): Promise<Accused> => {
      onProgress?.('walking through its objects', 0.1);
      const first = await walk.first();
      const firstMs = performance.now();
      const pace = (looks.at(-1)!.work - looks[0]!.work) / (looks.length - 1);
      // To tell what stays from what is garbage takes a collection.
      const endSampling = climb.options.collect
        ? await sampleAllocations(session, bytesPerWork * pace * ROUNDS_BETWEEN)
        : async () => [];
      let allocations: Allocation[] = [];
      let done: number;
      try {
        done = await workBetween(climb);
      } finally {
        allocations = await endSampling();
      }
      onProgress?.('walking again', 0.9);
      const second = await walk.second();
      timingsMs['scouting'] = Math.round(scouted.durationMs);
      timingsMs['first walk'] = Math.round(first.durationMs);
      timingsMs['second walk'] = Math.round(second.durationMs);
      timingsMs['longest slice'] = Math.round(
        Math.max(scouted.longestSliceMs, first.longestSliceMs, second.longestSliceMs),
      );
      walked = `Walked twice through ${second.objects.toLocaleString('en')} objects, ${second.functions.toLocaleString('en')} functions and ${second.containers.toLocaleString('en')} containers, never longer than ${timingsMs['longest slice']} ms at a time.`;
      if (!knowsAll(scripts, second.gains)) await listed();
      const maps = new SourceMaps();
      await maps.load(scriptsNamed(second.gains, allocations, scripts));
      const { heapLimitBytes } = looks.at(-1)!;
      const watchedMs = performance.now() - climb.startMs;
      const growth = { bytesPerWork, ...workOf(climb, done, firstMs), heapLimitBytes, watchedMs };
      const sources = await sourcesOf(
        second.gains.flatMap(({ nearby }) => nearby.scripts),
        scripts,
      );
      const atlas = { scripts, maps, sources, folder: facts.folder };
      diagnosis.allocatedAt = placesOf(allocations, scripts, maps);
      climb.maker = makerOf(allocations, diagnosis.allocatedAt, growth, atlas);
      const found = accuse(second.gains, second.now, growth, atlas);
      const weighed = weighUnseen(found, allocations, growth);
      if (weighed)
        unseen = `${weighed.suspect.name}: ${weighed.why}; its share is what its file makes of what stays.`;
      return found;
    };
    let walked = '';
    let unseen: string | null = null;
    onProgress?.('walking through its objects', 0);
    let scouted = await walk.scout();
    const capture = async (): Promise<boolean> => {
      const captured = await captureThis(session, walk, scripts, () => climb.work.round());
      if (captured === 0) return false;
      notes.push(
        'Objects that only arrow functions hold, as their `this`, were found by breakpoints that never stop.',
      );
      scouted = await walk.scout();
      return true;
    };
    // Only arrow functions of Nest's hold its container, and it knows everybody's name.
    const asksNest = scouted.nestModules === 0 && [...scripts.values()].some(({ url }) => NEST.test(url));
    let hasCaptured = asksNest && (await capture());
    let accused = await twice();
    if (!hasCaptured && explained(accused) < EXPLAINED && (hasCaptured = await capture())) {
      accused = await twice();
    }
    notes.push(walked);
    if (unseen !== null) notes.push(unseen);
    notes.push(...acquit(accused, await watchOn(climb, accused, walk)));
    diagnosis.suspects = accused.suspects;
    diagnosis.filling = accused.filling;
    for (const suspect of diagnosis.suspects) suspect.allocatedAt.push(...diagnosis.allocatedAt!);
    if (!climb.stopped) await prove(climb, accused, walk);
  } finally {
    await walk.release();
  }
}

/**
 * Watches for a while longer: the suspects are counted again and again, and memory is weighed before and after. Who
 * fills does not go on as it began; and where memory hardly grows any more, it was a window that follows the traffic,
 * a fill that came to its end, or a sweep.
 */
async function watchOn(climb: Climb, { suspects, gains }: Accused, walk: Walk): Promise<Map<Suspect, Alibi>> {
  const watched = suspects.filter((suspect) => gains.get(suspect)!.containers <= 1);
  const { collect: collected } = climb.options;
  const all = new Map<Suspect, Counts>(
    watched.map((suspect) => [suspect, { work: [], counts: [], collected }]),
  );
  const count = async (): Promise<void> => {
    for (const [suspect, { counts }] of all) counts.push(await walk.recount(gains.get(suspect)!));
  };
  // What finalizers and hooks of the collector take out has to be out before it is counted.
  const weigh = weighing(climb);
  await weigh();
  await count();
  for (let time = 0; time < RECOUNTS; time += 1) {
    const done = await workBetween(climb);
    climb.stopped = await weigh();
    for (const { work } of all.values()) work.push(done);
    await count();
  }
  const alibis = new Map<Suspect, Alibi>();
  for (const [suspect, counts] of all) {
    const alibi = alibiOf(counts, climb.work.unit);
    if (alibi) alibis.set(suspect, alibi);
    // Entries are exact; what memory gains beside V8's own comings and goings is not.
    else if (takesOn(suspect, counts)) climb.stopped = undefined;
  }
  return alibis;
}

/** Whether it went on to take entries, at half the rate at least that it was named for. */
function takesOn({ entriesPerRequest }: Suspect, { work, counts }: Counts): boolean {
  const [first, last] = [counts[0]!.entries, counts.at(-1)!.entries];
  if (first === null || last === null || entriesPerRequest === null) return false;
  return last - first >= (entriesPerRequest / 2) * work.reduce((sum, one) => sum + one, 0);
}

/** @returns what weighs, and says how much too little memory has grown since the first time, where it has. */
function weighing({ patient, measured, options, workSince }: Climb): () => Promise<Climb['stopped']> {
  let first: { bytes: number; work: number } | undefined;
  return async () => {
    if (!options.collect) return undefined;
    const bytes = liveBytes(await sampleAfterCollection(patient.session, patient.pid));
    first ??= { bytes, work: workSince() };
    const expectedBytes = measured.verdict.bytesPerRequest!.estimate * (workSince() - first.work);
    const grownBytes = bytes - first.bytes;
    const isMuch = expectedBytes - grownBytes > Math.max(expectedBytes / 2, DRIFT_BYTES);
    return isMuch ? { expectedBytes, grownBytes } : undefined;
  };
}

/** Traffic that is there anyway goes on while the patient is walked through; driven work does not. */
function workOf({ work, measured: { looks }, startMs }: Climb, done: number, firstMs: number) {
  if (work.unit === 'request') return { work: done, workInAll: looks.at(-1)!.work - looks[0]!.work + done };
  const now = performance.now();
  return { work: (now - firstMs) / 1_000, workInAll: (now - startMs) / 1_000 };
}

function explained({ suspects, filling }: Accused): number {
  return [...suspects, ...filling].reduce((sum, { share }) => sum + (share ?? 0), 0);
}

/** Whether no script was loaded since they were listed that somebody is to be named by. */
function knowsAll(scripts: Map<string, Script>, gains: Gain[]): boolean {
  return gains.every(({ route }) => route.every(({ edge: { script } }) => !script || scripts.has(script)));
}

function* scriptsNamed(
  gains: Gain[],
  allocations: Allocation[],
  scripts: Map<string, Script>,
): Generator<Script> {
  const ids = [
    ...gains.flatMap(({ route }) => route.map(({ edge }) => edge.script)),
    ...gains.map(({ calls }) => calls?.script),
    ...allocations.slice(0, PLACES_SHOWN).map(({ script }) => script),
  ];
  for (const id of new Set(ids)) {
    const script = id === undefined ? undefined : scripts.get(id);
    if (script) yield script;
  }
}

function placesOf(allocations: Allocation[], scripts: Map<string, Script>, maps: SourceMaps): CodePlace[] {
  const all = allocations.reduce((sum, { bytes }) => sum + bytes, 0);
  return allocations
    .filter(({ bytes }) => bytes >= LEAST_OF_ALLOCATIONS * all)
    .slice(0, PLACES_SHOWN)
    .map(({ function: name, script, line, column }) => {
      const found = scripts.get(script);
      const place = found ? maps.place(found, line, column) : { file: '', line, column };
      return { function: name, file: pathOf(place.file), line: place.line, column: place.column };
    });
}
