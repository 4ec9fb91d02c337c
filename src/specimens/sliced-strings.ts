import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { findOrder } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Short string that pins a long one
 *
 * Met: a token is cut from a header, a name from a document, an id from a URL, and kept. From 13 characters on, V8
 * does not copy what `slice`, `substring`, `split` and regular expressions cut: the part points into the whole, and
 * the whole stays for as long as the part does. Counting entries, or adding up lengths, shows nothing.
 * Case: nodejs/node#31891, where substrings of 13 characters filled the heap and those of 12 did not.
 * Shows: heap, by the length of what was cut from: strings of kilobytes, held by `sliced string`.
 * Fix: copy what stays: `Buffer.from(part).toString()` makes a string that shares nothing.
 * Cost: a copy of what is kept, about a microsecond. There is no way to ask a string whether it is one of these.
 */

const TOKEN_LENGTH = 32;
/** Tokens that were used lately, so that none is used twice: a bound in entries, which both halves have. */
const MAX_TOKENS = 50_000;

@Injectable()
export class LeakySlicedStrings extends Specimen {
  private readonly tokens = usedBefore();
  private next = 0;

  async handle(id: string): Promise<object> {
    const header = await readHeader(id);
    const token = header.slice(7, 7 + TOKEN_LENGTH);
    this.tokens[this.next] = token; // ← the bug: a window into the header, and with it the header
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

/** The tokens of yesterday, read from the database at the start. */
function usedBefore(): string[] {
  return Array.from({ length: MAX_TOKENS }, () => randomBytes(TOKEN_LENGTH / 2).toString('hex'));
}

/** As a client sends it: a token, then a long signature. */
async function readHeader(id: string): Promise<string> {
  const { note } = await findOrder(id);
  return Buffer.from(`Bearer ${note.repeat(64)}`).toString();
}

export const slicedStrings: Pair = { leaky: LeakySlicedStrings, fixed: FixedSlicedStrings };
