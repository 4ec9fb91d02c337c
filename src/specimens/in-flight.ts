import { Injectable, NotFoundException } from '@nestjs/common';
import { findOrder } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * In-flight map without delete on rejection
 *
 * Met: those who miss the same key at the same time share one look-up, whose promise waits in a Map until it
 * settles. The entry is taken out after the `await`, or in `then`: the line that a rejection jumps over. While the
 * database is well nothing leaks, and the first outage leaves one entry for every key that was asked for.
 * Case: PrairieLearn/PrairieLearn#5182, where promises of chunks stayed for good, and a chunk that failed to load
 * once failed for ever.
 * Shows: heap, by a key, a promise and an error with its stack for each look-up that failed; and wrong answers,
 * because the failure is served again.
 * Fix: take the entry out in `finally`. It holds because a promise settles in one way or the other, and both pass
 * there.
 * Cost: none. What never settles needs a deadline beside it (`AbortSignal.timeout`).
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
    this.loads.delete(id); // ← the bug: a load that fails does not come here
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

/** A database that has half of the orders. */
async function findPaid(id: string): Promise<object> {
  const order = await findOrder(id);
  if (order.cents % 2 === 0) return order;
  throw new NotFoundException({ id, message: 'not paid' });
}

/** The order, or what the error says of it. */
async function answer(load: Promise<object>): Promise<object> {
  try {
    return await load;
  } catch (error) {
    return (error as NotFoundException).getResponse() as object;
  }
}

export const inFlight: Pair = { leaky: LeakyInFlight, fixed: FixedInFlight };
