import type { Candidate, Ranking } from '../model/context.js';
import { withBound } from '../naming/index.js';
import type { NearbyNumber, Probe, Recount } from '../probe/index.js';
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
    if (
      !rests ||
      grown.containers > 1 ||
      !hasMoved(bound, grown.nearby.numbers, await probe.recount(grown))
    ) {
      ruledOut.push(candidate);
      continue;
    }
    const { reason: _, ...other } = suspect;
    suspects.push({ suspect: withBound(other, null), grown });
  }
  return { suspects: suspects.toSorted(byShare), ruledOut };
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
