/** What programs call the numbers that bound a container, and those that bound something else. */

/** A name in the structure of a snapshot that says that something may bound a container. It is no proof. */
export interface BoundSign {
  /** A maximum beside it; a time to live beside it, or in its entries; the cursor of a ring. */
  kind: 'maximum' | 'expiry' | 'entry-expiry' | 'ring';
  /** The property or variable, such as `maxEntries`. */
  field: string;
}

/** Names of a maximum, alone or as a part: `max`, `maxSize`, `#limit`, `CACHE_CAPACITY`. */
const MAXIMUM = /(^|[._#])(max|limit|capacity|bound|highwater|size_?limit)|max|limit|capacity/i;
/** Names of other maxima: of an age, of sockets, of listeners before a warning. */
const OF_OTHER_THINGS =
  /age|ttl|ms$|time|delay|listener|socket|header|param|byte|body|mask|connection|concurren|depth|length_?of|retr|attempt|requests?per|batch|page|chunk|block|packet|frame|file|upload|field|worker|thread|alive/i;
/** Of one entry: `maxEntrySize`, `max_key_length`. */
const OF_ONE_ENTRY =
  /(?:entry|item|value|key|object|string|line|row|message|element)_?(?:size|length|weight)/i;
/** Maxima of a value: the largest id, price or version that was seen, or is allowed. */
const OF_A_VALUE =
  /(^|[a-z_.#])(Id|ID|Seq|Sequence|Version|Revision|Price|Score|Value|Amount|Width|Height|Level|Offset|Index|Seen|Rate|Weight|Distance|Number|Row|Key)$|_(id|seq|sequence|version|revision|price|score|value|amount|offset|index|seen)$/;
/** Names of a limit without `max` or `limit` in them: `lruSize`, `keep`, `#room`. */
const ROOM = /size|keep|most|quota|slots|entries|items|keys|history|window|count|room/i;
/** A larger number means that there is no limit. */
export const NO_BOUND = 1e12;

/** Whether a number of this name may bound the number of entries. */
export const isMaximum = (name: string): boolean => isOfEntries(name) && MAXIMUM.test(name);

/** Whether a number of this name may be a limit that only its behaviour shows. */
export const isRoom = (name: string): boolean => isOfEntries(name) && ROOM.test(name);

const isOfEntries = (name: string): boolean =>
  ![OF_OTHER_THINGS, OF_ONE_ENTRY, OF_A_VALUE].some((other) => other.test(name));
