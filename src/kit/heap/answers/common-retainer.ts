import { Heap } from '../heap.js';
import { searchOwner } from '../path/owner-search.js';

interface Votes {
  votes: number;
  distance: number;
}

/** A search from a node far from every named root visits much of the heap. After so many nodes, a few votes must do. */
const ENOUGH_VISITED = 200_000;
const FEWEST_VOTES = 3;

const mean = ({ votes, distance }: Votes): number => distance / votes;

/**
 * The nearest object that is on at least half of the owner paths of some objects, or -1 if they share none. It finds the
 * Map of an index whose records a second index retains as well, so that neither Map dominates them.
 */
export function commonRetainer(heap: Heap, members: readonly number[]): number {
  const { graph } = heap;
  const seen = new Map<number, Votes>();
  let visited = 0;
  let asked = 0;
  for (const member of members) {
    if (asked >= FEWEST_VOTES && visited > ENOUGH_VISITED) break;
    const route = searchOwner(heap, member);
    const steps = route?.steps ?? [];
    visited += route?.visited ?? 0;
    asked++;
    for (const [at, { from }] of steps.toReversed().entries()) {
      const type = graph.typeOf(from);
      if (type !== 'object' && type !== 'closure') continue;
      const vote = seen.get(from) ?? { votes: 0, distance: 0 };
      seen.set(from, { votes: vote.votes + 1, distance: vote.distance + at });
    }
  }
  const common = [...seen].filter(([, { votes }]) => 2 * votes >= asked);
  return common.toSorted(([, a], [, b]) => mean(a) - mean(b))[0]?.[0] ?? -1;
}
