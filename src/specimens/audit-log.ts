import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Array used as an audit log
 *
 * Met: the code keeps recent requests for debugging, and never removes one. The same happens with a history for an
 * admin page, with calls that a client records, and with errors that wait to be read. An array has no bound.
 * Case: jakerella/jquery-mockjax#282, where every request that was not mocked stayed in an array, with its response.
 * Shows: the heap grows by one element per request. The backing store of the array grows in steps.
 * Fix: set a maximum length, and remove the oldest entry when it is exceeded. The bound holds because the code that
 * adds also removes. What must be kept for longer belongs on a disk or in a log service.
 * Cost: only the last 100 entries are there. `shift` moves the array, which at this length takes too little time to
 * measure. For thousands of entries, use a ring.
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
    this.entries.push({ at: Date.now(), order }); // ← the bug: no code removes an entry
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
