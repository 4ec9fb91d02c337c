import { createGzip, type Gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { findOrder, isOneIn, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Compression stream that does not end
 *
 * Met: a response is compressed while it is written, and the client goes away in between. The stream is neither ended
 * nor destroyed, and something refers to it still: the list of open responses, its own `drain` listener, a timer.
 * Case: vercel/next.js#96173, where each aborted response left its compression stream with 256 kB.
 * Shows: the resident set by 270 kB per stream, which zlib takes from malloc. Of this, V8's figures (heap used, external)
 * have a buffer of 16 kB. A heap snapshot has the rest as `Node / zlib_memory`.
 * Fix: destroy the stream in a `finally`, or connect it with `pipeline`, which does that. A stream that is only ended
 * keeps its memory until somebody has read the rest.
 * Cost: none.
 */

const ONE_IN = 50;

@Injectable()
export class LeakyZlibStreams extends Specimen {
  private readonly open = new Set<Gzip>();

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const gzip = createGzip();
    this.open.add(gzip);
    gzip.once('close', () => this.open.delete(gzip));
    await write(gzip, order.note);
    return order; // ← the bug: the client has gone, the stream is never closed, and zlib keeps its memory
  }
}

@Injectable()
export class FixedZlibStreams extends Specimen {
  private readonly open = new Set<Gzip>();

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const gzip = createGzip();
    this.open.add(gzip);
    gzip.once('close', () => this.open.delete(gzip));
    try {
      await write(gzip, order.note);
      return order;
    } finally {
      gzip.destroy();
    }
  }
}

function write(gzip: Gzip, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    gzip.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

export const zlibStreams: Pair = { leaky: LeakyZlibStreams, fixed: FixedZlibStreams };
