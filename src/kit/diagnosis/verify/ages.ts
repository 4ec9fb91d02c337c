import { setTimeout as sleep } from 'node:timers/promises';
import { sampleAfterCollection } from '../../process/remote-sample.js';
import { liveBytes } from '../../process/sample.js';
import { IDLE_DRIFT_BYTES } from '../../verdict/index.js';
import { type Context, growthShareOf, type Measured, type Ranking } from '../model/context.js';
import { unlessEnded } from '../model/limits.js';
import type { GrownContainer, Probe } from '../probe/index.js';

/** On a busy machine, all that time has passed before the wait begins; what is old by then comes back at once. */
const LEAST_MS = 6_000;
/** Many windows are swept when a request comes, and by what it asks for. */
const EVERY_MS = 1_500;
const FEW_REQUESTS = 100;
/** Suspects with less of the growth than this would not change the verdict. */
const LEAST_SHARE = 0.3;
/** Of the growth. Without load, a leak loses nothing. */
const LOST_SHARE = 0.1;

/** What was removed because of its age: the share of the growth, and after how long without load. */
export interface GivenBack {
  share: number;
  afterMs: number;
}

/** What may be removed by its age. */
export interface MayAge {
  /** Those of the walk. */
  suspects: Ranking['suspects'];
  /** The share of the growth of those that only snapshots show. */
  inSnapshots: number;
}

/**
 * Waits, with few requests, where the code near a suspect may remove what is old: a window of time that is not full yet
 * looks like a leak.
 *
 * @param forMs since the first sample: a window of up to about this length has then passed once
 * @returns null where nothing was removed, or nothing near the suspects removes by time
 */
export async function watchAges(
  { target, work, options }: Context,
  probe: Probe,
  { samples, startMs }: Measured,
  { suspects, inSnapshots }: MayAge,
  forMs: number,
): Promise<GivenBack | null> {
  const [first] = samples;
  const beginMs = performance.now();
  const untilMs = Math.max(startMs + forMs, beginMs + Math.min(forMs, LEAST_MS));
  const canWait = work.unit === 'request' && options.collect && beginMs < untilMs;
  const aged = suspects.filter(({ mayAge }) => mayAge);
  const share = inSnapshots + growthShareOf(aged.map(({ suspect }) => suspect));
  if (!first || !canWait || share < LEAST_SHARE) return null;
  const read = async (): Promise<number> =>
    liveBytes(await sampleAfterCollection(target.session, target.pid));
  // Until it is released, the probe retains the first of a list, and so all others, and each container that was replaced.
  const mayBeCleared = options.confirmClear !== undefined && suspects.some(({ grown }) => isOne(grown));
  if (!mayBeCleared) await probe.release();
  let most = await read();
  for (let nowMs = beginMs; nowMs < untilMs; nowMs = performance.now()) {
    options.signal.throwIfAborted();
    const passed = (nowMs - beginMs) / (untilMs - beginMs);
    options.onProgress?.('waiting, to see whether what is old is removed', passed);
    const did = await unlessEnded(work.round(FEW_REQUESTS));
    if (did === null) break;
    const now = await read();
    most = Math.max(most, now);
    const [lost, grown] = [most - now, most - liveBytes(first)];
    if (lost > Math.max(IDLE_DRIFT_BYTES, LOST_SHARE * grown))
      return { share: lost / grown, afterMs: performance.now() - beginMs };
    await sleep(Math.min(EVERY_MS, Math.max(0, untilMs - performance.now())), undefined, {
      signal: options.signal,
    });
  }
  return null;
}

/** Only one container that is no list can be cleared later, by the probe. */
const isOne = ({ kind, containers }: GrownContainer): boolean => kind !== 'List' && containers <= 1;
