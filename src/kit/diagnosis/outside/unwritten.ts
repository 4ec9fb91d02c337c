import { type LedgerReading, unwrittenGrowth } from '../../outside/index.js';
import type { Note } from '../model/notes.js';
import type { Diagnosis } from '../model/result.js';

/** A smaller share of the growth is not worth a sentence; more than all of it is growth that the verdict does not count. */
const LEAST_SHARE = 0.1;
const MOST_SHARE = 1.1;

/** The diagnosis of a leak with what the resident set grows by, where that is less than what is allocated. */
export function withUnwritten(diagnosis: Diagnosis, readings: readonly LedgerReading[]): Diagnosis {
  const { verdict } = diagnosis;
  if (verdict?.kind !== 'leak' || verdict.growthRate === null) return diagnosis;
  const perWork = verdict.growthRate.estimate;
  const unwrittenPerWork = unwrittenGrowth(readings, verdict.unit) ?? 0;
  const share = unwrittenPerWork / perWork;
  if (!(share >= LEAST_SHARE && share <= MOST_SHARE)) return diagnosis;
  const note: Note = { code: 'not-written', perWork, unwrittenPerWork, unit: verdict.unit };
  return { ...diagnosis, notes: [...diagnosis.notes, note] };
}
