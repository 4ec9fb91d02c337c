import { LedgerSeries, nativeBytes, openFilesLimit, outsideSample } from '../src/kit/outside/index.js';
import { liveBytes } from '../src/kit/process/sample.js';
import { judge, judgeByWork, type Reading, type Verdict } from '../src/kit/verdict/index.js';
import { addAnswers, type Answers } from './failed-requests.js';
import type { JudgedBy, LoadSample, Row } from './measurement.js';
import { judgeOutside, type LoadReason, type OutsideGrowth, withOutside } from './outside-growth.js';
import type { Round } from './round.js';
import { Stage } from './stage.js';
import type { Containers, ContainerUsage, Target } from './target.js';

/** What the verdict is about, and the smallest leak that counts; without it, as small a one as so many requests show. */
export interface Judged {
  /** Default: the whole process. */
  judgedBy?: JudgedBy | undefined;
  /** For live bytes: one smallest leak, in bytes per request. */
  smallestLeakBytes?: number | undefined;
}

/** Collects what a measurement sees: samples, readings for the verdict, and rows of the table. */
export class Recording {
  readonly samples: LoadSample[] = [];
  readonly rows: Row[] = [];
  answers: Answers = { sent: 0, errors: 0, failures: {} };
  /** The stage that the next row closes. */
  stage = new Stage();
  private readonly readings: Reading[] = [];
  private containers: Containers = new Map();
  private readonly ledgers: LedgerSeries;
  private busyMs = 0;

  constructor(
    private readonly target: Target,
    private readonly judged: Judged = {},
  ) {
    this.ledgers = new LedgerSeries(target.session, target.pid);
  }

  add(round: Round): void {
    this.stage.add(round);
    this.answers = addAnswers(this.answers, round);
    this.busyMs += round.durationMs;
  }

  /** Takes a sample after this many requests. */
  async sample(sent: number): Promise<void> {
    const containers = await this.target.containers();
    const sample = await this.target.sample();
    const [first] = containers.values();
    const outside = outsideSample(this.target.pid);
    const cacheEntries = first?.entries ?? null;
    const ledger = await this.ledgers.read(sent, sample.externalBytes);
    const native = ledger && nativeBytes(ledger);
    this.samples.push({ ...sample, requests: sent, cacheEntries, outside, nativeBytes: native });
    const filling = [...containers].some(([name, now]) => isFilling(this.containers.get(name), now));
    this.readings.push({ work: sent, bytes: liveBytes(sample), filling });
    this.containers = containers;
  }

  /** Closes the stage with the last sample. Nothing happens when that sample has its row already. */
  closeStage(): Row | null {
    const sample = this.samples.at(-1);
    if (!sample || this.rows.at(-1)?.requests === sample.requests) return null;
    const { requests, vszBytes, rssBytes, heapUsedBytes, externalBytes } = sample;
    const { cacheEntries, nativeBytes, outside } = sample;
    const memory = { requests, vszBytes, rssBytes, heapUsedBytes, externalBytes };
    const row = { ...memory, cacheEntries, nativeBytes, outside, ...this.stage.figures() };
    this.rows.push(row);
    this.stage = new Stage();
    return row;
  }

  /** The verdict that was asked for. */
  verdict(): Verdict<LoadReason> {
    const { ledgers, samples, target, judged } = this;
    const { judgedBy = 'process' } = judged;
    if (judgedBy !== 'process' && judgedBy !== 'live-bytes') return ledgers.verdictOn(judgedBy, 'request');
    const v8 = this.v8Verdict();
    if (judgedBy === 'live-bytes') return v8;
    return withOutside(v8, this.outside(), samples, openFilesLimit(target.pid));
  }

  /** The verdict on live bytes: V8's heap, and what it owns outside. */
  v8Verdict(): Verdict {
    const { readings, judged } = this;
    const { smallestLeakBytes } = judged;
    return smallestLeakBytes === undefined ? judgeByWork(readings) : judge(readings, { smallestLeakBytes });
  }

  /** What grows outside V8's memory, since the last container was full. */
  outside(): OutsideGrowth {
    const full = this.readings.findLast(({ filling }) => filling)?.work ?? -1;
    const since = this.ledgers.readings.filter(({ work }) => work > full);
    return judgeOutside(since, this.ledgers.allocator, this.ledgers.missing);
  }

  /** The average time that a request took, of the requests sent so far. */
  msPerRequest(sent: number): number {
    return this.busyMs / sent;
  }
}

/** A container that grows towards a bound that it declares works as intended. */
function isFilling(before: ContainerUsage | undefined, now: ContainerUsage): boolean {
  const { entries, maxEntries, evictions = 0 } = now;
  return evictions === 0 && entries < (maxEntries ?? 0) && entries > (before?.entries ?? 0);
}
