import type { ProblemCode } from '../problem.js';
import { type OutsideSeries, outsideText, type OutsideTrend } from './watch/outside-trend.js';

const CODE: ProblemCode = 'LEAK_LAB_GROWS';
/** A single verdict of "leak" may be chance. */
const IN_A_ROW = 2;

/** Warns once of each that grows without end outside V8's memory. */
export class OutsideSignal {
  private readonly inARow = new Map<OutsideSeries, number>();

  constructor(private readonly warn: (message: string) => void) {}

  /** To be called after each new judgement. */
  update(trends: readonly OutsideTrend[]): void {
    for (const trend of trends) {
      const { what, verdict } = trend;
      const before = this.inARow.get(what) ?? 0;
      if (before > IN_A_ROW) continue; // warned
      const now = verdict.kind === 'leak' ? before + 1 : 0;
      this.inARow.set(what, now === IN_A_ROW ? IN_A_ROW + 1 : now);
      if (now === IN_A_ROW) this.warn(`${outsideText(trend)} [${CODE}]`);
    }
  }
}
