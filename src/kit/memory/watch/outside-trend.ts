import { judge, type Reading, type Verdict } from '../../verdict/index.js';
import { driftOf } from '../../outside/index.js';
import { History } from './history.js';
import { lastPerRequestCount } from './heap-trend.js';

/** What is counted outside V8, under the names of the metrics. */
export const outsideSeries = ['open-files', 'threads', 'children'] as const;
export type OutsideSeries = (typeof outsideSeries)[number];

/** One reading after a major collection. */
export interface OutsideReading extends Readonly<Record<OutsideSeries, number>> {
  /** Seconds since the start of the process. */
  second: number;
  /** Requests answered since the start. */
  requests: number;
}

/** What one of these did since the start, by the statistics of the heap. */
export interface OutsideTrend {
  what: OutsideSeries;
  /** Its growth rate is in what is counted. */
  verdict: Verdict;
  first: number;
  last: number;
}

/** Evenly spaced over the whole life of the process: a thread per hour shows in no window of minutes. */
const READINGS = 40;

/** Several collections in a row, with nothing in between, are one reading. */
const MIN_SECONDS_APART = 1;

/** Judges what a running process has open. Without major collections there are no readings and no verdict. */
export class OutsideTrendWatch {
  private readings = new History<OutsideReading>(READINGS);
  private judged: OutsideTrend[] = [];
  private latest: OutsideReading | undefined;

  /** @returns whether the reading was stored */
  add(reading: OutsideReading): boolean {
    const { latest } = this;
    // The request counter was restarted: the old readings cannot be compared.
    if (latest && reading.requests < latest.requests) this.readings = new History(READINGS);
    else if (
      latest &&
      reading.requests === latest.requests &&
      reading.second - latest.second < MIN_SECONDS_APART
    )
      return false;
    this.latest = reading;
    const isStored = this.readings.offer(reading);
    if (isStored) this.judged = outsideTrends(this.readings.values());
    return isStored;
  }

  trends(): readonly OutsideTrend[] {
    return this.judged;
  }
}

/** Empty without two readings after some work. */
export function outsideTrends(all: readonly OutsideReading[]): OutsideTrend[] {
  const answered = lastPerRequestCount(all);
  const unit = answered.length > all.length / 2 ? 'request' : 'second';
  const readings = unit === 'request' ? answered : all;
  const workOf = ({ requests, second }: OutsideReading): number => (unit === 'request' ? requests : second);
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last || workOf(last) <= workOf(first)) return [];
  return outsideSeries.map((what) => {
    const series = readings.map((reading): Reading => ({ work: workOf(reading), bytes: reading[what] }));
    const drift = driftOf(what === 'open-files' ? 'files' : what);
    const smallestLeakBytes = drift / (workOf(last) - workOf(first));
    const verdict = judge(series, { unit, smallestLeakBytes });
    return { what, verdict, first: first[what], last: last[what] };
  });
}

const NAMES: Readonly<Record<OutsideSeries, string>> = {
  'open-files': 'Open files and sockets, without accepted connections,',
  threads: 'Native threads',
  children: 'Child processes',
};

/** A trend in one or two sentences. */
export function outsideText({ what, verdict, first, last }: OutsideTrend): string {
  const { kind, growthRate, unit, work } = verdict;
  const from = `${NAMES[what]} went from ${count(first)} to ${count(last)}`;
  if (growthRate === null) return `${from}. There are too few readings for a verdict.`;
  const rate = `${Number(growthRate.estimate.toPrecision(3))} per ${unit} over the last ${count(work)} ${unit}s`;
  return kind === 'leak'
    ? `${from}, and grow without end: ${rate}. V8's heap does not show it: run leak-lab diagnose, which names the line.`
    : `${from}: ${rate}.`;
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
