import { heavyEntryBytes } from './heavy-entries.js';
import type { UtilTypes } from './reflect.js';
import type { WalkedContainer, WalkedGraph } from './walk-result.js';

/** Fewer entries than this are no growth that could be measured, unless each of them is heavy. */
const LEAST_GAIN = 8;

/** The share of a growth that leaves nothing for containers that are new. */
const MOST_BY_KNOWN = 0.9;

/** The containers on one path. */
interface PathGroup {
  largest: WalkedContainer;
  containers: number;
  total: number;
  /** Entries gained by containers that both walks found, and how many these are. */
  gainedByKnown: number;
  known: number;
  /** Entries that these had in the first walk. */
  hadKnown: number;
}

/** What the containers on one path gained between two walks. */
export interface Gain {
  largest: WalkedContainer;
  containers: number;
  born: number;
  /**
   * How many of the first walk are found nowhere, with a new one for each; 0 where they are sampled, and where the others
   * gained everything.
   */
  replaced: number;
  /** Entries that those which are gone had. */
  gone: number;
  total: number;
  gained: number;
  /** Of few and heavy entries, so many bytes of each at least; 0 for all others. */
  heavyBytes: number;
}

/** Sizes of the containers in a first walk. Their objects are remembered by weak references. */
export class Baseline {
  readonly #entriesOf = new WeakMap<object, number>();
  readonly #pathOf = new WeakMap<object, number>();
  readonly #byPath: Map<number, { total: number; containers: number }>;

  constructor(graph: WalkedGraph) {
    for (const { object, entries, pathId } of graph.containers) {
      this.#entriesOf.set(object, entries);
      this.#pathOf.set(object, pathId);
    }
    const groups = this.#groupsOf(graph);
    this.#byPath = new Map(
      Array.from(groups, ([pathId, { total, containers }]) => [pathId, { total, containers }]),
    );
  }

  /** What grew from this walk to a later one. */
  gainsIn(later: WalkedGraph, types: UtilTypes): Gain[] {
    const moved = this.#movedIn(later);
    return Array.from(this.#groupsOf(later), ([pathId, group]): Gain => {
      const before = this.#byPath.get(pathId) ?? { total: 0, containers: 0 };
      const { largest, containers, total } = group;
      // Containers that are entries of another one: the entries of new ones count as the growth of that other one.
      const isSampled = containers > 1.5 && largest.weight > 1;
      const gained = isSampled ? group.gainedByKnown : total - before.total;
      const isFew = gained >= 1 && gained < LEAST_GAIN;
      const heavyBytes = isFew ? heavyEntryBytes(largest, types) : 0;
      const born = containers - before.containers;
      const elsewhere = moved.get(pathId) ?? { containers: 0, had: 0 };
      const notFound = Math.min(containers, before.containers) - group.known - elsewhere.containers;
      // Where those that stayed gained everything, it is not the others that come and go that grow.
      const isGrownByKnown = group.gainedByKnown >= MOST_BY_KNOWN * gained;
      const replaced = isSampled || isGrownByKnown ? 0 : Math.max(0, notFound);
      const gone = isSampled ? 0 : Math.max(0, before.total - group.hadKnown - elsewhere.had);
      return { largest, containers, born, replaced, gone, total, gained, heavyBytes };
    }).filter(({ gained, heavyBytes }) => gained >= LEAST_GAIN || heavyBytes > 0);
  }

  /** Of each path: its containers that are on another path now, which were moved, and not dropped. */
  #movedIn({ containers }: WalkedGraph): Map<number, { containers: number; had: number }> {
    const moved = new Map<number, { containers: number; had: number }>();
    for (const { object, pathId, weight } of containers) {
      const from = this.#pathOf.get(object);
      if (from === undefined || from === pathId) continue;
      const before = moved.get(from) ?? { containers: 0, had: 0 };
      const had = before.had + weight * (this.#entriesOf.get(object) ?? 0);
      moved.set(from, { containers: before.containers + weight, had });
    }
    return moved;
  }

  #groupsOf({ containers }: WalkedGraph): Map<number, PathGroup> {
    const groups = new Map<number, PathGroup>();
    for (const container of containers) {
      const { pathId, entries, weight, object } = container;
      let group = groups.get(pathId);
      if (!group) {
        group = { largest: container, containers: 0, total: 0, gainedByKnown: 0, known: 0, hadKnown: 0 };
        groups.set(pathId, group);
      }
      group.containers += weight;
      group.total += weight * entries;
      const knownEntries = this.#entriesOf.get(object);
      group.gainedByKnown += weight * (entries - (knownEntries ?? entries));
      if (entries > group.largest.entries) group.largest = container;
      if (knownEntries === undefined) continue;
      group.known += weight;
      group.hadKnown += weight * knownEntries;
    }
    return groups;
  }
}
