import type { Diagnosis } from './diagnosis.js';
import { measure, type Work } from './measure.js';
import type { Patient } from './patient.js';
import type { Script } from './scripts.js';
import { accuse } from './suspects.js';
import { triageOf } from './triage.js';
import { openWalk } from './walk.js';

export interface DiagnoseOptions {
  urls: string[];
  signal: AbortSignal;
  onProgress?: (text: string, share: number) => void;
}

/** Rounds between the two walks: what a container gains in them stands out from what it holds. */
const ROUNDS_BETWEEN = 5;
/** Growth that is explained by so much needs no dearer look. */
export const EXPLAINED = 0.5;

/** Judges a running process and, where it leaks, names who holds the memory: from the cheapest look upwards. */
export async function diagnose(patient: Patient, work: Work, options: DiagnoseOptions): Promise<Diagnosis> {
  const { signal, onProgress } = options;
  const timingsMs: Record<string, number> = {};
  const timed = async <T>(name: string, what: Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await what;
    timingsMs[name] = Math.round(performance.now() - start);
    return result;
  };
  const measured = await timed(
    'measure',
    measure(patient, work, signal, (round, planned, verdict) =>
      onProgress?.(
        `looking at its memory${verdict.kind === 'unsettled' ? '' : `: ${verdict.kind}`}`,
        round / planned,
      ),
    ),
  );
  const diagnosis: Diagnosis = {
    target: { pid: patient.pid, urls: options.urls, files: [], nodeVersion: patient.facts.nodeVersion },
    verdict: measured.verdict,
    triage: triageOf(measured),
    suspects: [],
    filling: [],
    notes: [],
    snapshot: null,
    timingsMs,
  };
  if (measured.verdict.kind !== 'leak') return diagnosis;

  let scripts = new Map<string, Script>();
  const internal = async (): Promise<string[]> => {
    scripts = await patient.scripts();
    return [...scripts.values()].filter(({ url }) => url.startsWith('node:')).map(({ id }) => id);
  };
  const walk = await openWalk(patient.session, internal);
  try {
    onProgress?.('walking through its objects', 0.1);
    const first = await timed('first walk', walk.first());
    let done = 0;
    for (let round = 1; round <= ROUNDS_BETWEEN; round += 1) {
      signal.throwIfAborted();
      onProgress?.('more load between two walks', round / ROUNDS_BETWEEN);
      done += await work.round();
    }
    onProgress?.('walking again', 0.9);
    const second = await timed('second walk', walk.second());
    diagnosis.notes.push(
      `Walked through ${second.objects.toLocaleString('en')} objects and ${second.functions.toLocaleString('en')} functions, twice; the longest slice took ${Math.max(first.longestSliceMs, second.longestSliceMs).toFixed(0)} ms.`,
    );
    const growth = {
      bytesPerWork: measured.verdict.bytesPerRequest!.estimate,
      work: done,
      heapLimitBytes: measured.looks.at(-1)!.heapLimitBytes,
    };
    const accused = accuse(second.gains, second.now, growth, { scripts, folder: patient.facts.folder });
    diagnosis.suspects = accused.suspects;
    diagnosis.filling = accused.filling;
  } finally {
    await walk.release();
  }
  return withFilling(diagnosis);
}

/** How much of the growth these account for. */
function shareOf(list: Diagnosis['suspects']): number {
  return list.reduce((sum, { share }) => sum + (share ?? 0), 0);
}

/** Where what fills explains the growth, it is no leak; nor is it known to be none. */
function withFilling(diagnosis: Diagnosis): Diagnosis {
  const filling = shareOf(diagnosis.filling);
  if (filling < EXPLAINED || shareOf(diagnosis.suspects) > filling) return diagnosis;
  const names = diagnosis.filling.map(({ name }) => name).join(' and ');
  return {
    ...diagnosis,
    suspects: [],
    verdict: {
      ...diagnosis.verdict!,
      kind: 'unsettled',
      confidence: 0,
      reason: `Memory grows, and ${Math.round(100 * Math.min(1, filling))} % of that is ${names}, which fills towards a bound that it declares. Measure again when it is full.`,
    },
  };
}
