import { setTimeout as sleep } from 'node:timers/promises';
import {
  judgeByWork,
  type Reading,
  type Reason,
  TEST_DRIFT_BYTES,
  unsettled,
  type Verdict,
} from '../verdict/index.js';
import { type Caller, nowMs } from './caller.js';
import type { Settled } from './options.js';
import { liveAfterCollection, usedNow } from './own-memory.js';

/** Bytes per call. An object with two fields and its entry in a Map take about a hundred, and must not be overlooked. */
const COARSEST_BYTES = 512;
/** The smallest object takes so many bytes; below it, V8's own caches of numbers and strings show. */
const FINEST_BYTES = 16;

/** A round takes about as long as the collections around it: shorter ones waste collections, longer ones waste calls. */
const ROUND_MS = 10;
const ROUND_CALLS = 10_000;
/** Growth per round that is above all noise. More would only use up the memory of the test process. */
const ROUND_BYTES = 200_000;
/** Rounds grow by this factor until one is long enough for a reading. */
const RAMP = 4;
/** How long memory is measured without calls at most, before growth is attributed to them. */
const IDLE_MS = 300;
const IDLE_PAUSES = 5;

/**
 * Memory always grows in the first calls: V8 collects type feedback, pools fill, and Node stores the timings of the
 * first 250 fetches. A slow function warms up for a quarter of the time instead.
 */
const WARM_UP_CALLS = 300;
const WARM_UP_SHARE = 1 / 4;

/**
 * Warms the function up and finds the size of a round. Growth meanwhile is not judged.
 *
 * @returns calls per round
 */
export async function rampUp(caller: Caller, options: Settled, deadline: number): Promise<number> {
  const { warmUp, calls, atMostMs } = options;
  await caller.call(Math.min(warmUp, calls));
  const isOver = (): boolean => caller.calls >= calls || nowMs() > deadline;
  const collecting = nowMs();
  let live = await liveAfterCollection();
  const roundMs = Math.max(ROUND_MS, nowMs() - collecting);
  let grewMuch = false;
  for (let size = 1; ; size = Math.min(ROUND_CALLS, size * RAMP)) {
    const [busy, used] = [caller.busyMs, usedNow()];
    await caller.call(Math.min(size, calls - caller.calls));
    let gained = usedNow() - used;
    if (gained > ROUND_BYTES) {
      const before = live;
      live = await liveAfterCollection();
      gained = live - before;
    }
    const byTime = roundMs / (caller.busyMs - busy);
    const byBytes = ROUND_BYTES / Math.max(1, gained);
    // A single round with much growth may have loaded something once, so the next one has to confirm it.
    if (byBytes <= 1 && grewMuch) return Math.max(1, Math.floor(size * Math.min(byBytes, byTime)));
    grewMuch = byBytes <= 1;
    if (byTime > 1 && size < ROUND_CALLS && !isOver()) continue;

    const round = Math.max(1, Math.floor(size * Math.min(1, byTime)));
    while (caller.calls < WARM_UP_CALLS && caller.busyMs < WARM_UP_SHARE * atMostMs && !isOver())
      await caller.call(Math.min(round, calls - caller.calls));
    return round;
  }
}

/** A verdict in bytes per call; unsettled where memory grows as fast without calls. */
export type TestVerdict = Verdict<Reason | { code: 'grows-without-calls'; bytes: number }>;

/** Calls in rounds, with a reading of live memory after each, until the verdict is settled or the time is over. */
export async function measureCalls(
  caller: Caller,
  options: Settled,
  size: number,
  deadline: number,
): Promise<TestVerdict> {
  const { calls, maxBytesPerCall } = options;
  const bytes = {
    finestBytes: maxBytesPerCall ?? FINEST_BYTES,
    coarsestBytes: maxBytesPerCall ?? COARSEST_BYTES,
  };
  let last = await liveAfterCollection();
  const readings: Reading[] = [{ work: 0, bytes: last }];
  const [callsBefore, start] = [caller.calls, nowMs()];
  const judged = (): Verdict =>
    judgeByWork(readings, { ...bytes, driftBytes: TEST_DRIFT_BYTES, unit: 'call' });
  let verdict = judged();
  let round = size;
  while (verdict.kind === 'unsettled' && caller.calls < calls && nowMs() < deadline) {
    const busy = caller.busyMs;
    await caller.call(Math.min(round, calls - caller.calls));
    const live = await liveAfterCollection();
    // The ramp-up chose too few calls if the machine paused during it, and few calls show only large leaks.
    const isShort = caller.busyMs - busy < ROUND_MS / RAMP && live - last < ROUND_BYTES / RAMP;
    if (isShort) round = Math.min(ROUND_CALLS, round * RAMP);
    readings.push({ work: caller.calls - callsBefore, bytes: live });
    last = live;
    verdict = judged();
  }
  if (verdict.kind !== 'leak') return verdict;
  return (await growsWithoutCalls(verdict, nowMs() - start)) ?? verdict;
}

/** A leak grows with the calls. What grows as fast without them is an interval, another test or the runner. */
async function growsWithoutCalls(verdict: Verdict, measuredMs: number): Promise<TestVerdict | null> {
  const rates: number[] = [];
  let before = await liveAfterCollection();
  for (let pause = 0; pause < IDLE_PAUSES; pause += 1) {
    const start = nowMs();
    await sleep(Math.min(IDLE_MS, measuredMs) / IDLE_PAUSES);
    const now = await liveAfterCollection();
    rates.push((now - before) / (nowMs() - start));
    before = now;
  }
  // The median: growth that happens once does not go on.
  const perMs = rates.toSorted((a, b) => a - b)[IDLE_PAUSES >> 1]!;
  const bytes = (verdict.growthRate?.estimate ?? 0) * verdict.work;
  if (perMs * measuredMs < bytes / 2) return null;
  return unsettled(verdict, { code: 'grows-without-calls', bytes });
}
