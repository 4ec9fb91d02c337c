import { type GrowthCode, LedgerSeries, outsideSample } from '../src/kit/outside/index.js';
import { liveBytes } from '../src/kit/process/sample.js';
import { judge, judgeByWork, type Reading, type Verdict } from '../src/kit/verdict/index.js';
import { addAnswers, type Answers } from './failed-requests.js';
import type { LoadSample, Row } from './measurement.js';
import type { Round } from './round.js';
import { Stage } from './stage.js';
import type { Containers, ContainerUsage, Target } from './target.js';

/** What the verdict is about; without either, live bytes and as small a leak as so many requests show. */
export interface Judged {
  /** One smallest leak to judge by, in bytes per request. */
  smallestLeakBytes?: number | undefined;
  /** Something outside V8, instead of live bytes. */
  outsideV8?: GrowthCode | undefined;
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
  private readonly ledgers: LedgerSeries | null;
  private busyMs = 0;

  constructor(
    private readonly target: Target,
    private readonly judged: Judged = {},
  ) {
    this.ledgers = judged.outsideV8 ? new LedgerSeries(target.session, target.pid) : null;
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
    this.samples.push({ ...sample, requests: sent, cacheEntries: first?.entries ?? null, outside });
    const filling = [...containers].some(([name, now]) => isFilling(this.containers.get(name), now));
    this.readings.push({ work: sent, bytes: liveBytes(sample), filling });
    this.containers = containers;
    await this.ledgers?.read(sent, sample.externalBytes);
  }

  /** Closes the stage with the last sample. Nothing happens when that sample has its row already. */
  closeStage(): Row | null {
    const sample = this.samples.at(-1);
    if (!sample || this.rows.at(-1)?.requests === sample.requests) return null;
    const { requests, vszBytes, rssBytes, heapUsedBytes, externalBytes, cacheEntries, outside } = sample;
    const memory = { requests, vszBytes, rssBytes, heapUsedBytes, externalBytes, cacheEntries, outside };
    const row = { ...memory, ...this.stage.figures() };
    this.rows.push(row);
    this.stage = new Stage();
    return row;
  }

  verdict(): Verdict {
    const { readings, judged, ledgers } = this;
    const { smallestLeakBytes, outsideV8 } = judged;
    if (ledgers && outsideV8) return ledgers.verdictOn(outsideV8, 'request');
    return smallestLeakBytes === undefined ? judgeByWork(readings) : judge(readings, { smallestLeakBytes });
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
