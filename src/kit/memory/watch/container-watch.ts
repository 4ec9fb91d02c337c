import type { DeclaredBound } from '../../census/index.js';
import { theilSen } from '../../verdict/theil-sen.js';
import { NumberRing } from './ring.js';

/** A container, counted. */
export interface ContainerCount {
  name: string;
  type: string;
  entries: number;
  bound: DeclaredBound | null;
}

export interface ContainerGrowth extends ContainerCount {
  /** Entries a second over the last minutes, by Theil and Sen: one clearing does not hide steady growth. */
  growthPerSecond: number;
}

/** A minute of looks for each; the curve of one container takes a kilobyte. */
const LOOKS = 60;
/** Names come from code, but nobody promises how many classes there are. What is beyond is counted, not shown. */
export const MOST_CONTAINERS = 100;
/** A bounded container that gains less of its bound than this between two looks has as good as settled. */
const STILL_FILLING = 0.005;
/** How many looks back that is told by. */
const FILLING_LOOKS = 10;

interface Series {
  count: ContainerCount;
  looks: NumberRing<'second' | 'entries' | 'filled'>;
}

/** How containers grow, by name. It keeps numbers only: a container that is dropped is dropped. */
export class ContainerWatch {
  private readonly series = new Map<string, Series>();
  /** How many there were beyond the most that are watched, at the last look. */
  omitted = 0;

  look(second: number, counts: readonly ContainerCount[]): void {
    // The largest stay in sight, and nothing leaves for being small while there is room.
    const watched = counts.toSorted((one, other) => other.entries - one.entries).slice(0, MOST_CONTAINERS);
    this.omitted = counts.length - watched.length;
    const names = new Set(watched.map(({ name }) => name));
    for (const name of this.series.keys()) if (!names.has(name)) this.series.delete(name);
    for (const count of watched) {
      const series = this.series.get(count.name) ?? {
        count,
        looks: new NumberRing(LOOKS, ['second', 'entries', 'filled']),
      };
      series.count = count;
      // One that declares no bound is as full as it can be.
      series.looks.push({ second, entries: count.entries, filled: count.bound?.filled ?? 1 });
      this.series.set(count.name, series);
    }
  }

  /** The fastest-growing first; of those that stand still, the largest. */
  growing(): ContainerGrowth[] {
    return [...this.series.values()]
      .map(({ count, looks }) => Object.assign({ growthPerSecond: growthOf(looks, count) }, count))
      .toSorted((one, other) => other.growthPerSecond - one.growthPerSecond || other.entries - one.entries);
  }

  /** Who is to blame if memory grows: the fastest-growing one of those with no bound, or beyond it. */
  suspect(): ContainerGrowth | undefined {
    return this.growing().find(
      ({ bound, growthPerSecond }) => (bound === null || bound.filled >= 1) && growthPerSecond > 0,
    );
  }

  /** Whether one of them is on its way to a bound that it declares. */
  filling(): boolean {
    return [...this.series.values()].some(({ looks }) => {
      const latest = looks.column('filled').slice(-FILLING_LOOKS);
      const filled = latest.at(-1)!;
      return filled < 1 && filled - latest[0]! > STILL_FILLING;
    });
  }
}

function growthOf(looks: Series['looks'], { entries, bound }: ContainerCount): number {
  const curve = looks.column('entries');
  // One that was filling until just now has stopped for good, whatever the slope of the minute.
  const since = bound ? curve.subarray(-FILLING_LOOKS) : curve;
  if (since.every((then) => then === entries)) return 0;
  return theilSen(looks.column('second'), curve).slope;
}
