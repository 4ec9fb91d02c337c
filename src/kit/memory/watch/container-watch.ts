import type { DeclaredBound } from '../../census/index.js';
import { theilSen } from '../../verdict/theil-sen.js';
import { NumberRing } from './ring.js';

/** The number of entries of a container at one moment. */
export interface ContainerCount {
  name: string;
  type: string;
  entries: number;
  bound: DeclaredBound | null;
}

export interface ContainerGrowth extends ContainerCount {
  /**
   * Entries per second over the last minute, by the Theil–Sen slope: clearing once does not hide steady growth. Of a
   * container that grows only now and then, because there are pauses without traffic, the average.
   */
  growthPerSecond: number;
}

/** Samples of each container: a minute at the default interval, which takes about 1 kB. */
const SAMPLES = 60;
/** Most containers that are monitored. Names come from code, but the number of classes has no limit. */
export const MAX_CONTAINERS = 100;
/** A bounded container fills if it gains more than this share of its bound within `FILLING_SAMPLES`. */
const FILLING_GAIN = 0.005;
const FILLING_SAMPLES = 10;
/** In how many samples a container has to gain before it counts as growing in bursts, … */
const FEWEST_RISES = 3;
/** … the last time within so many samples. */
const STILL_SAMPLES = 10;

interface Series {
  count: ContainerCount;
  samples: NumberRing<'second' | 'entries' | 'filled'>;
}

/** The growth of containers, by name. It stores numbers only, so it does not retain a container. */
export class ContainerWatch {
  private readonly series = new Map<string, Series>();
  /** Containers of the latest sample that are not monitored, because there are more than `MAX_CONTAINERS`. */
  omitted = 0;

  add(second: number, counts: readonly ContainerCount[]): void {
    const monitored = counts.toSorted((one, other) => other.entries - one.entries).slice(0, MAX_CONTAINERS);
    this.omitted = counts.length - monitored.length;
    const names = new Set(monitored.map(({ name }) => name));
    for (const name of this.series.keys()) if (!names.has(name)) this.series.delete(name);
    for (const count of monitored) {
      const series = this.series.get(count.name) ?? {
        count,
        samples: new NumberRing(SAMPLES, ['second', 'entries', 'filled']),
      };
      series.count = count;
      // Without a declared bound a container cannot be filling up to one: it counts as full.
      series.samples.push({ second, entries: count.entries, filled: count.bound?.filled ?? 1 });
      this.series.set(count.name, series);
    }
  }

  /** All monitored containers, the fastest-growing first; of equal growth, the largest first. */
  byGrowth(): ContainerGrowth[] {
    return [...this.series.values()]
      .map(({ count, samples }) => Object.assign({ growthPerSecond: growthOf(samples, count) }, count))
      .toSorted((one, other) => other.growthPerSecond - one.growthPerSecond || other.entries - one.entries);
  }

  /** The fastest-growing container that has no bound, or is at or beyond it. */
  suspect(): ContainerGrowth | undefined {
    return this.byGrowth().find(
      ({ bound, growthPerSecond }) => (bound === null || bound.filled >= 1) && growthPerSecond > 0,
    );
  }

  /** Whether a container fills up to a bound that it declares. */
  isFilling(): boolean {
    return [...this.series.values()].some(({ samples }) => {
      const recent = samples.column('filled').slice(-FILLING_SAMPLES);
      const [first = 1, last = 1] = [recent.at(0), recent.at(-1)];
      return last < 1 && last - first > FILLING_GAIN;
    });
  }
}

function growthOf(samples: Series['samples'], { entries, bound }: ContainerCount): number {
  const column = samples.column('entries');
  // A bounded container that has just become full no longer grows, whatever the slope of the last minute.
  const recent = bound ? column.subarray(-FILLING_SAMPLES) : column;
  if (recent.every((then) => then === entries)) return 0;
  const seconds = samples.column('second');
  return theilSen(seconds, column).slope || growthInBursts(seconds, column);
}

/**
 * The average growth of what only gains, in several samples and still. One jump is no growth, nor is going up and down,
 * nor what gained until it was full.
 */
function growthInBursts(seconds: Float64Array, entries: Float64Array): number {
  const gains = entries.subarray(1).map((then, index) => then - (entries[index] ?? then));
  const rises = gains.filter((gain) => gain > 0).length;
  const goesOn = gains.subarray(-STILL_SAMPLES).some((gain) => gain > 0);
  if (rises < FEWEST_RISES || !goesOn || gains.some((gain) => gain < 0)) return 0;
  const gained = gains.reduce((sum, gain) => sum + gain, 0);
  return gained / ((seconds.at(-1) ?? 0) - (seconds[0] ?? 0));
}
