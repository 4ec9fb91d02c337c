import type { Candidate, Ranking } from '../model/context.js';
import type { Note } from '../model/notes.js';
import type { Suspect } from '../model/result.js';
import { type BetweenWalks, grownBytes } from './between-walks.js';

/** What the others leave of a container's share, where they explain the same memory: less is no suspect of its own. */
const LEAST_SHARE = 0.04;
/**
 * The share that must be seen before the rest is taken for it as well: texts that are ropes, equal texts and free slots
 * of arrays rarely make more of what is seen.
 */
const LEAST_SEEN = 0.3;

/** The shares of a ranking, and the note on one that holds more than what was seen of it. */
export interface Shares {
  ranking: Ranking;
  notes: Note[];
}

/**
 * Makes the shares of all containers add up: what two of them retain counts once, the sum is never more than the growth,
 * and what the first container's entries may take beyond what was seen of them is its own where nothing else grew.
 */
export function sharesThatAddUp(ranking: Ranking, between: BetweenWalks): Shares {
  const apart = withoutOverlaps(ranking, between);
  const { ranking: joined, notes } = withRest(sorted(apart), between);
  const total = [...joined.suspects, ...joined.ruledOut].reduce((sum, one) => sum + capped(one), 0);
  const fitted = mapped(joined, (one) => withShare(one, capped(one) / Math.max(1, total), between));
  return { ranking: { ...fitted, suspects: withoutExplained(fitted.suspects, ranking.suspects) }, notes };
}

const shareOf = ({ suspect }: Candidate): number => suspect.growthShare ?? 0;
const capped = (one: Candidate): number => Math.min(1, shareOf(one));

function mapped(
  { suspects, ruledOut }: Ranking,
  change: <S extends Suspect>(one: Candidate<S>) => Candidate<S>,
): Ranking {
  return { suspects: suspects.map((one) => change(one)), ruledOut: ruledOut.map((one) => change(one)) };
}

function sorted({ suspects, ruledOut }: Ranking): Ranking {
  return { suspects: suspects.toSorted((a, b) => shareOf(b) - shareOf(a)), ruledOut };
}

/** What entries of two suspects have counts for the larger one. What is ruled out takes nothing away from a suspect. */
function withoutOverlaps(ranking: Ranking, between: BetweenWalks): Ranking {
  const { suspects } = ranking;
  return mapped(ranking, (one) => {
    const overlapping = one.grown.overlaps.reduce((sum, { index, bytesPerEntry }) => {
      const other = suspects.find(({ grown }) => grown.index === index);
      return other && shareOf(other) >= shareOf(one) ? sum + bytesPerEntry : sum;
    }, 0);
    const { kind, gained, bytesPerEntry } = one.grown;
    // The links of a list are the entries of the Map beside it.
    const isSame = kind === 'List' && overlapping > bytesPerEntry / 2;
    const share = isSame ? 0 : shareOf(one) - (overlapping * gained) / grownBytes(between);
    return overlapping === 0 ? one : withShare(one, Math.max(0, share), between);
  });
}

/** The rest of the growth belongs to the only suspect whose entries may take as much. */
function withRest(ranking: Ranking, between: BetweenWalks): Shares {
  const [first, ...others] = ranking.suspects;
  if (!first) return { ranking, notes: [] };
  const seen = shareOf(first);
  const left = 1 - [...others, ...ranking.ruledOut].reduce((sum, one) => sum + capped(one), 0);
  const most = (first.grown.mostBytesPerEntry * first.grown.gained) / grownBytes(between);
  const share = Math.min(left, most);
  if (seen < LEAST_SEEN * left || share <= seen || most < left) return { ranking, notes: [] };
  const { name } = first.suspect;
  return {
    ranking: { ...ranking, suspects: [withShare(first, share, between), ...others] },
    notes:
      share - seen < LEAST_SHARE
        ? []
        : [{ code: 'rest-of-entries', name, seen, because: 'texts-and-arrays' }],
  };
}

/** What the suspects before explain is no suspect of its own. Light ones stay where all of them were light. */
function withoutExplained(suspects: Candidate[], before: readonly Candidate[]): Candidate[] {
  return suspects.filter((one, at) => {
    const was = before.find(({ grown }) => grown === one.grown);
    return at === 0 || shareOf(one) >= LEAST_SHARE || (was && shareOf(was) < LEAST_SHARE);
  });
}

/** The same suspect with another share, and the bytes that follow from it. */
function withShare<S extends Suspect>(
  one: Candidate<S>,
  share: number,
  { bytesPerWork, liveBytes }: BetweenWalks,
): Candidate<S> {
  const { suspect } = one;
  const before = suspect.growthShare ?? 0;
  const retained = suspect.retainedBytes;
  // What is held was seen as incompletely as what was gained.
  const factor = share > before && before > 0 ? share / before : 1;
  return {
    ...one,
    suspect: {
      ...suspect,
      growthShare: share,
      bytesPerWork: share * bytesPerWork,
      retainedBytes: retained === null ? null : Math.round(Math.min(liveBytes, retained * factor)),
    },
  };
}
