/**
 * A copy of a string that shares no memory with others.
 *
 * V8 builds strings from strings: `url.slice(7)` of 13 characters or more refers to the whole URL, and `a + b` retains
 * `a` and `b` until its characters are read. A stored string of this kind retains the whole URL with its query, or its
 * pieces. So strings are copied before they go into a cache: their memory is then what their length says.
 */
export function ownString(text: string): string {
  return Buffer.from(text).toString();
}
