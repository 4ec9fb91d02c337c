import { Injectable } from '@nestjs/common';
import { findOrder } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Buffer slice that retains its pool
 *
 * Met: the code keeps a few bytes of a frame (a key, a digest, a nonce) with `subarray`, `slice` or `Buffer.from`. The
 * first two return views of the whole frame. A small Buffer from the third is cut from a pool of several kilobytes
 * (`Buffer.poolSize`), which stays in memory until no Buffer uses it.
 * Case: holepunchto/corestore#95, where long-lived keys had to be copied out of the pool ("unslab").
 * Shows: external memory, array buffers and the resident set grow by many times the bytes that are stored. The heap
 * hardly grows, and a heap snapshot shows only small Buffers.
 * Fix: copy the bytes into memory of their own size: into one large Buffer that is used as a ring, as here, or into
 * `Buffer.allocUnsafeSlow(length)`, which does not use the pool.
 * Cost: one copy of the bytes that are stored.
 */

const TOKEN_BYTES = 32;
const FRAME_BYTES = 4_000;
/** Recently used tokens are stored, so that none is accepted twice. Older ones are overwritten. */
const MAX_TOKENS = 100_000;

@Injectable()
export class LeakyBufferPool extends Specimen {
  private readonly tokens: Buffer[] = [];
  private next = 0;

  async handle(id: string): Promise<object> {
    const frame = await readFrame(id);
    const token = frame.subarray(0, TOKEN_BYTES);
    this.tokens[this.next] = token; // ← the bug: a view of 32 bytes retains the memory of the whole frame
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

/** A frame as a socket delivers it: a Buffer from Node's pool that begins with the token. */
async function readFrame(id: string): Promise<Buffer> {
  const { note } = await findOrder(id);
  const frame = Buffer.allocUnsafe(FRAME_BYTES).fill(0);
  frame.write(note, 'hex');
  return frame;
}

export const bufferPool: Pair = { leaky: LeakyBufferPool, fixed: FixedBufferPool };
