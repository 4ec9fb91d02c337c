import { setTimeout as sleep } from 'node:timers/promises';
import { sampleAfterCollection } from '../../process/remote-sample.js';
import { liveBytes } from '../../process/sample.js';
import { unsettled, type Verdict } from '../../verdict/index.js';
import type { Context, Doubt, Measured } from '../model/context.js';
import type { Reason } from '../model/notes.js';

export const USUAL_DOUBT: Doubt = { atLeastMs: 10_000, restMs: 4_000, agesMs: 30_000 };
/** Samples during the rest. */
const RESTS = 3;
/** And up to this many, while a part of the growth comes back from one to the next. */
const MOST_RESTS = 13;
/** The share of the growth that has to come back for another sample. */
const STILL_RETURNING = 0.05;
/** The share of the growth that has to come back before it is no leak. */
const GIVEN_BACK = 0.5;

/**
 * The verdict after a rest: a leak keeps its memory; sessions, buffers and caches with a time to live give it back.
 * Existing traffic does not rest, and its verdict stays as it is.
 */
export async function afterRest(
  { target, work, options }: Context,
  { samples, verdict }: Pick<Measured, 'samples' | 'verdict'>,
): Promise<Verdict<Reason>> {
  const { doubt = USUAL_DOUBT, signal } = options;
  const [first, last] = [samples[0], samples.at(-1)];
  if (work.unit === 'second' || !first || !last) return verdict;
  await work.quiet?.();
  const grown = liveBytes(last) - liveBytes(first);
  const pauseMs = doubt.restMs / RESTS;
  let backBefore = 0;
  for (let rest = 1; rest <= MOST_RESTS; rest += 1) {
    await sleep(pauseMs, undefined, { signal });
    const rested = await sampleAfterCollection(target.session, target.pid);
    const back = liveBytes(last) - liveBytes(rested);
    if (rest >= RESTS && back - backBefore < STILL_RETURNING * grown) break;
    backBefore = back;
    if (back > GIVEN_BACK * grown)
      return unsettled(verdict, { code: 'given-back', share: back / grown, afterMs: rest * pauseMs });
  }
  return verdict;
}
