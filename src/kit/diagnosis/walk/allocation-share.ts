import type { Candidate, Ranking } from '../model/context.js';
import type { Note } from '../model/notes.js';
import type { GrownContainer } from '../probe/index.js';
import type { Allocation } from './allocation-profile.js';
import { type BetweenWalks, grownBytes } from './between-walks.js';
import { LEAST_ENTRIES } from './suspects.js';

/** The share of the growth that a script must allocate before its container is weighed by that. */
const LEAST_ALLOCATED = 0.5;

/** A container whose entries the walk cannot weigh: which scripts allocate them, and why it cannot. */
interface Unweighable {
  scripts: string[];
  because: Extract<Note, { code: 'share-from-allocations' }>['because'];
}

function unweighable(
  { kind, calls, gained, route, nearby }: GrownContainer,
  work: number,
): Unweighable | null {
  // An arrow function retains the lexical `this` of where it was written, and the inspector does not show it.
  if (calls?.usesLexicalThis && gained >= LEAST_ENTRIES * work)
    return { scripts: [calls.script], because: 'lexical-this' };
  // V8 stores an appended string as a rope of its pieces, which the walk cannot inspect.
  if (kind === 'String')
    return {
      scripts: [...nearby.scripts, ...route.flatMap(({ edge }) => edge.script ?? [])],
      because: 'appended-text',
    };
  return null;
}

/**
 * Weighs the first container that the walk cannot weigh by what its script allocates, where that is most of the growth.
 *
 * @returns the ranking with that container's share, and the note that says so
 */
export function weighByAllocations(
  ranking: Ranking,
  allocations: readonly Allocation[],
  between: BetweenWalks,
): { ranking: Ranking; notes: Note[] } {
  const all = [...ranking.suspects, ...ranking.ruledOut];
  for (const candidate of all) {
    const { suspect, grown } = candidate;
    const found = unweighable(grown, between.work);
    if (!found) continue;
    // What is already attributed to other containers of that file is not counted twice.
    const others = grown.kind === 'String' ? all.filter((one) => one !== candidate) : [];
    const attributed = others.reduce((sum, one) => sum + (one.suspect.growthShare ?? 0), 0);
    const allocated = allocations
      .filter(({ script }) => found.scripts.includes(script))
      .reduce((sum, { bytes }) => sum + bytes, -grownBytes(between) * attributed);
    const share = allocated / grownBytes(between);
    if (share < LEAST_ALLOCATED || share < (suspect.growthShare ?? 0)) continue;
    const weighed = {
      growthShare: Math.min(1, share),
      bytesPerWork: allocated / between.work,
      retainedBytes: Math.round(grown.entries * (allocated / grown.gained)),
    };
    const replace = <C extends Candidate>(one: C): C =>
      one.suspect === suspect ? { ...one, suspect: { ...one.suspect, ...weighed } } : one;
    return {
      ranking: {
        suspects: ranking.suspects.map((one) => replace(one)),
        ruledOut: ranking.ruledOut.map((one) => replace(one)),
      },
      notes: [{ code: 'share-from-allocations', name: suspect.name, because: found.because }],
    };
  }
  return { ranking, notes: [] };
}
