import { formatCount, type ObjectReport } from '../heap/index.js';
import { examine } from './examine.js';

type Options = Parameters<typeof examine>[1] & {
  /** Take a new snapshot even if an earlier one has this object. */
  fresh?: boolean | undefined;
};

/**
 * What one client's snapshots showed. A second question about the same object takes no new snapshot, so the service does
 * not pause again. A snapshot answers for its own object only: V8 reuses the ids of objects that have been freed since.
 */
export class Examinations {
  /** Reports as text, because report objects would appear in the heap that is examined. */
  private readonly made = new WeakMap<object, string>();

  of(object: object, options: Options): Promise<ObjectReport> {
    const made = options.fresh ? undefined : this.made.get(object);
    // No closure here may capture `object`: the snapshot would show the closure as its retainer.
    if (made === undefined) {
      const prompts = (): object[] => [...options.prompts(), this.made];
      return this.remember(object, examine(object, { ...options, prompts }));
    }
    const { takenAtMs, report } = JSON.parse(made) as Made; // written below
    options.notify(`From the heap snapshot taken ${ageOf(takenAtMs)} ago. { fresh: true } takes a new one.`);
    return Promise.resolve(report);
  }

  private async remember(object: object, reported: Promise<ObjectReport>): Promise<ObjectReport> {
    const takenAtMs = Date.now();
    const report = await reported;
    this.made.set(object, JSON.stringify({ takenAtMs, report } satisfies Made));
    return report;
  }
}

interface Made {
  takenAtMs: number;
  report: ObjectReport;
}

function ageOf(takenAtMs: number): string {
  const seconds = Math.round((Date.now() - takenAtMs) / 1000);
  return seconds < 120 ? `${seconds} s` : `${formatCount(Math.round(seconds / 60))} min`;
}
