import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';

const { NODE_PERFORMANCE_GC_MAJOR: MAJOR, NODE_PERFORMANCE_GC_MINOR: MINOR } = constants;

type GcEntry = PerformanceEntry & { detail: { kind: number } };

/** Counts V8's collections. It never causes one. */
export class GcWatch {
  majors = 0;
  minors = 0;
  /** Total pause of all collections. */
  pausedMs = 0;
  private readonly observer: PerformanceObserver;

  /** @param afterMajor called some milliseconds after each collection of the whole heap */
  constructor(afterMajor: () => void) {
    this.observer = new PerformanceObserver((list) => {
      let major = false;
      // Node declares `detail` as unknown; for entries of type "gc" it has this shape.
      for (const { duration, detail } of list.getEntries() as GcEntry[]) {
        const { kind } = detail;
        this.pausedMs += duration;
        if (kind === MINOR) this.minors += 1;
        else if (kind === MAJOR) {
          this.majors += 1;
          major = true;
        }
      }
      if (major) afterMajor();
    });
    this.observer.observe({ entryTypes: ['gc'] });
  }

  stop(): void {
    this.observer.disconnect();
  }
}
