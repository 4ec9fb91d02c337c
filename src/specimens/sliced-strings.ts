import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { findOrder } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Short string that retains a long one
 *
 * Met: a token is cut from a header, a name from a document, an id from a URL, and stored. From 13 characters on, V8
 * does not copy what `slice`, `substring`, `split` and regular expressions return: the result refers to the whole
 * string, and retains it. Counting entries, or adding up lengths, does not show it.
 * Case: nodejs/node#31891, where substrings of 13 characters filled the heap and those of 12 did not.
 * Shows: the heap grows by the length of the original strings: strings of kilobytes, retained by `sliced string`.
 * Fix: copy what is stored: `Buffer.from(part).toString()` creates a string that shares no memory.
 * Cost: one copy, about a microsecond. JavaScript cannot tell whether a string is a slice, so every stored part is
 * copied.
 */

const TOKEN_LENGTH = 32;
/** Recently used tokens are stored, so that none is accepted twice. Older ones are overwritten. */
const MAX_TOKENS = 50_000;

@Injectable()
export class LeakySlicedStrings extends Specimen {
  private readonly tokens = usedBefore();
  private next = 0;

  async handle(id: string): Promise<object> {
    const header = await readHeader(id);
    const token = header.slice(7, 7 + TOKEN_LENGTH);
    this.tokens[this.next] = token; // ← the bug: the slice refers to the whole header, and retains it
    this.next = (this.next + 1) % MAX_TOKENS;
    return { token };
  }
}

@Injectable()
export class FixedSlicedStrings extends Specimen {
  private readonly tokens = usedBefore();
  private next = 0;

  async handle(id: string): Promise<object> {
    const header = await readHeader(id);
    const token = header.slice(7, 7 + TOKEN_LENGTH);
    this.tokens[this.next] = Buffer.from(token).toString();
    this.next = (this.next + 1) % MAX_TOKENS;
    return { token };
  }
}

/** Fills the array at the start, so that each new token replaces one and the number of entries does not change. */
function usedBefore(): string[] {
  return Array.from({ length: MAX_TOKENS }, () => randomBytes(TOKEN_LENGTH / 2).toString('hex'));
}

/** A header as a client sends it: a token, then a long signature. */
async function readHeader(id: string): Promise<string> {
  const { note } = await findOrder(id);
  return Buffer.from(`Bearer ${note.repeat(64)}`).toString();
}

export const slicedStrings: Pair = { leaky: LeakySlicedStrings, fixed: FixedSlicedStrings };
