import { inspect } from 'node:util';

/** A class whose objects can be counted. */
// oxlint-disable-next-line typescript/no-explicit-any -- the parameters of the constructor do not matter
export type Class = abstract new (...args: any[]) => object;

export interface BoundOptions {
  /** Classes whose live objects are counted: after the calls, at most `atMost` of each may be alive. Default: none. */
  instancesOf?: readonly Class[];
  /** How many objects of each class may be alive. Default: as many as after the warm-up. */
  atMost?: number;
  /**
   * Growth that is accepted, in bytes per call. Default: the least that can be detected in the time, between 16 and 512.
   * A larger figure takes fewer calls.
   */
  maxBytesPerCall?: number;
  /** Calls before the measurement, as many as fill a cache. Calls that measure the duration of a call come on top. Default 0. */
  warmUp?: number;
  /** The most calls in all, warm-up included. Default 1,000,000. */
  calls?: number;
  /** After so many milliseconds the test is unsettled. Default 4,000, because vitest and jest stop a test after 5,000. */
  atMostMs?: number;
  /** Whether two heap snapshots are taken of a leak, to name what retains it. Default true. */
  name?: boolean;
}

export type Settled = Required<Omit<BoundOptions, 'atMost' | 'maxBytesPerCall'>> &
  Pick<BoundOptions, 'atMost' | 'maxBytesPerCall'>;

/** The least value of each numeric option. */
const LEAST = { atMost: 0, maxBytesPerCall: 1, warmUp: 0, calls: 1, atMostMs: 1 } as const;

/** @throws RangeError that names the option, its value and what it takes */
export function settle(options: BoundOptions): Settled {
  for (const [name, least] of Object.entries(LEAST)) {
    const value: unknown = options[name as keyof typeof LEAST]; // `Object.entries` widens its keys
    if (value === undefined || (typeof value === 'number' && value >= least && value < Infinity)) continue;
    throw new RangeError(`${name} is ${inspect(value)}. Pass a number of at least ${least}.`);
  }
  for (const one of options.instancesOf ?? []) {
    if (typeof one !== 'function')
      throw new RangeError(`instancesOf contains ${inspect(one)}. Pass classes.`);
  }
  if (options.atMost !== undefined && !options.instancesOf?.length)
    throw new RangeError(
      `atMost is ${options.atMost}, but there is no class to count. Pass instancesOf as well.`,
    );
  return { instancesOf: [], warmUp: 0, calls: 1_000_000, atMostMs: 4_000, name: true, ...options };
}
