import { type Headroom, headroomOf, type LimitCode } from '../../outside/index.js';
import type { Sample } from '../../process/sample.js';
import type { Note } from './notes.js';

/** The share of the room below a limit that load may fill: the target has to survive its own users as well. */
export const ROOM_SHARE = 0.5;

/**
 * The limits that load must not come near, each with a gain that shows beside the noise of two readings. A new limit is
 * read in `src/kit/outside/headroom`, and has its words in `limit-words.ts`.
 */
export const LEAST_GAIN: Readonly<Record<LimitCode, number>> = {
  heap: 300_000,
  'open-files': 4,
  'address-space': 32e6,
  'container-memory': 4e6,
  'container-processes': 2,
  'user-processes': 2,
  'machine-memory': 4e6,
  'machine-processes': 2,
  ports: 20,
};

type HeapSize = Pick<Sample, 'heapUsedBytes' | 'heapLimitBytes'>;

/** How far a heap is from its limit, in the same terms. */
export function heapHeadroom({ heapUsedBytes, heapLimitBytes }: HeapSize): Headroom {
  return { code: 'heap', used: heapUsedBytes, free: heapLimitBytes - heapUsedBytes };
}

/** How far a target is from all of its limits. @param sample of it, taken at this moment */
export function limitsAt(pid: number, sample: HeapSize): Headroom[] {
  return [heapHeadroom(sample), ...headroomOf(pid)];
}

/** What load may still take: negative beyond its share of the room. @param first how far away the limit was at first */
export function roomBelow(first: Headroom, now: Headroom, share = ROOM_SHARE): number {
  return share * (now.used + now.free - first.used) - (now.used - first.used);
}

/** A limit at two moments. */
export interface Since {
  first: Headroom;
  now: Headroom;
}

/** The limits that were read at both moments. */
export function sinceFirst(first: readonly Headroom[], now: readonly Headroom[]): Since[] {
  return now.flatMap((one) => {
    const before = first.find(({ code }) => code === one.code);
    return before ? [{ first: before, now: one }] : [];
  });
}

/** The limit that load has come near; null while there is none. */
export function nearLimit(
  first: readonly Headroom[],
  now: readonly Headroom[],
  share = ROOM_SHARE,
): Headroom | null {
  const near = sinceFirst(first, now).find(
    (one) => one.now.used > one.first.used && roomBelow(one.first, one.now, share) < 0,
  );
  return near?.now ?? null;
}

/** What to say of a limit before which the load was ended. */
export function limitNote({ code, used, free }: Headroom): Note {
  return code === 'heap'
    ? { code: 'near-heap-limit', heapBytes: used, limitBytes: used + free }
    : { code: 'near-limit', limit: code, used, free };
}

/** Thrown instead of doing more work: the target would come near one of its limits. */
export class LoadEnded extends Error {
  constructor() {
    super('the load was ended before the process reached one of its limits');
  }
}

/** A round of work; null where the load was ended. */
export async function unlessEnded(round: Promise<number>): Promise<number | null> {
  try {
    return await round;
  } catch (error) {
    if (error instanceof LoadEnded) return null;
    throw error;
  }
}
