import { Injectable } from '@nestjs/common';
import { findOrder } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Buffer slice that pins its pool
 *
 * Met: a few bytes of a frame are kept, a key, a digest, a nonce, with `subarray`, `slice` or `Buffer.from`. The
 * first two are views of the whole frame. The third is too: small Buffers are cut from a pool of several
 * kilobytes (`Buffer.poolSize`), which stays until the last of them is gone.
 * Case: holepunchto/corestore#95, where long-lived keys had to be taken out of the pool ("unslab").
 * Shows: external memory and array buffers, many times what was kept; RSS; the heap hardly grows, and a heap
 * snapshot shows small Buffers.
 * Fix: copy what stays into memory of its own size: one large Buffer that is filled round and round, as here, or
 * `Buffer.allocUnsafeSlow(length)` for each, which does not use the pool.
 * Cost: a copy of what is kept.
 */

const TOKEN_BYTES = 32;
const FRAME_BYTES = 4_000;
/** Tokens that were used lately, so that none is used twice: a bound in entries, which both halves have. */
const MAX_TOKENS = 100_000;

@Injectable()
export class LeakyBufferPool extends Specimen {
  private readonly tokens: Buffer[] = [];
  private next = 0;

  async handle(id: string): Promise<object> {
    const frame = await readFrame(id);
    const token = frame.subarray(0, TOKEN_BYTES);
    this.tokens[this.next] = token; // ← the bug: 32 bytes of a frame are a view of all of it
    this.next = (this.next + 1) % MAX_TOKENS;
    return { token: token.toString('hex') };
  }
}

@Injectable()
export class FixedBufferPool extends Specimen {
  private readonly tokens = Buffer.alloc(MAX_TOKENS * TOKEN_BYTES);
  private next = 0;

  async handle(id: string): Promise<object> {
    const frame = await readFrame(id);
    const token = frame.subarray(0, TOKEN_BYTES);
    token.copy(this.tokens, this.next * TOKEN_BYTES);
    this.next = (this.next + 1) % MAX_TOKENS;
    return { token: token.toString('hex') };
  }
}

/** As a socket hands it over: a Buffer from Node's pool, the token at its beginning. */
async function readFrame(id: string): Promise<Buffer> {
  const { note } = await findOrder(id);
  const frame = Buffer.allocUnsafe(FRAME_BYTES).fill(0);
  frame.write(note, 'hex');
  return frame;
}

export const bufferPool: Pair = { leaky: LeakyBufferPool, fixed: FixedBufferPool };
