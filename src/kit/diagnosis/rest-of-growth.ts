import { type Candidate, EXPLAINED, growthShareOf } from './model/context.js';
import type { Note } from './model/notes.js';
import type { Suspect } from './model/result.js';

/** How far entries per request may be from a whole number: more is another story than one entry at each request. */
const OFF_RATE = 0.02;

/**
 * What the suspects leave of the growth, where no snapshot was compared. If the only suspect takes an entry at each
 * request, and its entries have functions whose `this` the inspector does not show, the rest comes at the same rate and
 * is one story with it. Otherwise the allocation site comes after the suspects.
 */
export function withRestOfGrowth(
  suspects: readonly Suspect[],
  candidates: readonly Candidate[],
  allocationSuspect: Suspect | null,
): { suspects: Suspect[]; notes: Note[] } {
  const explained = growthShareOf(suspects);
  if (!allocationSuspect || explained >= EXPLAINED) return { suspects: [...suspects], notes: [] };
  const [first, ...others] = suspects;
  const unseen = candidates.find(({ suspect }) => suspect.name === first?.name)?.grown.arrows ?? [];
  if (first && others.length === 0 && unseen.length > 0 && isSteady(first)) return joined(first);
  const growthShare = Math.min(allocationSuspect.growthShare ?? 0, 1 - explained);
  return { suspects: [...suspects, { ...allocationSuspect, growthShare }], notes: [] };
}

function isSteady({ entriesPerWork }: Suspect): boolean {
  const rate = entriesPerWork ?? 0;
  return rate >= 1 - OFF_RATE && Math.abs(rate - Math.round(rate)) <= OFF_RATE;
}

function joined(first: Suspect): { suspects: Suspect[]; notes: Note[] } {
  const seen = first.growthShare ?? 0;
  const { name, bytesPerWork } = first;
  const all = {
    growthShare: 1,
    bytesPerWork: bytesPerWork === null || seen === 0 ? null : bytesPerWork / seen,
  };
  return {
    // What is retained was seen as incompletely as what was gained.
    suspects: [{ ...first, ...all, retainedBytes: null }],
    notes: [{ code: 'rest-of-entries', name, seen, because: 'lexical-this' }],
  };
}
