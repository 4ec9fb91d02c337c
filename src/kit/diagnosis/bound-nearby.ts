import type { DeclaredBound } from './diagnosis.js';
import type { Gain } from './inside/survey.js';

/** How a most is called, alone or as a part of a name: `max`, `maxSize`, `#limit`, `CACHE_CAPACITY`. */
const SAYS_MOST = /(^|[._#])(max|limit|capacity|bound|highwater|size_?limit)|max|limit|capacity/i;
/** Mosts of other things: of an age, of sockets, of listeners for a warning. */
const OF_OTHERS =
  /age|ttl|ms$|time|delay|listener|socket|header|param|byte|body|mask|connection|concurren|depth|length_?of|retr|attempt|requests?per/i;
/** Nobody who writes such a number means a bound. */
const NO_BOUND = 1e12;

/**
 * The most that a container's surroundings declare, of those that hold so far: the nearest to full. Null where there
 * is none. A limit that is passed is no limit of this container.
 */
export function boundNear({ nearby, entries, containers }: Gain): DeclaredBound | null {
  if (containers > 1) return null;
  const bounds = nearby.numbers
    .filter(
      ({ name, value }) => SAYS_MOST.test(name) && !OF_OTHERS.test(name) && value > 0 && value < NO_BOUND,
    )
    .map(({ name, value }) => ({ declaredBy: name, limit: value, filled: entries / value }))
    // One more than the limit is how many there are between an insertion and an eviction.
    .filter(({ filled, limit }) => filled <= 1 + 1 / limit);
  const [nearest] = bounds.toSorted((one, other) => other.filled - one.filled);
  return nearest ? { ...nearest, filled: Math.min(1, nearest.filled) } : null;
}

/** Whether its oldest entries are good for a while yet: then nobody can have removed one so far. */
export function isYoung({ nearby }: Gain, now: number): boolean {
  const times = nearby.expiries
    .map(({ value }) => (value < 1e11 ? value * 1000 : value))
    .filter((at) => at > 1e12);
  return times.length > 0 && times.every((at) => at > now);
}

/** Whether its holder runs something less often than it was watched, which may be what empties it. */
export function isSweptSeldom({ nearby }: Gain, watchedMs: number): boolean {
  return nearby.intervalsMs.some((everyMs) => everyMs > watchedMs);
}
