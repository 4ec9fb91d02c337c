import { type Candidate, isAsMany, type Ranking } from '../model/context.js';
import { withBound } from '../naming/index.js';
import type { GrownContainer, NearbyNumber, Probe, Recount } from '../probe/index.js';
import type { DeclaredBound, RuledOut } from '../model/result.js';

/**
 * Reads the bounds of what is ruled out again, now that more work was done: a bound does not move with what it bounds. A
 * counter of entries, the largest id, or a limit that is raised does, and its container is a suspect.
 */
export async function boundsThatStay(ranking: Ranking, probe: Pick<Probe, 'recount'>): Promise<Ranking> {
  const suspects: Candidate[] = [...ranking.suspects];
  const ruledOut: Candidate<RuledOut>[] = [];
  for (const candidate of ranking.ruledOut) {
    const { suspect, grown } = candidate;
    const { bound } = suspect;
    const rests = bound !== null && /^(has-bound|approaches-limit)$/.test(suspect.reason.code);
    if (!rests || grown.containers > 1) {
      ruledOut.push(candidate);
      continue;
    }
    const now = await probe.recount(grown);
    if (!hasMoved(bound, grown.nearby.numbers, now)) {
      ruledOut.push({ suspect: { ...suspect, bound: filledNow(bound, grown, now) }, grown });
      continue;
    }
    const { reason: _, ...other } = suspect;
    suspects.push({ suspect: withBound(other, null), grown });
  }
  return { suspects: suspects.toSorted(byShare), ruledOut };
}

function filledNow(bound: DeclaredBound, grown: GrownContainer, { entries }: Recount): DeclaredBound {
  if (entries === null || !isOfEntries(bound, grown)) return bound;
  return { ...bound, filled: Math.min(1, entries / bound.limit) };
}

/** Whether a bound is on the number of entries, and not on what they weigh. */
export function isOfEntries({ filled, limit }: DeclaredBound, { entries }: GrownContainer): boolean {
  return isAsMany(filled * limit, entries);
}

const byShare = (a: Candidate, b: Candidate): number =>
  (b.suspect.growthShare ?? 0) - (a.suspect.growthShare ?? 0);

/** Whether the number that a bound was read from is larger now. */
export function hasMoved(bound: DeclaredBound, then: readonly NearbyNumber[], { numbers }: Recount): boolean {
  const source = then.findIndex(
    ({ name, value }) =>
      value === bound.limit && bound.declaredBy.includes(name.slice(name.lastIndexOf('.') + 1)),
  );
  const [was, is] = [then[source], numbers[source]];
  return was !== undefined && is?.name === was.name && is.value > was.value;
}
