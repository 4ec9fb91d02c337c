/**
 * A copy of a text that shares memory with nothing.
 *
 * V8 builds strings out of strings: `url.slice(7)` of 13 characters or more is a window into the whole URL, and
 * `a + b` holds `a` and `b` until somebody reads it. Keep such a string for long and it keeps the URL, query and
 * all, or the pieces it was made from. What goes into a cache is copied first, so that its size is what it looks.
 */
export function ownString(text: string): string {
  return Buffer.from(text).toString();
}
