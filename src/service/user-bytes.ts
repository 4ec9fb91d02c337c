import type { User } from './user.js';

// Layout of V8 on 64 bits without pointer compression, as Node builds it: a word is 8 bytes.
const WORD = 8;
/** Map, properties, elements, then one word a field. */
const USER_OBJECT = (3 + 5) * WORD;
/** Map, then hash and length in half a word each, then the characters. */
const STRING_HEADER = 2 * WORD;

/**
 * What a user keeps in memory, in bytes, the id once: as key of a cache it is the same string.
 * Exact for users that share no strings (`ownString`), and never less than V8 takes.
 */
export function userBytes(user: User): number {
  return (
    USER_OBJECT +
    stringBytes(user.user_id) +
    stringBytes(user.name) +
    stringBytes(user.email) +
    stringBytes(user.address) +
    stringBytes(user.desc)
  );
}

/** The least that any user takes: a nameless one. */
export const SMALLEST_USER_BYTES = USER_OBJECT + 5 * (STRING_HEADER + WORD);

/**
 * One byte a character while all are ASCII, else two. V8 has a one-byte form of Latin-1 too, but whether a
 * decoder uses it differs between Node versions: counted dear, so that a bound holds on each.
 */
function stringBytes(text: string): number {
  // oxlint-disable-next-line no-control-regex -- ASCII includes the control characters
  const characters = /^[\0-\x7f]*$/.test(text) ? text.length : 2 * text.length;
  return STRING_HEADER + Math.ceil(characters / WORD) * WORD;
}
