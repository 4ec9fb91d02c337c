import { isSettled, judgeChange, type JudgedChange } from '../verdict/index.js';
import type { AnswerCheck } from './answers.js';
import type { CompareOptions } from './model.js';
import { RoundSize } from './round-size.js';
import type { Side } from './rounds.js';

/** Rounds before a verdict is accepted: a dozen after the warm-up. */
const ROUNDS = 20;
/** A leak is doubted for so long: what is cleaned up every few seconds looks like one until then. */
const DOUBT_MS = 15_000;
/**
 * Of fewer requests, what a service gains while it warms up is too large a part: a fix is often called `improved` only.
 * A slow machine therefore gets more time.
 */
const ENOUGH_REQUESTS = 20_000;
const MOST_TIMES = 3;

export interface Sides {
  before: Side;
  after: Side;
}

export interface MeasuredBoth {
  judged: JudgedChange;
  requests: number;
  startMs: number;
  roundSize: number;
}

/**
 * Rounds until the verdict is settled, or the time is over. The versions take turns to go first.
 *
 * @param from number of the first request
 * @param answers compares the answers; null where the versions have not got the same requests until now
 */
export async function measureBoth(
  { before, after }: Sides,
  from: number,
  answers: AnswerCheck | null,
  { signal, onProgress, limitMs }: CompareOptions,
): Promise<MeasuredBoth> {
  const startMs = performance.now();
  await Promise.all([before.begin(), after.begin()]);
  const size = new RoundSize();
  let requests = 0;
  for (let round = 1; ; round += 1) {
    signal.throwIfAborted();
    onProgress?.('sending the same requests to both versions', round / Math.max(ROUNDS, round + 1));
    const count = size.next();
    const order = round % 2 === 1 ? [before, after] : [after, before];
    const done = new Map<Side, Awaited<ReturnType<Side['round']>>>();
    for (const side of order) {
      signal.throwIfAborted();
      done.set(side, await side.round(from + requests, count));
    }
    const [one, other] = [done.get(before), done.get(after)];
    if (!one || !other) throw new Error('each round has both versions');
    await answers?.add(one.exchanges, other.exchanges, from + requests);
    size.observe([one, other]);
    requests += count;
    const judged = judgeChange(before.readings(), after.readings());
    const elapsedMs = performance.now() - startMs;
    if (round < ROUNDS) continue;
    const isLong = elapsedMs >= DOUBT_MS || !isLeakIn(judged);
    const isOver = elapsedMs >= limitMs * (requests < ENOUGH_REQUESTS ? MOST_TIMES : 1);
    if ((isSettled(judged.change) && isLong) || isOver)
      return { judged, requests, startMs, roundSize: count };
  }
}

const isLeakIn = ({ before, after }: JudgedChange): boolean =>
  before.kind === 'leak' || after.kind === 'leak';
