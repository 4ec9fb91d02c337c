import { Injectable, NotFoundException } from '@nestjs/common';
import { findOrder } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * In-flight map without delete on rejection
 *
 * Met: concurrent misses of one key share one look-up, whose promise stays in a Map until it settles. The entry is
 * deleted after the `await`, or in `then`, and a rejection skips that line. Nothing leaks while the database works.
 * The first outage leaves one entry for every key that was requested.
 * Case: PrairieLearn/PrairieLearn#5182, where promises of chunks were never removed, and a chunk that failed to load
 * once failed on every later request.
 * Shows: the heap grows by a key, a promise and an error with its stack per failed look-up. The answers are wrong as
 * well, because the failure is served again.
 * Fix: delete the entry in `finally`, which runs whether the promise is fulfilled or rejected.
 * Cost: none. A promise that may never settle also needs a deadline (`AbortSignal.timeout`).
 */

@Injectable()
export class LeakyInFlight extends Specimen {
  private readonly loads = new Map<string, Promise<object>>();

  async handle(id: string): Promise<object> {
    return answer(this.loads.get(id) ?? this.load(id));
  }

  private async load(id: string): Promise<object> {
    const load = findPaid(id);
    this.loads.set(id, load);
    const order = await load;
    this.loads.delete(id); // ← the bug: a load that fails skips this line
    return order;
  }
}

@Injectable()
export class FixedInFlight extends Specimen {
  private readonly loads = new Map<string, Promise<object>>();

  async handle(id: string): Promise<object> {
    return answer(this.loads.get(id) ?? this.load(id));
  }

  private async load(id: string): Promise<object> {
    const load = findPaid(id);
    this.loads.set(id, load);
    try {
      return await load;
    } finally {
      this.loads.delete(id);
    }
  }
}

/** A database that rejects for half of the orders. */
async function findPaid(id: string): Promise<object> {
  const order = await findOrder(id);
  if (order.cents % 2 === 0) return order;
  throw new NotFoundException({ id, message: 'not paid' });
}

/** The order, or the response of the error. Either has status 200, so that the answers can be compared. */
async function answer(load: Promise<object>): Promise<object> {
  try {
    return await load;
  } catch (error) {
    return (error as NotFoundException).getResponse() as object;
  }
}

export const inFlight: Pair = { leaky: LeakyInFlight, fixed: FixedInFlight };
