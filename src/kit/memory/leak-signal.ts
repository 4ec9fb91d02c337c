import type { ProblemCode } from '../problem.js';
import { verdictText } from '../verdict/index.js';
import type { ContainerGrowth } from './watch/container-watch.js';
import type { HeapTrend } from './watch/heap-trend.js';

const CODE: ProblemCode = 'LEAK_LAB_GROWS';
/** A lucky streak of the collector may look like growth once. */
const IN_A_ROW = 2;

/** Says once, in words, that memory grows, how fast, and who is the fastest-growing holder. */
export class LeakSignal {
  private seen = 0;
  private told = false;

  constructor(private readonly warn: (message: string) => void) {}

  /** To be called after each new reading of what is left after a collection. */
  tell(trend: HeapTrend, suspect: ContainerGrowth | undefined): void {
    this.seen = trend.verdict.kind === 'leak' ? this.seen + 1 : 0;
    if (this.told || this.seen < IN_A_ROW) return;
    this.told = true;
    const who = suspect
      ? ` Fastest-growing without a bound: ${suspect.name} (${suspect.type}, ${suspect.entries.toLocaleString('en-US')} entries, ${perSecond(suspect.growthPerSecond)} a second).`
      : ' None of the containers that Nest can reach grows: it is held by a closure, a private field, a listener or a timer.';
    const when =
      trend.secondsToLimit === null
        ? ''
        : ` At this pace the heap limit is ${duration(trend.secondsToLimit)} away.`;
    this.warn(`${verdictText(trend.verdict)}${who}${when} [${CODE}]`);
  }
}

function perSecond(rate: number): string {
  return rate >= 10 ? Math.round(rate).toLocaleString('en-US') : rate.toPrecision(2);
}

function duration(seconds: number): string {
  const [limit, unit] = (
    [
      [86_400, 'days'],
      [3_600, 'hours'],
      [60, 'minutes'],
    ] as const
  ).find(([size]) => seconds >= 2 * size) ?? [1, 'seconds'];
  return `${Math.round(seconds / limit)} ${unit}`;
}
