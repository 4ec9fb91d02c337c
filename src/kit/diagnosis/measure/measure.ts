import { setTimeout as sleep } from 'node:timers/promises';
import { liveBytes, type Sample } from '../../process/sample.js';
import { sampleAfterCollection, sampleAsItIs } from '../../process/remote-sample.js';
import { judgeByWork, type Reading, type Verdict } from '../../verdict/index.js';
import type { Context, Measured } from '../model/context.js';
import type { WorkUnit } from '../model/result.js';
import type { Target } from '../model/target.js';
import { afterRest, USUAL_DOUBT } from './rest.js';

/** Readings before a verdict is accepted: a dozen after the warm-up. */
export const ROUNDS = 20;
/** A verdict that is not settled by then stays unsettled. */
const MOST_ROUNDS = 50;
/** 64 bytes a second are 5 MB in a day, less than a healthy service gains and gives back. */
const FINEST_PER_SECOND_BYTES = 64;
/** How often memory is sampled where no collection may be forced. */
const POLL_MS = 100;

/**
 * Samples memory after each round of work until the verdict is settled; a leak is then given a rest, in which its
 * memory must not come back.
 *
 * @throws Problem when the target ends or does not answer.
 */
export async function measure(context: Context): Promise<Measured> {
  const { target, work, options } = context;
  const { collect, doubt = USUAL_DOUBT, signal, onProgress } = options;
  const startMs = performance.now();
  const samples: Measured['samples'] = [];
  let done = 0;
  const take = async (): Promise<void> => {
    signal.throwIfAborted();
    const sample = await (collect ? sampleAfterCollection : sampleAsItIs)(target.session, target.pid);
    samples.push({ ...sample, work: done });
  };
  await take();
  let verdict: Measured['verdict'] = judgeSamples(samples, work.unit);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const growing = verdict.kind === 'leak' ? ': it grows' : '';
    onProgress?.(`measuring its memory${growing}`, round / Math.max(ROUNDS, round));
    const lowest = collect ? null : lowestDuring(target);
    done += await work.round();
    if (lowest) samples.push({ ...(await lowest()), work: done });
    else await take();
    verdict = judgeSamples(samples, work.unit);
    const isLong = verdict.kind !== 'leak' || performance.now() - startMs >= doubt.atLeastMs;
    if (round >= ROUNDS && verdict.kind !== 'unsettled' && isLong) break;
  }
  if (verdict.kind === 'leak' && collect) verdict = await afterRest(context, { verdict, samples });
  await target.mustRun();
  return { verdict, samples, startMs };
}

/** Without forced collections, the lowest sample between two of the target's own. @returns what ends the sampling */
function lowestDuring({ session, pid }: Target): () => Promise<Sample> {
  const end = new AbortController();
  const polling = (async () => {
    let lowest = await sampleAsItIs(session, pid);
    while (!end.signal.aborted) {
      await sleep(POLL_MS);
      const sample = await sampleAsItIs(session, pid);
      if (liveBytes(sample) < liveBytes(lowest)) lowest = sample;
    }
    return lowest;
  })();
  polling.catch(() => {}); // the work is awaited first, and may fail for the same reason
  return () => {
    end.abort();
    return polling;
  };
}

export function judgeSamples(samples: Measured['samples'], unit: WorkUnit): Verdict {
  const readings: Reading[] = samples.map((sample) => ({ work: sample.work, bytes: liveBytes(sample) }));
  return judgeByWork(readings, unit === 'request' ? {} : { unit, finestBytes: FINEST_PER_SECOND_BYTES });
}
