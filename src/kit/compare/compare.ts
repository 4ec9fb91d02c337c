import {
  afterRest,
  type Context,
  type Diagnosis,
  explain,
  type Measured,
  USUAL_DOUBT,
} from '../diagnosis/index.js';
import { isSettled, judgeChange, type JudgedChange } from '../verdict/index.js';
import { AnswerCheck } from './answers.js';
import { conclude, memoryChange } from './conclude.js';
import { costsOf } from './costs.js';
import type { CompareOptions, Comparison, Version } from './model.js';
import { Side } from './rounds.js';
import { RoundSize } from './round-size.js';
import { suspectChange } from './suspect-change.js';

/** Rounds before a verdict is accepted: a dozen after the warm-up. */
const ROUNDS = 20;
/** Below 8,000, a bounded verdict is not possible (`judgeByWork`). */
const LEAST_REQUESTS = 10_000;

/**
 * Compares two versions of a service under the same load: same requests, same order, in rounds that take turns. Memory
 * is read after collections, answers are compared, and where a version leaks, its suspects are named.
 *
 * @throws Problem when a version ends or does not answer
 */
export async function compare(before: Version, after: Version, options: CompareOptions): Promise<Comparison> {
  const startMs = performance.now();
  const sides: Sides = { before: new Side(before), after: new Side(after) };
  const answers = new AnswerCheck(before, after, options.answers);
  const { judged, requests, roundSize } = await measureBoth(sides, answers, options, startMs);
  const measured = (side: Side, verdict: Measured['verdict']): Measured => ({
    verdict,
    samples: side.samples,
    startMs,
  });
  const diagnoses = await explainBoth(
    { side: sides.before, measured: measured(sides.before, judged.before) },
    { side: sides.after, measured: measured(sides.after, judged.after) },
    options,
    roundSize,
  );
  const memory = memoryChange(diagnoses.before, diagnoses.after, judged.difference);
  const costs = costsOf(sides.before.costs, sides.after.costs);
  return {
    verdict: conclude(memory, answers.result(), costs, options),
    memory,
    ...diagnoses,
    suspects: suspectChange(diagnoses.before, diagnoses.after),
    answers: answers.result(),
    costs,
    requests,
    differentRequests: repeated(requests, options),
    rounds: sides.before.costs.length,
    durationMs: Math.round(performance.now() - startMs),
  };
}

function repeated(requests: number, { repeatsAfter }: CompareOptions): number | null {
  return repeatsAfter !== null && repeatsAfter < requests ? repeatsAfter : null;
}

interface Sides {
  before: Side;
  after: Side;
}

interface MeasuredBoth {
  judged: JudgedChange;
  requests: number;
  roundSize: number;
}

/** Rounds until the verdict is settled, or the time is over. The versions take turns to go first. */
async function measureBoth(
  { before, after }: Sides,
  answers: AnswerCheck,
  { signal, onProgress, limitMs }: CompareOptions,
  startMs: number,
): Promise<MeasuredBoth> {
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
      done.set(side, await side.round(requests, count));
    }
    const [one, other] = [done.get(before), done.get(after)];
    if (!one || !other) throw new Error('each round has both versions');
    await answers.add(one.exchanges, other.exchanges, requests);
    size.observe([one, other]);
    requests += count;
    const judged = judgeChange(before.readings(), after.readings());
    const elapsedMs = performance.now() - startMs;
    if (round < ROUNDS) continue;
    const isLong = elapsedMs >= USUAL_DOUBT.atLeastMs || !isLeakIn(judged);
    // So few requests show only large leaks: a slow machine gets twice the time.
    const isOver = elapsedMs >= limitMs * (requests < LEAST_REQUESTS ? 2 : 1);
    if ((isSettled(judged.change) && isLong) || isOver) return { judged, requests, roundSize: count };
  }
}

const isLeakIn = ({ before, after }: JudgedChange): boolean =>
  before.kind === 'leak' || after.kind === 'leak';

interface Explained {
  side: Side;
  measured: Measured;
}

/** Both versions rest at the same time; then each that grew is explained. */
async function explainBoth(
  before: Explained,
  after: Explained,
  options: CompareOptions,
  roundSize: number,
): Promise<{ before: Diagnosis; after: Diagnosis }> {
  const both = [before, after].map(({ side, measured }) => ({
    measured,
    context: contextOf(side, options, roundSize),
  }));
  const verdicts = await Promise.all(
    both.map(async ({ context, measured }) => {
      if (measured.verdict.kind !== 'leak') return measured.verdict;
      options.onProgress?.('letting both versions rest', 1);
      return afterRest(context, measured);
    }),
  );
  const diagnoses: Diagnosis[] = [];
  for (const [i, { context, measured }] of both.entries())
    diagnoses.push(await explain(context, { ...measured, verdict: verdicts[i] ?? measured.verdict }));
  const [first, second] = diagnoses;
  if (!first || !second) throw new Error('both versions are explained');
  return { before: first, after: second };
}

function contextOf(side: Side, { urls, signal, onProgress }: CompareOptions, roundSize: number): Context {
  const { name, target } = side.version;
  return {
    target,
    work: side.work(roundSize),
    options: {
      urls,
      snapshot: true,
      collect: true,
      maxPauseMs: undefined,
      force: false,
      signal,
      onProgress: (step, share) => onProgress?.(`${name}: ${step}`, share),
    },
  };
}
