import { keptBytes } from '../process/sample.js';
import type { Diagnosis } from './diagnosis.js';
import { type Climb, walkRung } from './walk-rung.js';
import { measure, type Measured, type Work } from './measure.js';
import type { Patient } from './patient.js';
import type { Budget } from './price.js';
import { snapshotRung } from './snapshot-rung.js';
import { triageOf } from './triage.js';

export interface DiagnoseOptions extends Budget {
  urls: string[];
  /** Whether a heap snapshot may be taken where cheaper looks do not explain the growth. */
  snapshot: boolean;
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
  const { signal, onProgress } = options;
  const timingsMs: Record<string, number> = {};
  const start = performance.now();
  const measured = await measure(patient, work, signal, (round, planned, verdict) =>
    onProgress?.(`looking at its memory${verdict.kind === 'leak' ? ': it grows' : ''}`, round / planned),
  );
  timingsMs['measure'] = Math.round(performance.now() - start);
  const diagnosis: Diagnosis = {
    target: { pid: patient.pid, urls: options.urls, files: [], nodeVersion: patient.facts.nodeVersion },
    verdict: measured.verdict,
    trend: {
      unit: work.unit,
      readings: measured.looks.map((look) => ({ work: look.work, bytes: keptBytes(look) })),
    },
    triage: triageOf(measured),
    suspects: [],
    filling: [],
    notes: notesOn(patient, measured),
    snapshot: null,
    timingsMs,
  };
  if (measured.verdict.kind !== 'leak') return diagnosis;
  const climb: Climb = { patient, work, measured, startMs: start, diagnosis, signal, onProgress };
  await walkRung(climb);
  if (shareOf(diagnosis.suspects) + shareOf(diagnosis.filling) < EXPLAINED) {
    await snapshotRung(climb, options);
  }
  return withFilling(diagnosis);
}

/** How much of the growth these account for. */
function shareOf(list: Diagnosis['suspects']): number {
  return list.reduce((sum, { share }) => sum + (share ?? 0), 0);
}

function notesOn({ facts }: Patient, { verdict }: Measured): string[] {
  if (facts.workers === 0) return [];
  const threads = `${facts.workers} worker thread${facts.workers === 1 ? '' : 's'}`;
  return [
    `The process has ${threads}, with heaps of their own that were not looked into${verdict.kind === 'bounded' ? ': the verdict is of the main thread' : ''}.`,
  ];
}

/** Where what fills explains the growth, it is no leak; nor is it known to be none. */
function withFilling(diagnosis: Diagnosis): Diagnosis {
  const filling = shareOf(diagnosis.filling);
  const blamed = shareOf(diagnosis.suspects);
  if (filling === 0 || blamed > filling || (blamed > 0 && filling < EXPLAINED)) return diagnosis;
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
