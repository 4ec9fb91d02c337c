import { type Headroom, LedgerSeries } from '../../outside/index.js';
import { liveBytes } from '../../process/sample.js';
import { sampleAfterCollection } from '../../process/remote-sample.js';
import { judgeByWork, type Reading, unsettled, type Verdict } from '../../verdict/index.js';
import type { Context, Measured } from '../model/context.js';
import { limitNote, limitsAt, nearLimit, unlessEnded } from '../model/limits.js';
import type { WorkUnit } from '../model/result.js';
import { FINEST_PER_SECOND_BYTES } from './finest.js';
import { measureNaturally } from './natural.js';
import { planRound, type RoundPlan } from './plan-rounds.js';
import { afterRest, USUAL_DOUBT } from './rest.js';
import { Traffic } from './traffic.js';

/** Readings before a verdict is accepted: a dozen after the warm-up. */
export const ROUNDS = 20;
/** A verdict that is not settled by then stays unsettled. */
const MOST_ROUNDS = 50;
/** A slow service is judged by what was seen until then. */
const LONGEST_MS = 90_000;

/**
 * Samples memory after each round of work until the verdict is settled; a leak is then given a rest, in which its
 * memory must not come back.
 *
 * @param isWide whether rounds are as large as the heap limit allows, although snapshots may become too expensive
 * @throws Problem when the target ends or does not answer.
 */
export async function measure(context: Context, isWide = false): Promise<Measured> {
  const { target, work, options } = context;
  if (!options.collect) return measureNaturally(context);
  const { doubt = USUAL_DOUBT, signal, onProgress } = options;
  // The rest counts as well: what is swept every few seconds comes back in it.
  const longEnoughMs = doubt.atLeastMs - (work.unit === 'request' ? doubt.restMs : 0);
  const startMs = performance.now();
  const samples: Measured['samples'] = [];
  const ledgers = new LedgerSeries(target.session, target.pid, target.sharedLedgers);
  let done = 0;
  const take = async (): Promise<void> => {
    signal.throwIfAborted();
    const sample = await sampleAfterCollection(target.session, target.pid);
    samples.push({ ...sample, work: done, limits: limitsAt(target.pid, sample) });
    await ledgers.read(done, sample.externalBytes);
    options.onReading?.({ ...sample, work: done });
  };
  await take();
  let verdict: Measured['verdict'] = judgeSamples(samples, work.unit);
  const cost = isWide ? { ...options, force: true } : options;
  const traffic = new Traffic(target.session);
  let plan: RoundPlan = planRound(samples, ROUNDS, cost);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const growing = verdict.kind === 'leak' ? ': it grows' : '';
    onProgress?.(`measuring its memory${growing}`, round / Math.max(ROUNDS, round));
    const did = await (work.unit === 'second'
      ? traffic.during(() => work.round(plan.most))
      : unlessEnded(work.round(plan.most)));
    if (did === null) break;
    done += did;
    await take();
    verdict = judgeSamples(samples, work.unit);
    plan = planRound(samples, ROUNDS - round, cost);
    const lastedMs = performance.now() - startMs;
    const isLong = (verdict.kind !== 'leak' && !ledgers.grow(work.unit)) || lastedMs >= longEnoughMs;
    const fewest = verdict.kind === 'bounded' ? (work.boundedAfter ?? ROUNDS) : ROUNDS;
    if (round >= fewest && verdict.kind !== 'unsettled' && isLong) break;
    if (work.unit === 'request' && (lastedMs > LONGEST_MS || reached(samples))) break;
  }
  if (verdict.kind === 'leak') verdict = await afterRest(context, { verdict, samples });
  if (verdict.kind === 'bounded' && traffic.hasStopped())
    verdict = unsettled(verdict, { code: 'traffic-stopped' });
  await target.mustRun();
  return { verdict, samples, startMs, ledgers, ...limitsOf(samples, plan, work.unit, isWide) };
}

/** What the next stages have to know of the load. */
function limitsOf(
  samples: Measured['samples'],
  { most, isSmall }: RoundPlan,
  unit: WorkUnit,
  isWide: boolean,
): Pick<Measured, 'mostInRound' | 'hasSmallRounds' | 'notes'> {
  if (unit !== 'request') return {};
  const near = reached(samples);
  return { mostInRound: most, hasSmallRounds: isSmall && !isWide, notes: near ? [limitNote(near)] : [] };
}

/** The limit that the target has come near since the first reading. */
function reached(samples: Measured['samples']): Headroom | null {
  return nearLimit(samples[0]?.limits ?? [], samples.at(-1)?.limits ?? []);
}

export function judgeSamples(samples: Measured['samples'], unit: WorkUnit): Verdict {
  return judgeReadings(
    samples.map((sample) => ({ work: sample.work, bytes: liveBytes(sample) })),
    unit,
  );
}

export function judgeReadings(readings: readonly Reading[], unit: WorkUnit): Verdict {
  return judgeByWork(readings, unit === 'request' ? {} : { unit, finestBytes: FINEST_PER_SECOND_BYTES });
}
