import { isMaximum, NO_BOUND } from '../model/bound-names.js';
import { type BetweenWalks, grownBytes } from './between-walks.js';
import { boundsInCode, isExpiryInCode, isRaisedIn, type Sources } from './bounds-in-code.js';
import type { GrownContainer, NearbyNumber } from '../probe/index.js';
import type { DeclaredBound } from '../model/result.js';

/** Names of a sum of sizes, and of the limit that it is compared with, where entries have sizes. */
const SUM_OF_SIZES = /^[#_]*(calculated|current|total|used|byte|cache|my)_?(size|bytes|weight|length)$/i;
const LIMIT_OF_SIZES = /max_?(byte_?)?(size|bytes|weight)|(size|bytes|weight)_?limit|max_?cache_?size/i;

/**
 * The bound of a container that its surroundings declare: of all that hold so far, the one nearest to full. Null where
 * there is none. A limit that is exceeded is no limit of this container.
 */
export function boundNear(grown: GrownContainer, sources: Sources): DeclaredBound | null {
  const { nearby, entries, containers } = grown;
  if (containers > 1) return null;
  const texts = textsOf(grown, sources);
  const numbers = nearby.numbers.filter(({ name }) => !isRaisedIn(texts, name));
  // Code raises a sum of sizes with each entry.
  const sum = nearby.numbers.find(({ name, value }) => SUM_OF_SIZES.test(name) && value > 0);
  const limits = numbers.filter(({ value }) => value > 0 && value < NO_BOUND);
  const isOfSizes = ({ name }: NearbyNumber): boolean => sum !== undefined && LIMIT_OF_SIZES.test(name);
  const bounds = [
    ...limits.filter((one) => !isOfSizes(one) && isMaximum(one.name)).map(filledBy(entries)),
    ...limits.filter(isOfSizes).map(filledBy(sum?.value ?? 0)),
    ...boundsInCode(grown, sources),
  ];
  // Between an insertion and an eviction there is one more than the limit.
  const held = bounds.filter(({ filled, limit }) => filled <= 1 + 1 / limit);
  const [nearest] = held.toSorted((one, other) => other.filled - one.filled);
  return nearest ? { ...nearest, filled: Math.min(1, nearest.filled) } : null;
}

function filledBy(used: number): (limit: NearbyNumber) => DeclaredBound {
  return ({ name, value }) => ({ declaredBy: name, limit: value, filled: used / value });
}

/** The code that may bound it, as far as it could be read. */
function textsOf({ nearby }: GrownContainer, sources: Sources): string[] {
  return nearby.scripts.flatMap((script) => sources.get(script) ?? []).filter((text) => text !== '');
}

/**
 * In how many milliseconds its oldest entries expire, where they have not expired yet; below zero where they expired a
 * moment ago and wait for the next cleanup. Nothing can have removed one of them so far. Null where nothing says so. A time in the future alone is a fact about an entry and ends nothing: a timer
 * removes it, or code that compares this field.
 */
export function expiresInMs(grown: GrownContainer, now: number, sources: Sources): number | null {
  const { nearby } = grown;
  const waitMs = Math.max(0, ...nearby.cleanupsMs);
  // Code that could not be read may do anything.
  const texts = [...sources.values()].filter((text) => text !== '');
  const isWatched = ({ name }: NearbyNumber): boolean =>
    nearby.cleanupsMs.length > 0 || texts.length === 0 || isExpiryInCode(texts, name);
  const times = nearby.expiries
    .filter((expiry) => expiry.isTimer || isWatched(expiry))
    .map(({ value }) => (value < 1e11 ? value * 1000 : value)) // seconds or milliseconds since 1970
    .filter((at) => at > 1e12);
  const inMs = Math.min(...times) - now;
  return times.length > 0 && inMs > -waitMs ? inMs : null;
}

/** An entry stays for its time to live and until the cleanup after it; some caches keep two generations. */
const PERIODS = 3;

/** Whether a timer empties it, too seldom to have been seen in the time of the measurement. */
export function isCleanedByTimer({ nearby }: GrownContainer, measuredMs: number): boolean {
  return nearby.cleanupsMs.some((everyMs) => PERIODS * everyMs > measuredMs);
}

/** A list that is copied at each change is replaced as well, and has all that it had. */
const EVERY_REQUEST = 0.98;

/**
 * Whether some of several containers were replaced, such as the buckets of a window, and their entries are gone. Where
 * there are more of them than before, they come and go with what they are in. Those that are gone had nothing yet where
 * the window turns for the first time.
 */
export function areReplaced(
  { containers, born, replaced, gone, gained }: GrownContainer,
  work: number,
): boolean {
  const isTurning = gone === 0 || gained < EVERY_REQUEST * work;
  return containers > 1 && born < 1 && replaced > 0 && isTurning;
}

/** A leak may have begun slowly, but a container with less than this share of what it took was emptied. */
const LEFT_OF_TAKEN = 0.5;

/** Whether it has far fewer entries than it took since the first sample, at its present rate. A leak has them all. */
export function wasEmptied(grown: GrownContainer, between: BetweenWalks): boolean {
  const has = entriesIn(grown);
  return has !== null && has < LEFT_OF_TAKEN * takenIn(grown, between);
}

/** So few entries between two walks are heavy ones, such as a Map for each minute. */
const FEW = 8;

/**
 * Entries that it took since the first sample, if it always took them as between the two walks. A buffer that was replaced
 * by one of twice the size between them gained at once what it takes in a longer time: in the long run, nothing gains more
 * than memory grows. Of entries that came in a batch, only a watch over several periods shows whether they stay: what it
 * finds may have come before it as well.
 */
function takenIn({ kind, gained, mostBytesPerEntry }: GrownContainer, between: BetweenWalks): number {
  const mayBeBatch = kind === 'Buffer' || between.isOverPeriods === true;
  const share = mayBeBatch ? (gained * mostBytesPerEntry) / grownBytes(between) : 1;
  // Whether the latest of a few entries came just before the second walk says nothing of how often they come.
  const surely = gained < FEW ? gained - 1 : gained;
  return (surely / between.work / Math.max(1, share)) * between.workInAll;
}

/** Of several containers at one place, all have to be counted, as long as none is new. Null where that is not known. */
function entriesIn({ entries, containers, total, born }: GrownContainer): number | null {
  if (containers <= 1) return entries;
  return born < 1 ? total : null;
}

/** The same for a container with a bound, whose last few entries say nothing: a leak has nearly all that it took. */
const MOST_KEPT = 0.75;

/** Whether it has clearly fewer entries than it took, so that the rest of the growth is somewhere else. */
export function hasLostEntries(grown: GrownContainer, between: BetweenWalks): boolean {
  const has = entriesIn(grown) ?? grown.entries;
  return grown.gained > 0 && has < MOST_KEPT * takenIn(grown, between);
}
