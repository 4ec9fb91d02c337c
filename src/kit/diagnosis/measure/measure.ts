import { liveBytes } from '../../process/sample.js';
import { sampleAfterCollection } from '../../process/remote-sample.js';
import { judgeByWork, type Reading, type Verdict } from '../../verdict/index.js';
import type { Context, Measured } from '../model/context.js';
import type { WorkUnit } from '../model/result.js';
import { FINEST_PER_SECOND_BYTES } from './finest.js';
import { measureNaturally } from './natural.js';
import { afterRest, USUAL_DOUBT } from './rest.js';

/** Readings before a verdict is accepted: a dozen after the warm-up. */
export const ROUNDS = 20;
/** A verdict that is not settled by then stays unsettled. */
const MOST_ROUNDS = 50;

/**
 * Samples memory after each round of work until the verdict is settled; a leak is then given a rest, in which its
 * memory must not come back.
 *
 * @throws Problem when the target ends or does not answer.
 */
export async function measure(context: Context): Promise<Measured> {
  const { target, work, options } = context;
  if (!options.collect) return measureNaturally(context);
  const { doubt = USUAL_DOUBT, signal, onProgress } = options;
  const startMs = performance.now();
  const samples: Measured['samples'] = [];
  let done = 0;
  const take = async (): Promise<void> => {
    signal.throwIfAborted();
    const sample = await sampleAfterCollection(target.session, target.pid);
    samples.push({ ...sample, work: done });
  };
  await take();
  let verdict: Measured['verdict'] = judgeSamples(samples, work.unit);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const growing = verdict.kind === 'leak' ? ': it grows' : '';
    onProgress?.(`measuring its memory${growing}`, round / Math.max(ROUNDS, round));
    done += await work.round();
    await take();
    verdict = judgeSamples(samples, work.unit);
    const isLong = verdict.kind !== 'leak' || performance.now() - startMs >= doubt.atLeastMs;
    if (round >= ROUNDS && verdict.kind !== 'unsettled' && isLong) break;
  }
  if (verdict.kind === 'leak') verdict = await afterRest(context, { verdict, samples });
  await target.mustRun();
  return { verdict, samples, startMs };
}

export function judgeSamples(samples: Measured['samples'], unit: WorkUnit): Verdict {
  const readings: Reading[] = samples.map((sample) => ({ work: sample.work, bytes: liveBytes(sample) }));
  return judgeByWork(readings, unit === 'request' ? {} : { unit, finestBytes: FINEST_PER_SECOND_BYTES });
}
