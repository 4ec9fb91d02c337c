import { inspect } from 'node:util';

/** A class whose objects can be counted. */
// oxlint-disable-next-line typescript/no-explicit-any -- any class will do, whatever it is made with
export type Class = abstract new (...args: any[]) => object;

export interface BoundOptions {
  /** Structure first: of each of these classes at most `atMost` objects are alive after the calls. */
  instancesOf?: readonly Class[];
  /** Default: as many as were alive after the warm-up, so that no call may add one that stays. */
  atMost?: number;
  /**
   * What a call may keep, in bytes. Default: as little as the time allows to tell, and 512 at most. A larger figure
   * is settled sooner, a smaller one takes more calls.
   */
  maxBytesPerCall?: number;
  /** Calls that are not judged, beside those that find out how long a call takes: as many as fill a cache. */
  warmUp?: number;
  /** At most so many calls in all, warm-up included. Default 1,000,000. */
  calls?: number;
  /** Give up, unsettled, after so long. Default 4,000: vitest and jest stop a test after 5,000. */
  atMostMs?: number;
  /** Take two heap snapshots of a leak to name who keeps it. Default true. */
  name?: boolean;
}

export type Settled = Required<Omit<BoundOptions, 'atMost' | 'maxBytesPerCall'>> &
  Pick<BoundOptions, 'atMost' | 'maxBytesPerCall'>;

/** @throws RangeError that names the option and what it takes */
export function settle(options: BoundOptions): Settled {
  for (const [name, least] of Object.entries({
    atMost: 0,
    maxBytesPerCall: 1,
    warmUp: 0,
    calls: 1,
    atMostMs: 1,
  })) {
    const value: unknown = options[name as keyof BoundOptions];
    if (value === undefined || (typeof value === 'number' && value >= least && value < Infinity)) continue;
    throw new RangeError(`${name} is ${inspect(value)}: give a number of at least ${least}`);
  }
  for (const one of options.instancesOf ?? []) {
    if (typeof one !== 'function') throw new RangeError(`instancesOf has ${inspect(one)}: give classes`);
  }
  if (options.atMost !== undefined && !options.instancesOf?.length)
    throw new RangeError('atMost says how many of which class: give instancesOf as well');
  return { instancesOf: [], warmUp: 0, calls: 1_000_000, atMostMs: 4_000, name: true, ...options };
}
