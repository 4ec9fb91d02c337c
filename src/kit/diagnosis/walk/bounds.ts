import { boundsInCode, type Sources } from './bounds-in-code.js';
import type { DeclaredBound } from '../result.js';
import type { NearbyNumber } from '../probe/inside/bound-hints.js';
import type { Gain } from '../probe/inside/container-growth.js';

/** How a most is called, alone or as a part of a name: `max`, `maxSize`, `#limit`, `CACHE_CAPACITY`. */
const SAYS_MOST = /(^|[._#])(max|limit|capacity|bound|highwater|size_?limit)|max|limit|capacity/i;
/** Mosts of other things: of an age, of sockets, of listeners for a warning. */
const OF_OTHERS =
  /age|ttl|ms$|time|delay|listener|socket|header|param|byte|body|mask|connection|concurren|depth|length_?of|retr|attempt|requests?per/i;
/** Nobody who writes such a number means a bound. */
export const NO_BOUND = 1e12;

export function isOfOthers(name: string): boolean {
  return OF_OTHERS.test(name);
}

/** How the sum that a limit of sizes is compared with is called, where entries have sizes. */
const SAYS_SUM = /^[#_]*(calculated|current|total|used|byte|cache|my)_?(size|bytes|weight|length)$/i;
const OF_SIZES = /max_?(byte_?)?(size|bytes|weight)|(size|bytes|weight)_?limit|max_?cache_?size/i;

/**
 * The most that a container's surroundings declare, of those that hold so far: the nearest to full. Null where there
 * is none. A limit that is passed is no limit of this container.
 */
export function boundNear(gain: Gain, sources: Sources): DeclaredBound | null {
  const { nearby, entries, containers } = gain;
  if (containers > 1) return null;
  const { numbers } = nearby;
  const sum = numbers.find(({ name, value }) => SAYS_SUM.test(name) && value > 0);
  const limits = numbers.filter(({ value }) => value > 0 && value < NO_BOUND);
  const bounds = [
    ...limits.filter(({ name }) => SAYS_MOST.test(name) && !isOfOthers(name)).map(filledBy(entries)),
    ...(sum ? limits.filter(({ name }) => OF_SIZES.test(name)).map(filledBy(sum.value)) : []),
    ...boundsInCode(gain, sources),
  ];
  // One more than the limit is how many there are between an insertion and an eviction.
  const held = bounds.filter(({ filled, limit }) => filled <= 1 + 1 / limit);
  const [nearest] = held.toSorted((one, other) => other.filled - one.filled);
  return nearest ? { ...nearest, filled: Math.min(1, nearest.filled) } : null;
}

function filledBy(used: number): (limit: NearbyNumber) => DeclaredBound {
  return ({ name, value }) => ({ declaredBy: name, limit: value, filled: used / value });
}

/**
 * Whether its oldest entries are good for a while yet, or have been good until a moment ago and wait for the next sweep:
 * then nobody can have removed one of these so far.
 */
export function isYoung({ nearby }: Gain, now: number): boolean {
  const waitMs = Math.max(0, ...nearby.sweepsMs);
  const times = nearby.expiries
    .map(({ value }) => (value < 1e11 ? value * 1000 : value))
    .filter((at) => at > 1e12);
  return times.length > 0 && times.every((at) => at > now - waitMs);
}

/** What comes in after a sweep stays for its time to live and the wait for the next; some keep two generations. */
const PERIODS = 3;

/** Whether something empties it, and less often than it was watched. */
export function isSweptSeldom({ nearby }: Gain, watchedMs: number): boolean {
  return nearby.sweepsMs.some((everyMs) => PERIODS * everyMs > watchedMs);
}

/** A leak may have begun slowly; what was emptied holds a small part of what it took. */
const HELD_OF_TAKEN = 0.5;

/** Whether it holds much less than it took since it was first looked at, at its present rate. A leak holds all of it. */
export function wasEmptied({ entries, containers, gained }: Gain, work: number, workInAll: number): boolean {
  return containers <= 1 && entries < HELD_OF_TAKEN * (gained / work) * workInAll;
}
