import type { ProblemCode } from '../problem.js';
import { verdictText } from '../verdict/index.js';
import type { ContainerGrowth } from './watch/container-watch.js';
import type { HeapTrend } from './watch/heap-trend.js';

const CODE: ProblemCode = 'LEAK_LAB_GROWS';
/** A single verdict of "leak" may be chance. */
const IN_A_ROW = 2;

/** Warns once that memory grows: how fast, the fastest-growing container, and the time to the heap limit. */
export class LeakSignal {
  private leaksInARow = 0;
  private warned = false;

  constructor(private readonly warn: (message: string) => void) {}

  /** To be called after each new reading of the post-GC heap. */
  update(trend: HeapTrend, suspect: ContainerGrowth | undefined): void {
    this.leaksInARow = trend.verdict.kind === 'leak' ? this.leaksInARow + 1 : 0;
    if (this.warned || this.leaksInARow < IN_A_ROW) return;
    this.warned = true;
    this.warn(`${leakText(trend, suspect)} [${CODE}]`);
  }
}

function leakText({ verdict, secondsToLimit }: HeapTrend, suspect: ContainerGrowth | undefined): string {
  const owner = suspect
    ? `Fastest-growing container without a bound: ${suspect.name} (${suspect.type}, ${suspect.entries.toLocaleString('en-US')} entries, ${rateText(suspect.growthPerSecond)} per second).`
    : 'No container in a property of a Nest provider grows. The owner may be a closure, a private field, a listener or a timer: run leak-lab diagnose.';
  const limit =
    secondsToLimit === null
      ? []
      : [`At this rate the heap limit is reached in ${durationText(secondsToLimit)}.`];
  return [verdictText(verdict), owner, ...limit].join(' ');
}

function rateText(rate: number): string {
  return rate >= 10 ? Math.round(rate).toLocaleString('en-US') : rate.toPrecision(2);
}

const UNITS = [
  { name: 'days', seconds: 86_400 },
  { name: 'hours', seconds: 3_600 },
  { name: 'minutes', seconds: 60 },
];

function durationText(seconds: number): string {
  const unit = UNITS.find((one) => seconds >= 2 * one.seconds) ?? { name: 'seconds', seconds: 1 };
  return `${Math.round(seconds / unit.seconds)} ${unit.name}`;
}
