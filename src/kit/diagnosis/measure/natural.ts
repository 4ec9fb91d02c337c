import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerSeries } from '../../outside/index.js';
import { type CollectionWatch, watchCollections } from '../../process/natural-collections.js';
import { sampleAsItIs } from '../../process/remote-sample.js';
import { liveBytes, type Sample } from '../../process/sample.js';
import {
  FEWEST_READINGS,
  judgeByWork,
  SERVICE_DRIFT_BYTES,
  type Reading,
  unsettled,
} from '../../verdict/index.js';
import type { Context, DiagnoseOptions, Measured, Work } from '../model/context.js';
import { unlessEnded } from '../model/limits.js';
import type { WorkUnit } from '../model/result.js';
import { FINEST_PER_SECOND_BYTES } from './finest.js';
import { Traffic } from './traffic.js';

/** How often the target is asked for its collections: the work that was done until one is known as exactly. */
const POLL_MS = 100;
const FEWEST_ROUNDS = 20;
/** Full collections of a large heap are rare, so that a verdict is given more time than where they are forced. */
const MOST_ROUNDS: Readonly<Record<WorkUnit, number>> = { request: 120, second: 50 };
/** A marking that runs beside the program misses garbage, the more the larger the heap is. */
const DRIFT_SHARE = 0.001;
/** The smallest leak that a verdict of "bounded" has to exclude. */
const USUAL_LEAK_BYTES: Readonly<Record<WorkUnit, number>> = { request: 50, second: 4_096 };

/**
 * Measures where no collection may be forced: a reading is what V8's own full collection left. Between two of them,
 * garbage looks like growth, and nothing is read.
 *
 * @throws Problem when the target ends or does not answer.
 */
export async function measureNaturally(context: Context): Promise<Measured> {
  const { target, work, options } = context;
  const { signal, onProgress } = options;
  const startMs = performance.now();
  const most = MOST_ROUNDS[work.unit];
  const samples: Measured['samples'] = [];
  const ledgers = new LedgerSeries(target.session, target.pid, target.sharedLedgers);
  const watch = await watchCollections(target.session, target.pid);
  const traffic = new Traffic(target.session);
  let done = 0;
  let verdict = judgeCollections(samples, work.unit, 0);
  try {
    for (let round = 1; round <= most; round += 1) {
      signal.throwIfAborted();
      const seen = samples.length === 1 ? '1 collection' : `${samples.length} collections`;
      onProgress?.(`measuring its memory by V8's own collections: ${seen} so far`, round / most);
      const { units, collected, isEnded } = await collectedDuring(watch, work, traffic);
      for (const { sample, share } of collected) addSample(samples, sample, done + share * units, options);
      done += units;
      const { externalBytes } = await sampleAsItIs(target.session, target.pid);
      await ledgers.read(done, externalBytes);
      verdict = judgeCollections(samples, work.unit, (performance.now() - startMs) / 1_000);
      if (isEnded || (round >= FEWEST_ROUNDS && verdict.kind !== 'unsettled')) break;
    }
  } finally {
    await watch.stop();
  }
  // The stages after this one compare with a first and a last sample.
  if (samples.length === 0) samples.push({ ...(await sampleAsItIs(target.session, target.pid)), work: done });
  if (verdict.kind === 'bounded' && traffic.hasStopped())
    verdict = unsettled(verdict, { code: 'traffic-stopped' });
  await target.mustRun();
  return { verdict, samples, startMs, ledgers };
}

function addSample(
  samples: Measured['samples'],
  sample: Sample,
  work: number,
  { onReading }: DiagnoseOptions,
): void {
  if (work <= (samples.at(-1)?.work ?? -1)) return;
  samples.push({ ...sample, work });
  onReading?.({ ...sample, work });
}

interface Collected {
  sample: Sample;
  /** 0 to 1: how much of the round had passed. */
  share: number;
}

async function collectedDuring(
  watch: CollectionWatch,
  work: Work,
  traffic: Traffic,
): Promise<{ units: number; collected: Collected[]; isEnded: boolean }> {
  const end = new AbortController();
  const startMs = performance.now();
  const seen: { sample: Sample; atMs: number }[] = [];
  const look = async (): Promise<void> => {
    const sample = await watch.latest();
    if (sample) seen.push({ sample, atMs: performance.now() - startMs });
  };
  const looking = (async () => {
    while (!end.signal.aborted) {
      await sleep(POLL_MS, undefined, { signal: end.signal }).catch(() => {});
      await look();
    }
  })();
  looking.catch(() => {}); // the work is awaited first, and may fail for the same reason
  let units: number | null;
  try {
    units = await (work.unit === 'second' ? traffic.during(() => work.round()) : unlessEnded(work.round()));
  } finally {
    end.abort();
  }
  const lastedMs = Math.max(1, performance.now() - startMs);
  await looking;
  return {
    units: units ?? 0,
    isEnded: units === null,
    collected: seen.map(({ sample, atMs }) => ({ sample, share: Math.min(1, atMs / lastedMs) })),
  };
}

/** The verdict of what V8's own collections left; unsettled while there were too few. @param seconds of the measurement */
export function judgeCollections(
  samples: Measured['samples'],
  unit: WorkUnit,
  seconds: number,
): Measured['verdict'] {
  const readings: Reading[] = samples.map((sample) => ({ work: sample.work, bytes: liveBytes(sample) }));
  const largest = readings.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  const options = {
    unit,
    driftBytes: Math.max(SERVICE_DRIFT_BYTES, DRIFT_SHARE * largest),
    ...(unit === 'second' ? { finestBytes: FINEST_PER_SECOND_BYTES } : {}),
  };
  const latest = judgeByWork(readings, options);
  // One collection that missed much garbage feigns growth. A leak shows without the latest one as well.
  const before = latest.kind === 'leak' ? judgeByWork(readings.slice(0, -1), options) : latest;
  const fine = before.kind === 'leak' ? latest : before;
  // What a marking misses hides the smallest leaks. It is worth saying that there is none of a usual size.
  const isWide = fine.reason.code === 'interval-too-wide';
  const coarse = isWide ? judgeByWork(readings, { ...options, finestBytes: USUAL_LEAK_BYTES[unit] }) : fine;
  const verdict = coarse.kind === 'bounded' ? coarse : fine;
  if (verdict.reason.code !== 'too-few-readings') return verdict;
  const reason = {
    code: 'too-few-collections' as const,
    collections: samples.length,
    needed: FEWEST_READINGS,
    seconds: Math.round(seconds),
  };
  return { ...verdict, reason };
}
