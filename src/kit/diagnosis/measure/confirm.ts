import type { Headroom } from '../../outside/index.js';
import { sampleAfterCollection } from '../../process/remote-sample.js';
import { liveBytes } from '../../process/sample.js';
import type { Context, Growth, Measured } from '../model/context.js';
import { limitsAt, roomBelow, sinceFirst, unlessEnded } from '../model/limits.js';
import { type Stopped, stoppedGrowth } from '../model/stopped.js';

/** So much more is sent than the measurement gained, with what the stages until then sent. */
const TIMES_GROWTH = 3;
const LONGEST_MS = 4_000;
/** Few, so that most of the time is work. */
const ROUNDS = 4;

/**
 * A leak that was measured with little work, so that snapshots stayed affordable, is given more work once its cause is
 * known: a cache that fills looks like a leak until it is full.
 *
 * @param sent work since the last sample of the measurement
 * @returns null where growth goes on, or where there is nothing to confirm
 */
export async function confirmWithMoreWork(
  { target, work, options }: Context,
  { samples, hasSmallRounds }: Measured,
  { bytesPerWork }: Growth,
  sent: number,
): Promise<Stopped | null> {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!hasSmallRounds || !first || !last) return null;
  const before = await sampleAfterCollection(target.session, target.pid);
  const startMs = performance.now();
  const perWork = (used: number): number => used / Math.max(1, last.work - first.work);
  const byLimits = sinceFirst(first.limits ?? [], limitsAt(target.pid, before)).map((limit) => {
    const { code } = limit.now;
    const gained = usedOf(last.limits, code) - usedOf(first.limits, code);
    const rate = code === 'heap' ? bytesPerWork : perWork(gained);
    return rate > 0 ? roomBelow(limit.first, limit.now) / rate : Number.POSITIVE_INFINITY;
  });
  const enough = (TIMES_GROWTH * (liveBytes(last) - liveBytes(first))) / bytesPerWork - sent;
  const wanted = Math.min(enough, ...byLimits);
  if (wanted <= 0) return null;
  let done = 0;
  while (done < wanted && performance.now() - startMs < LONGEST_MS) {
    options.signal.throwIfAborted();
    options.onProgress?.('more work, to see whether the growth lasts', done / wanted);
    const did = await unlessEnded(work.round(Math.ceil(wanted / ROUNDS)));
    if (did === null) break;
    done += did;
  }
  const now = await sampleAfterCollection(target.session, target.pid);
  return stoppedGrowth(bytesPerWork * done, liveBytes(now) - liveBytes(before));
}

const usedOf = (limits: readonly Headroom[] | undefined, code: Headroom['code']): number =>
  limits?.find((one) => one.code === code)?.used ?? 0;
