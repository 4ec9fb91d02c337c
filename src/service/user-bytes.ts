import type { User } from './user.js';

// V8's object layout on 64 bits without pointer compression, as Node is built: a word is 8 bytes.
const WORD = 8;
/** Map, properties and elements, then one word per field. */
const USER_OBJECT = (3 + 5) * WORD;
/** Map, then hash and length with half a word each; the characters follow. */
const STRING_HEADER = 2 * WORD;

/**
 * The retained size of a user in bytes. The id counts once: as the key of a cache it is the same string.
 * Exact for users that share no strings (`ownString`), and never less than what V8 takes.
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

/** The size of the smallest possible user: each field has at most one word of characters. */
export const SMALLEST_USER_BYTES = USER_OBJECT + 5 * (STRING_HEADER + WORD);

/**
 * One byte per character if all are ASCII, else two. V8 also has a one-byte form for Latin-1, but whether a decoder uses
 * it differs between Node versions. The larger size is assumed, so that a bound holds on every version.
 */
function stringBytes(text: string): number {
  // oxlint-disable-next-line no-control-regex -- ASCII includes the control characters
  const characters = /^[\0-\x7f]*$/.test(text) ? text.length : 2 * text.length;
  return STRING_HEADER + Math.ceil(characters / WORD) * WORD;
}
