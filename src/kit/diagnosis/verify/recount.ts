import { isOfOthers, NO_BOUND } from '../walk/bounds.js';
import type { DeclaredBound, Suspect } from '../result.js';
import type { Gain } from '../probe/inside/container-growth.js';
import type { Recount } from '../probe/inside/compare.js';
import { type Accused, isAsMany } from '../walk/suspects.js';

/** What was seen of a suspect's container when it was counted again, after more work and after more again. */
export interface Counts {
  /** Work done between one count and the next. */
  work: number[];
  counts: Recount[];
  /** Whether each count came after a collection: what the collector's hooks take out is out by then. */
  collected: boolean;
}

/** Why it is no culprit: it stops at a bound, or what it takes runs out. */
export interface Alibi {
  bound: DeclaredBound | null;
  reason: string;
}

/** As a limit may be called that is not called one: `lruSize`, `keep`, `#room`. */
const SAYS_ROOM = /size|keep|most|quota|slots|entries|items|keys|history|window|count|room/i;
const FEWEST = 20;
/** Of standard errors: a leak whose entries come by chance slows so much one time in a hundred. */
const CLEARLY = 2.5;
/** Under one and the same load, a leak does not take half as many from one moment to the next. */
const HALF = 1 / 2;
/** An entry at each request is no chance, and cannot run out. */
const AT_EACH = 0.98;

/**
 * What tells a container that fills from one that leaks, when it is watched for longer:
 * a number beside it that goes down as it goes up is the room that is left; one that stays, and that it has not
 * reached, is its bound where it is called so; and keys that are drawn from a finite number repeat more and more.
 */
export function alibiOf({ work, counts, collected }: Counts, unit: 'request' | 'second'): Alibi | null {
  const [first, last] = [counts[0]!, counts.at(-1)!];
  if (first.entries === null || last.entries === null) return null;
  const gained = last.entries - first.entries;
  const isEmptied = collected ? gained < 0 : last.entries < HALF * first.entries;
  if (isEmptied) return { bound: null, reason: 'was emptied' };
  if (gained < FEWEST) return null;
  for (const [at, { name, value }] of last.numbers.entries()) {
    const before = first.numbers[at];
    if (before?.name !== name || value <= 0 || value >= NO_BOUND) continue;
    const limit = last.entries + value;
    if (isAsMany(before.value - value, gained)) return alibi(name, limit, last.entries);
    const isBound =
      before.value === value && value >= last.entries && SAYS_ROOM.test(name) && !isOfOthers(name);
    if (isBound) return alibi(name, value, last.entries);
  }
  if (unit !== 'request' || counts.length < 3 || !collected) return null;
  const steps = work.map((requests, at) => ({
    requests,
    taken: (counts[at + 1]!.entries ?? 0) - (counts[at]!.entries ?? 0),
  }));
  return runsOut(steps[0]!, steps.at(-1)!);
}

function alibi(declaredBy: string, limit: number, entries: number): Alibi {
  return { bound: { declaredBy, limit, filled: entries / limit }, reason: 'fills' };
}

interface Step {
  requests: number;
  taken: number;
}

/** Of requests that each bring an entry or none, so many fewer in the second half that chance does not do it. */
function runsOut(early: Step, late: Step): Alibi | null {
  const rate = ({ taken, requests }: Step): number => taken / requests;
  const [one, other] = [rate(early), rate(late)].map((each) => each.toFixed(3));
  const reason = `takes fewer new entries the more it has (${one} a request, then ${other})`;
  if (early.taken >= FEWEST && rate(late) < HALF * rate(early)) return { bound: null, reason };
  if (rate(early) >= AT_EACH) return null;
  const mean = (early.taken + late.taken) / (early.requests + late.requests);
  const error = Math.sqrt(mean * (1 - mean) * (1 / early.requests + 1 / late.requests));
  if (rate(early) - rate(late) < CLEARLY * error) return null;
  return { bound: null, reason };
}

/** Moves those with an alibi to what fills, and what hangs beside them entry by entry. @returns the reasons. */
export function acquit(accused: Accused, alibis: ReadonlyMap<Suspect, Alibi>): string[] {
  const { suspects, filling, gains } = accused;
  const reasons: string[] = [];
  const free: Suspect[] = [];
  for (const suspect of suspects) {
    const leader = alibis.has(suspect)
      ? suspect
      : [...alibis.keys()].find((one) => hangsBeside(gains.get(suspect)!, gains.get(one)!));
    if (!leader) {
      free.push(suspect);
      suspect.rank = free.length;
      continue;
    }
    const { bound, reason } = alibis.get(leader)!;
    const moved = { ...suspect, bound, rank: filling.length + 1 };
    gains.set(moved, gains.get(suspect)!);
    filling.push(moved);
    if (bound === null && leader === suspect) reasons.push(`${suspect.name} ${reason}.`);
  }
  accused.suspects = free;
  return reasons;
}

/** As many entries and as many new ones, and held by the same object. */
function hangsBeside(one: Gain, leader: Gain): boolean {
  if (!isAsMany(one.entries, leader.entries) || !isAsMany(one.gained, leader.gained)) return false;
  const holder = leader.route.slice(0, -1);
  return (
    holder.length > 0 &&
    holder.every(({ edge }, at) => {
      const other = one.route[at]?.edge;
      return other?.kind === edge.kind && other.name === edge.name;
    })
  );
}
