import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Array used as an audit log
 *
 * Met: "keep the last requests for debugging", and what is kept are all of them. A history for an admin page, calls
 * recorded by an instrumented client, errors collected until somebody asks. An array has no bound of its own.
 * Case: jakerella/jquery-mockjax#282, where every request that was not mocked stayed in an array, response and all.
 * Shows: heap, by one element a request, in an array whose backing store doubles in steps.
 * Fix: say how many, and let the oldest go. It holds because the array is cut where it grows. What has to be kept
 * belongs on a disk or in a log, which is somebody else's memory.
 * Cost: the past beyond the last 100 is gone; `shift` moves the array, which at this length takes no time that
 * could be measured. From thousands on take a ring.
 */

const MAX_ENTRIES = 100;

interface Entry {
  at: number;
  order: Order;
}

@Injectable()
export class LeakyAuditLog extends Specimen {
  private readonly entries: Entry[] = [];

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    this.entries.push({ at: Date.now(), order }); // ← the bug: a log in memory has no end
    return order;
  }
}

@Injectable()
export class FixedAuditLog extends Specimen {
  private readonly entries: Entry[] = [];

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    this.entries.push({ at: Date.now(), order });
    if (this.entries.length > MAX_ENTRIES) this.entries.shift();
    return order;
  }
}

export const auditLog: Pair = { leaky: LeakyAuditLog, fixed: FixedAuditLog };
