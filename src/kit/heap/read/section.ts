/**
 * The parser of one part of a snapshot. `write` takes each chunk and the index to start from. It returns the index after
 * the last byte of the part, or -1 if the part continues in the next chunk. `base` is the offset of the chunk from the
 * start of the snapshot, for errors.
 */
export interface Section {
  write(chunk: Uint8Array, from: number, base: number): number;
}

export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

export function isSpace(byte: number): boolean {
  return byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** A byte as an error shows it: as a character if it is printable, otherwise as a number. */
export function showByte(byte: number): string {
  return byte > SPACE && byte < 0x7f ? `"${String.fromCodePoint(byte)}"` : `byte ${byte}`;
}
