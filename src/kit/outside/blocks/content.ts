import type { Libraries, Named } from '../symbols/libraries.js';

/** So much of a block is looked at. */
export const CONTENT_BYTES = 256;
/** Pointers that say what a block is stand at its beginning. */
const POINTER_BYTES = 64;
const FIRST_VIRTUAL = 16;
const WORD_BYTES = 8;

/** What the bytes of one block say. */
export interface Content {
  /** The class that the compiler noted in its first word. */
  type: Named | null;
  /** Where its type is not known: the first class of which it has an object inside. */
  contains: Named | null;
  /** Where neither is known: the first function or variable of a library that it points to. */
  pointsTo: Named | null;
  /** Null where it is not text. */
  text: string | null;
}

/** A word of a block that points into a library. */
export interface Pointer {
  offset: number;
  address: number;
}

/** The words at the beginning of a block that point into a library. */
export function pointersIn(bytes: Uint8Array, libraries: Libraries): Pointer[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pointers: Pointer[] = [];
  for (let offset = 0; offset + WORD_BYTES <= Math.min(POINTER_BYTES, bytes.length); offset += WORD_BYTES) {
    const address = view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;
    if (libraries.pathAt(address) !== null) pointers.push({ offset, address });
  }
  return pointers;
}

/**
 * What a block is. Only what a symbol says exactly counts: a number that happens to lie in a library hardly ever meets
 * the first byte of a symbol, and what memory held before is not told from what it holds now.
 */
export function contentOf(
  bytes: Uint8Array,
  pointers: readonly Pointer[],
  names: ReadonlyMap<number, Named>,
): Content {
  const named = pointers.flatMap(({ offset, address }) => {
    const name = names.get(address);
    return name ? [{ at: offset, name }] : [];
  });
  const type = named.find(({ at, name }) => at === 0 && isClass(name))?.name ?? null;
  const contains = type ? null : (named.find(({ name }) => isClass(name))?.name ?? null);
  const isKnown = type !== null || contains !== null;
  const pointsTo = isKnown ? null : (named.find(({ name }) => isBeginning(name))?.name ?? null);
  return { type, contains, pointsTo, text: isKnown || pointsTo ? null : textIn(bytes) };
}

/** Objects point behind the two words with which each table of virtual functions begins. */
const isClass = ({ isVtable, offset }: Named): boolean =>
  isVtable && offset >= FIRST_VIRTUAL && offset % WORD_BYTES === 0;
const isBeginning = ({ isVtable, offset }: Named): boolean => !isVtable && offset === 0;

const FEWEST_LETTERS = 8;
const LONGEST_TEXT = 40;

/** The text with which a block begins; null where it begins with anything else. */
export function textIn(bytes: Uint8Array): string | null {
  let end = 0;
  while (end < bytes.length && isLetter(bytes[end]!)) end += 1;
  const isEnded = end === bytes.length || bytes[end] === 0;
  if (!isEnded || end < FEWEST_LETTERS) return null;
  // A piece may end in the middle of a letter of several bytes.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8').replace(/�+$/, '');
  if (text.includes('�') || text.length < FEWEST_LETTERS) return null;
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}

const isLetter = (byte: number): boolean =>
  (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
