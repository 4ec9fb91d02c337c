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
import { keptAfterCollection, usedNow } from './own-memory.js';

/** An object with a field or two and its entry in a Map take about a hundred bytes: no default may overlook many. */
const COARSEST_BYTES = 512;
/** The least that anything kept takes; finer than this, V8's own caches of numbers and strings show. */
const FINEST_BYTES = 16;

/** A round takes about as long as the collections around it: shorter ones waste them, longer ones waste calls. */
const ROUND_MS = 10;
const ROUND_CALLS = 10_000;
/** Growth that no noise can hide. More a round would only fill the memory of whoever runs the test. */
const ROUND_BYTES = 200_000;
/** Rounds grow by this until one is worth a reading. */
const RAMP = 4;
/** How long at most the process is watched without calls, when it comes to blaming them. */
const IDLE_MS = 300;
const IDLE_PAUSES = 5;

/**
 * Growth in the first calls is the rule: V8 has not seen types yet, pools fill, and Node keeps the timings of the
 * first 250 fetches. Slow functions get a quarter of the time for it.
 */
const WARM_UP_CALLS = 300;
const WARM_UP_SHARE = 1 / 4;

/** Finds how many calls make a round, by making them: what grows meanwhile is the warm-up's, and not judged. */
export async function rampUp(caller: Caller, options: Settled, deadline: number): Promise<number> {
  const { warmUp, calls, atMostMs } = options;
  await caller.call(Math.min(warmUp, calls));
  const isOver = (): boolean => caller.calls >= calls || nowMs() > deadline;
  const collecting = nowMs();
  let kept = await keptAfterCollection();
  const roundMs = Math.max(ROUND_MS, nowMs() - collecting);
  let wasHeavy = false;
  for (let size = 1; ; size = Math.min(ROUND_CALLS, size * RAMP)) {
    const [busy, used] = [caller.busyMs, usedNow()];
    await caller.call(Math.min(size, calls - caller.calls));
    let gained = usedNow() - used;
    if (gained > ROUND_BYTES) {
      const before = kept;
      kept = await keptAfterCollection();
      gained = kept - before;
    }
    const byTime = roundMs / (caller.busyMs - busy);
    const byBytes = ROUND_BYTES / Math.max(1, gained);
    // One heavy round alone is something that was loaded.
    if (byBytes <= 1 && wasHeavy) return Math.max(1, Math.floor(size * Math.min(byBytes, byTime)));
    wasHeavy = byBytes <= 1;
    if (byTime > 1 && size < ROUND_CALLS && !isOver()) continue;

    const round = Math.max(1, Math.floor(size * Math.min(1, byTime)));
    while (caller.calls < WARM_UP_CALLS && caller.busyMs < WARM_UP_SHARE * atMostMs && !isOver())
      await caller.call(Math.min(round, calls - caller.calls));
    return round;
  }
}

/** A verdict per call; memory that grows as fast without calls settles nothing. */
export type TestVerdict = Verdict<Reason | { code: 'grows-without-calls'; bytes: number }>;

/** Calls in rounds of the same size, with a reading after each, until the verdict is settled or time is up. */
export async function watch(
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
  const readings: Reading[] = [{ work: 0, bytes: await keptAfterCollection() }];
  const [callsBefore, start] = [caller.calls, nowMs()];
  const judged = (): Verdict =>
    judgeByWork(readings, { ...bytes, driftBytes: TEST_DRIFT_BYTES, unit: 'call' });
  let verdict = judged();
  let round = size;
  while (verdict.kind === 'unsettled' && caller.calls < calls && nowMs() < deadline) {
    const busy = caller.busyMs;
    await caller.call(Math.min(round, calls - caller.calls));
    const kept = await keptAfterCollection();
    // Found too short by a machine that stood still meanwhile: so few calls would show large leaks only.
    const isShort =
      caller.busyMs - busy < ROUND_MS / RAMP && kept - readings.at(-1)!.bytes < ROUND_BYTES / RAMP;
    if (isShort) round = Math.min(ROUND_CALLS, round * RAMP);
    readings.push({ work: caller.calls - callsBefore, bytes: kept });
    verdict = judged();
  }
  if (verdict.kind !== 'leak') return verdict;
  return (await growsWithoutCalls(verdict, nowMs() - start)) ?? verdict;
}

/** A leak follows the calls. What grows as fast without them is an interval, another test, or the runner. */
async function growsWithoutCalls(verdict: Verdict, watchedMs: number): Promise<TestVerdict | null> {
  const rates: number[] = [];
  let before = await keptAfterCollection();
  for (let pause = 0; pause < IDLE_PAUSES; pause += 1) {
    const start = nowMs();
    await sleep(Math.min(IDLE_MS, watchedMs) / IDLE_PAUSES);
    const now = await keptAfterCollection();
    rates.push((now - before) / (nowMs() - start));
    before = now;
  }
  // The middle one: what happens once is no growth.
  const perMs = rates.toSorted((a, b) => a - b)[IDLE_PAUSES >> 1]!;
  const bytes = (verdict.growthRate?.estimate ?? 0) * verdict.work;
  if (perMs * watchedMs < bytes / 2) return null;
  return unsettled(verdict, { code: 'grows-without-calls', bytes });
}
