import { escaped } from '../../name-pattern.js';

const CLOCK = /\b(?:Date\.now|performance\.now|hrtime(?:\.bigint)?|uptime|getTime)\(|\bnew Date\(\s*\)/;
/** What follows the name of a container where code removes entries from it. */
const REMOVED = String.raw`\s*(?:\[[^\]]*\]\s*)?\??\.\s*(?:delete|shift|splice|pop|clear|filter)\s*\(|\s*(?:\.length\s*)?=\s*(?:new\b|\[|\{|0\b|[\w$.#]+\.(?:filter|slice)\()`;
/** The same for any container, and for a linked list: an entry of another has no name of its own. */
const REMOVES = String.raw`\.\s*(?:delete|shift|splice|pop|clear|filter)\s*\(|\bdelete\s+[\w$]|\.length\s*=\s*0\b|=\s*[\w$.#?]+\.next\s*[;,)}]`;
/** Characters before and after what removes, in which it is decided. */
const BEFORE = 300;
const AFTER = 150;
/** Names of times, also as the last part of a longer one: `now`, `createdAt`, `WINDOW`. */
const TIME_WORDS =
  'now time timestamp stamp expiry expires expired expiration stale cutoff deadline until oldest horizon ttl window';
const SHORT_WORDS = 'at|ts|t|age|since|last|lastSeen|lastUsed';
/** As it is, with a capital, and all in capitals. */
const cased = (words: string): string =>
  words
    .split(' ')
    .flatMap((word) => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()])
    .join('|');
const TIME = String.raw`\b(?:\w*(?:${cased(TIME_WORDS)})|\w+(?:At|Age|Since|_MS|Ms)|${SHORT_WORDS})\b`;
const OPERAND = String.raw`[\w\s$.()?*+-]{0,30}`;
/** A comparison of times, or a call that makes one. */
const COMPARES_TIMES = new RegExp(
  String.raw`${TIME}${OPERAND}(?<![=<>])[<>](?![<>])|(?<![=<>])[<>]=?${OPERAND}${TIME}|\b(?:is|has)?_?(?:[eE]xpired|[sS]tale|[oO]utdated|[oO]ld)\w*\(`,
);

/**
 * Whether code compares times and removes entries nearby: these may be those of a window of time.
 *
 * @param own the name of their container; empty for one without a name, such as an entry of another
 */
export function removesByAge(text: string, own: string): boolean {
  if (!CLOCK.test(text)) return false;
  const removes = new RegExp(/^#?[\w$]+$/.test(own) ? removedFrom(own) : REMOVES, 'g');
  return [...text.matchAll(removes)].some(({ index }) =>
    COMPARES_TIMES.test(text.slice(Math.max(0, index - BEFORE), index + AFTER)),
  );
}

function removedFrom(own: string): string {
  const name = String.raw`(?<![\w$#])${escaped(own)}`;
  return String.raw`${name}(?:${REMOVED})|\bdelete\s+(?:[\w$]+\??\.)*${escaped(own)}\s*[[.]`;
}
