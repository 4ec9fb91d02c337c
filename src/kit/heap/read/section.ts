/**
 * A part of the document that reads itself. `write` is given each chunk and where to start in it, and
 * returns the index after the part's last byte, or -1 when the chunk was used up and more is needed.
 * `base` is the offset of the chunk in the whole snapshot, for error messages.
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

/** How a byte is shown in an error: printable as itself, others by number. */
export function showByte(byte: number): string {
  return byte > SPACE && byte < 0x7f ? `"${String.fromCodePoint(byte)}"` : `byte ${byte}`;
}
