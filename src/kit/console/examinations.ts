import { formatCount, type ObjectReport } from '../heap/index.js';
import { examine } from './examine.js';

type Options = Parameters<typeof examine>[1] & {
  /** Takes a new snapshot, whatever is known. */
  fresh?: boolean | undefined;
};

/**
 * What one client's snapshots told. Of an object that was looked at already nothing new is taken: the service need
 * not stop again for each question about it. Only of that object: V8 forgets which ids belong to what has been
 * freed since, and may give the id of something else for one that is new.
 */
export class Examinations {
  /** As text: an object would be the console's, and found in the heap. */
  private readonly made = new WeakMap<object, string>();

  of(object: object, options: Options): Promise<ObjectReport> {
    const made = options.fresh ? undefined : this.made.get(object);
    // What is asked of `examine` must not be kept by a closure: it would be found to hold the object.
    if (made === undefined) {
      const prompts = (): object[] => [...options.prompts(), this.made];
      return this.remember(object, examine(object, { ...options, prompts }));
    }
    const { takenAtMs, report } = JSON.parse(made) as Made;
    options.say(`as of the heap snapshot taken ${ageOf(takenAtMs)} ago; { fresh: true } takes a new one`);
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
