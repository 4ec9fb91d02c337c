import { type Candidate, isAsMany, type Ranking } from '../model/context.js';
import { withBound } from '../naming/index.js';
import type { GrownContainer } from '../probe/index.js';
import type { Suspect } from '../model/result.js';
import type { Ruling } from './recount.js';

/** Rules out the suspects that a ruling was made on, and what grows with them entry by entry in the same object. */
export function ruleOut(ranking: Ranking, rulings: ReadonlyMap<Suspect, Ruling>): Ranking {
  const suspects: Candidate[] = [];
  const ruledOut = [...ranking.ruledOut];
  for (const candidate of ranking.suspects) {
    const leader = rulings.has(candidate.suspect)
      ? candidate
      : ranking.suspects.find((one) => rulings.has(one.suspect) && growsBeside(candidate.grown, one.grown));
    const ruling = leader && rulings.get(leader.suspect);
    if (!ruling) {
      suspects.push(candidate);
      continue;
    }
    const { bound } = ruling;
    const reason =
      leader === candidate || bound !== null
        ? ruling.reason
        : { code: 'grows-with' as const, name: leader.suspect.name };
    ruledOut.push({ suspect: { ...withBound(candidate.suspect, bound), reason }, grown: candidate.grown });
  }
  return { suspects, ruledOut };
}

/** As many entries and as many new ones, and retained by the same object. */
function growsBeside(one: GrownContainer, leader: GrownContainer): boolean {
  if (!isAsMany(one.entries, leader.entries) || !isAsMany(one.gained, leader.gained)) return false;
  const retainer = leader.route.slice(0, -1);
  return (
    retainer.length > 0 &&
    retainer.every(({ edge }, at) => {
      const other = one.route[at]?.edge;
      return other?.kind === edge.kind && other.name === edge.name;
    })
  );
}
