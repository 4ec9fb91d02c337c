import type { Candidate } from '../model/context.js';
import type { Suspect } from '../model/result.js';
import type { GrownContainer } from '../probe/index.js';
import type { Ruling } from './recount.js';

/** Of the rate between the walks: several containers at one place that gain less were a window, or fill. */
const LEAST_OF_FIRST = 1 / 2;
/** Where fewer entries were to come, it is a matter of when the next ones do. */
const FEWEST_EXPECTED = 20;

/**
 * Why several containers at one place are no suspects: by a third walk, they gained far less since the second than
 * before it. A window of buckets, each of which is replaced when its turn comes, grows until the oldest is.
 *
 * @param again what grew from the first walk to the third
 * @param workDone between the second and the third
 */
export function rulingsOnPlaces(
  candidates: readonly Candidate[],
  again: readonly GrownContainer[],
  workDone: number,
): Map<Suspect, Ruling> {
  const rulings = new Map<Suspect, Ruling>();
  for (const { suspect, grown } of candidates) {
    const before = suspect.entriesPerWork ?? 0;
    const now = again.find((one) => isSamePlace(one, grown));
    if (grown.containers <= 1 || before <= 0 || !now) continue;
    const after = (now.gained - grown.gained) / Math.max(1, workDone);
    if (after >= LEAST_OF_FIRST * before) continue;
    if (after >= 0 && before * workDone < FEWEST_EXPECTED) continue;
    const reason =
      after < 0 ? ({ code: 'was-emptied' } as const) : ({ code: 'slows-down', before, after } as const);
    rulings.set(suspect, { bound: null, reason });
  }
  return rulings;
}

function isSamePlace(one: GrownContainer, other: GrownContainer): boolean {
  return (
    one.kind === other.kind &&
    one.route.length === other.route.length &&
    one.route.every(({ edge }, at) => {
      const there = other.route[at]?.edge;
      return edge.kind === there?.kind && edge.name === there.name;
    })
  );
}
