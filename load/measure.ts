import { setTimeout as sleep } from 'node:timers/promises';
import { Problem, type ProblemCode } from '../src/kit/problem.js';
import { liveBytes, type Sample } from '../src/kit/process/sample.js';
import { judge, judgeByWork, workUntil, type Reading, type Verdict } from '../src/kit/verdict/index.js';
import { driveRound, type Round } from './drive.js';
import { Stage, type StageFigures } from './stage.js';
import type { Containers, ContainerUsage, Target } from './target.js';

/** One line of the table: what the process was after this many requests. Heap used is after a collection. */
export interface Row extends StageFigures {
  /** Sent until then. */
  requests: number;
  /** Virtual memory. */
  vszBytes: number;
  /** The resident set. */
  rssBytes: number;
  /** After a collection. */
  heapUsedBytes: number;
  /** Memory outside the heap that objects in it own. */
  externalBytes: number;
  /** Of the first container that the service tracks; null for a service that has not told. */
  cacheEntries: number | null;
}

/** One look at the process, after a round. */
export interface Look extends Sample {
  requests: number;
  cacheEntries: number | null;
}

export interface Measurement {
  target: { url: string; pid: number; mode: string | null };
  rows: Row[];
  /** Every look that the verdict rests on. */
  looks: Look[];
  verdict: Verdict;
  /** For a leak: requests until the heap is full, and how long that is at the pace of this load. */
  toHeapLimit: { requests: number; ms: number; limitBytes: number } | null;
  /** What ended the measurement early. Its figures hold up to there. */
  problem: { code: ProblemCode; message: string } | null;
}

export interface MeasureOptions {
  requests: number;
  connections: number;
  /** Where to give up while the verdict is not settled. */
  maxRequests: number;
  /** One smallest leak to judge by, in bytes a request; without it, a smaller one is looked for the longer it takes. */
  smallestLeakBytes?: number;
  signal: AbortSignal;
  onRow?: (row: Row) => void;
  onProgress?: (progress: Progress) => void;
}

export interface Progress {
  sent: number;
  planned: number;
  /** Why the load goes on past the requests that were asked for. */
  unsettled: Verdict | null;
}

/** The case's stages: 10k, 20k, 50k and 100k of 100k. A load that goes on goes on in the same steps. */
const STAGES = [0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Looks until the planned end. A verdict wants a dozen after the warm-up, and each costs a collection. */
const ROUNDS = 20;
/** How long a process may take to end that has stopped answering. */
const ENDS_WITHIN_MS = 2_000;

/**
 * Drives the target in rounds and looks at its memory in between, until the requests are answered and the verdict
 * is settled, or `maxRequests` are. A service that dies on the way is not all lost: what was measured comes back,
 * with the problem.
 */
export async function measure(target: Target, options: MeasureOptions): Promise<Measurement> {
  const { url, pid, mode } = target;
  const { requests, connections, maxRequests, smallestLeakBytes, signal } = options;
  const stages = STAGES.map((share) => Math.ceil(share * requests));
  const roundSize = Math.ceil(requests / ROUNDS);
  const rows: Row[] = [];
  const looks: Look[] = [];
  const readings: Reading[] = [];
  const judged = (): Verdict =>
    smallestLeakBytes === undefined ? judgeByWork(readings) : judge(readings, { smallestLeakBytes });
  let stage = new Stage();
  let sent = 0;
  let busyMs = 0;
  let planned = requests;
  let verdict = judged();
  let before: Containers = new Map();
  let problem: Measurement['problem'] = null;

  const look = async (): Promise<void> => {
    const containers = await target.containers();
    const sample = await target.sample();
    const [first] = containers.values();
    looks.push({ ...sample, requests: sent, cacheEntries: first?.entries ?? null });
    const filling = [...containers].some(([name, now]) => isFilling(before.get(name), now));
    readings.push({ work: sent, bytes: liveBytes(sample), filling });
    before = containers;
  };
  const addRow = (): void => {
    const { requests, vszBytes, rssBytes, heapUsedBytes, externalBytes, cacheEntries } = looks.at(-1)!;
    rows.push({
      requests,
      vszBytes,
      rssBytes,
      heapUsedBytes,
      externalBytes,
      cacheEntries,
      ...stage.figures(),
    });
    stage = new Stage();
    options.onRow?.(rows.at(-1)!);
  };

  try {
    await look();
    addRow();
    while (sent < planned) {
      // A round ends where a stage does, so that each stage has its row.
      const size = Math.min(roundSize, planned - sent, (stages.find((end) => end > sent) ?? planned) - sent);
      const unsettled = sent < requests ? null : verdict;
      const round = await driveRound({
        url,
        connections,
        signal,
        requests: size,
        latencies: stage.latencies,
        onProgress: (now) => options.onProgress?.({ sent: sent + now, planned, unsettled }),
      });
      sent += round.broken ? round.answered : size;
      busyMs += round.durationMs;
      stage.add(round);
      await mustGoOn(target, round, sent);
      await look();
      verdict = judged();
      if (sent >= requests) {
        const goOn = verdict.kind === 'unsettled' && sent < maxRequests;
        planned = goOn ? Math.min(sent + roundSize, maxRequests) : sent;
      }
      if (stages.includes(sent) || sent >= planned) addRow();
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof Problem) || rows.length === 0) throw error;
    const { code, message } = error.code === 'LEAK_LAB_DIED' ? await whatEnded(target, sent) : error;
    problem = { code, message };
    if (rows.at(-1)!.requests < looks.at(-1)!.requests) addRow(); // the last that was seen of it
  }
  return {
    target: { url, pid, mode },
    rows,
    looks,
    verdict,
    toHeapLimit: verdict.kind === 'leak' ? toHeapLimit(looks.at(-1)!, verdict, busyMs / sent) : null,
    problem,
  };
}

/** Growth up to a bound that a container has declared, and not reached yet, is what a cache is for. */
function isFilling(before: ContainerUsage | undefined, now: ContainerUsage): boolean {
  const { entries, maxEntries, evictions = 0 } = now;
  return evictions === 0 && entries < (maxEntries ?? 0) && entries > (before?.entries ?? 0);
}

function toHeapLimit(last: Look, verdict: Verdict, msPerRequest: number): Measurement['toHeapLimit'] {
  const limitBytes = last.heapLimitBytes;
  const requests = Math.round(workUntil(limitBytes, last.heapUsedBytes, verdict.growthRate?.estimate ?? 0));
  return { requests, ms: Math.round(requests * msPerRequest), limitBytes };
}

/** The server stopped answering, or its inspector did: whether that was the end of the process. */
async function whatEnded(target: Target, sent: number): Promise<Problem> {
  const after = `after ${sent.toLocaleString('en')} requests`;
  // Node does not end while somebody looks into it.
  await target.release();
  for (let wait = 0; wait < ENDS_WITHIN_MS && (await target.isAlive()); wait += 100) await sleep(100);
  return (await target.isAlive())
    ? new Problem(
        'LEAK_LAB_NO_ANSWER',
        `${target.url} stopped answering ${after}, or somebody else closed its inspector; process ${target.pid} still runs`,
      )
    : new Problem(
        'LEAK_LAB_DIED',
        `process ${target.pid} died ${after}: its own output says of what ("heap out of memory" is how a leak ends)`,
      );
}

/** @throws Problem when the round shows that there is nothing left to measure. */
async function mustGoOn(target: Target, round: Round, sent: number): Promise<void> {
  if (round.broken) throw await whatEnded(target, sent);
  if (round.errors > round.answered / 2) {
    throw new Problem(
      'LEAK_LAB_BAD_ANSWER',
      `${round.errors} of ${round.answered} answers after ${sent.toLocaleString('en')} requests were errors: what the service keeps then says nothing; see its log`,
    );
  }
}
