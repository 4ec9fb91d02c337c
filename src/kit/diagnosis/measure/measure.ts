import { setTimeout as sleep } from 'node:timers/promises';
import { liveBytes, sampleAfterCollection, sampleAsItIs, type Sample } from '../../process/sample.js';
import { judge, judgeByWork, type Reading, type Verdict } from '../../verdict/index.js';
import type { Patient } from '../target.js';

/** What makes the patient work: load that is driven, or the traffic that is there anyway. */
export interface Work {
  unit: 'request' | 'second';
  /** Has some work done. @returns how much. @throws Problem when that is not possible any more. */
  round(): Promise<number>;
}

/** Memory over work. */
export interface Measured {
  verdict: Verdict;
  /** One for each reading, with the work done until then. */
  looks: (Sample & { work: number })[];
}

/** Looks until a verdict is sought to stand on: a dozen after the warm-up. */
export const ROUNDS = 20;
/** Beyond, what is not settled stays so. */
const MOST_ROUNDS = 50;
/** How long a leak is doubted. */
export interface Doubt {
  /** A verdict of "leak" waits so long: what is swept every few seconds looks like one until then. */
  atLeastMs: number;
  /** How long the patient then rests: what comes back meanwhile was no leak. */
  restMs: number;
}
export const USUAL_DOUBT: Doubt = { atLeastMs: 15_000, restMs: 6_000 };
const RESTS = 3;
/** And so many more, while a part of the growth comes back from one to the next. */
const MOST_RESTS = 9;
const COMES_ON = 0.05;
/** What comes back of the growth, in rest, before it is no leak. */
const COMES_BACK = 0.5;
/** What a program may gain in V8's own tables while it is watched; see the verdict by requests. */
const DRIFT_BYTES = 400_000;

/** Without collections of ours, memory is what it is lowest at between two of the program's own. */
const POLL_MS = 100;

export async function measure(
  patient: Patient,
  work: Work,
  {
    collect,
    doubt = USUAL_DOUBT,
    signal,
  }: { collect: boolean; doubt?: Doubt | undefined; signal: AbortSignal },
  onProgress: (done: number, planned: number, verdict: Verdict) => void,
): Promise<Measured> {
  const looks: Measured['looks'] = [];
  let done = 0;
  const { session, pid } = patient;
  const look = async (): Promise<void> => {
    signal.throwIfAborted();
    looks.push({ ...(await (collect ? sampleAfterCollection : sampleAsItIs)(session, pid)), work: done });
  };
  const start = performance.now();
  await look();
  let verdict = judgeLooks(looks, work.unit);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    onProgress(round, Math.max(ROUNDS, round), verdict);
    const lowest = collect ? null : lowestDuring(patient);
    done += await work.round();
    if (lowest) looks.push({ ...(await lowest()), work: done });
    else await look();
    verdict = judgeLooks(looks, work.unit);
    const isLong = verdict.kind !== 'leak' || performance.now() - start >= doubt.atLeastMs;
    if (round >= ROUNDS && verdict.kind !== 'unsettled' && isLong) break;
  }
  if (verdict.kind === 'leak' && collect)
    verdict = await afterRest(patient, work, { verdict, looks }, { doubt, signal });
  return { verdict, looks };
}

/** Looks again and again until it is told to stop. @returns what ends it and gives the lowest. */
function lowestDuring({ session, pid }: Patient): () => Promise<Sample> {
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
  polling.catch(() => {}); // the work is waited for first, and may fail of the same
  return () => {
    end.abort();
    return polling;
  };
}

export function judgeLooks(looks: Measured['looks'], unit: Work['unit']): Verdict {
  const readings: Reading[] = looks.map((look) => ({ work: look.work, bytes: liveBytes(look) }));
  if (unit === 'request') return judgeByWork(readings);
  const span = (readings.at(-1)?.work ?? 0) - (readings[0]?.work ?? 0);
  return judge(readings, { unit, smallestLeakBytes: Math.max(64, DRIFT_BYTES / Math.max(1, span)) });
}

/** What a leak keeps it keeps also in rest; sessions, buffers and caches with a time to live give it back. */
export async function afterRest(
  patient: Patient,
  work: Work,
  { looks, verdict }: Measured,
  { doubt = USUAL_DOUBT, signal }: { doubt?: Doubt | undefined; signal: AbortSignal },
): Promise<Verdict> {
  const { restMs } = doubt;
  if (work.unit === 'second') return verdict; // the traffic goes on
  const grown = liveBytes(looks.at(-1)!) - liveBytes(looks[0]!);
  let backBefore = 0;
  for (let rest = 1; rest <= MOST_RESTS; rest += 1) {
    await sleep(restMs / RESTS, undefined, { signal });
    const rested = await sampleAfterCollection(patient.session, patient.pid);
    const back = liveBytes(looks.at(-1)!) - liveBytes(rested);
    if (rest > RESTS && back - backBefore < COMES_ON * grown) break;
    backBefore = back;
    if (back > COMES_BACK * grown) {
      return {
        ...verdict,
        kind: 'unsettled',
        confidence: 0,
        reason: `Memory grew under load, but ${Math.round((100 * back) / grown)} % of that was given back within ${Math.round((rest * restMs) / RESTS / 1000)} s of rest: it is swept, or was under way. Measure over a longer time.`,
      };
    }
  }
  return verdict;
}
