import { Injectable } from '@nestjs/common';
import { findOrder, isOneIn, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Shared buffer per message
 *
 * Met: frames or tables are shared with worker threads by SharedArrayBuffers. A new one is made for each message, and
 * the sender keeps it until the reader has answered, which it does not do when it fails or is replaced. Every thread
 * that received a buffer retains it as well.
 * Case: laverdet/isolated-vm#68, where isolates retained the shared buffers that they were given.
 * Shows: the resident set and array buffers. The heap is flat, and so is `external`, which most dashboards plot: it does
 * not count shared memory. A heap snapshot does.
 * Fix: allocate a fixed number of buffers and use them in turn. Who finds none free waits, or drops the frame.
 * Cost: readers copy what they want to keep.
 */

const ONE_IN = 50;
const FRAME_BYTES = 256 * 1024;
const FRAMES = 4;

@Injectable()
export class LeakySharedBuffers extends Specimen {
  private readonly frames: SharedArrayBuffer[] = [];

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const frame = new SharedArrayBuffer(FRAME_BYTES);
    this.frames.push(frame); // ← the bug: each message has a buffer of its own, which is kept for a reader that does not answer
    new Uint8Array(frame).fill(order.cents);
    return order;
  }
}

@Injectable()
export class FixedSharedBuffers extends Specimen {
  private readonly frames = Array.from({ length: FRAMES }, () => new SharedArrayBuffer(FRAME_BYTES));
  private next = 0;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const frame = this.frames[this.next] ?? new SharedArrayBuffer(FRAME_BYTES);
    this.next = (this.next + 1) % FRAMES;
    new Uint8Array(frame).fill(order.cents);
    return order;
  }
}

export const sharedBuffers: Pair = { leaky: LeakySharedBuffers, fixed: FixedSharedBuffers };
