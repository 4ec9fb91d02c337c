import type { types as utilTypes } from 'node:util';
import type { Empty } from './clear-container.js';
import type { Entries } from './entry-samples.js';
import type { GrownContainer, Portrait } from './container-growth.js';
import type { Landmarks } from './named-roots.js';
import type { LookNearby, NearbyNumber } from './bound-hints.js';
import type { Container, Walked } from './types.js';
import type { Walker } from './walker.js';

export interface WalkFacts {
  objects: number;
  functions: number;
  containers: number;
  skipped: number;
}

/** Of one container, at one moment. */
export interface Recount {
  /** Null where counting takes too long for one step. */
  entries: number | null;
  numbers: NearbyNumber[];
}

/** Walks compared: who gained in between. */
export interface Comparison {
  begin(): void;
  step(forMs: number): boolean;
  /** Ends a walk that scouted: the next ones begin at what it came by. */
  settle(): { facts: WalkFacts; nestModules: number };
  /** Ends the first walk: what was found is remembered by weak references only. */
  remember(): WalkFacts;
  /** Ends the second walk: what the gains are takes a few steps more. */
  compare(limit: number): void;
  /** The gains, those of most bytes first. */
  result(): { grown: GrownContainer[]; facts: WalkFacts; now: number };
  /** What the container of a gain has in it now, and the numbers that stand near it. */
  recount(index: number): Recount;
  /** Empties the container of a gain. @returns how many entries it had. */
  clear(index: number): number;
  close(): void;
}

/** Runs inside the patient, from its source: it may use nothing but what it is given. */
export function makeComparison(
  newWalker: () => Walker,
  landmarks: Landmarks,
  entries: Entries,
  portray: (container: Container, walked: Walked) => Portrait,
  nearby: LookNearby,
  types: typeof utilTypes,
  empty: Empty,
): Comparison {
  const CANDIDATES = 60;
  /** A few milliseconds' worth. */
  const MOST_COUNTED = 30_000;
  /** Fewer entries than this are no growth that anybody would measure. */
  const FEWEST = 8;
  /** What an entry is taken for before it is measured. */
  const USUAL_BYTES = 100;
  let walker: Walker | null = null;
  let job: Generator<void> | null = null;
  let compared: ReturnType<Comparison['result']> | null = null;
  let before = new WeakMap<object, number>();
  const groupsBefore = new Map<number, { total: number; containers: number }>();
  /** The largest of each place, for what is asked of it later. */
  let held: { object: object; holder: object | undefined; numbers: () => NearbyNumber[] }[] = [];

  /** The containers at one place. */
  interface Group {
    largest: Container;
    containers: number;
    total: number;
    /** Gained by containers that both walks saw. */
    same: number;
  }

  function groupsOf({ containers }: Walked): Map<number, Group> {
    const groups = new Map<number, Group>();
    for (const container of containers) {
      const { place, entries, weight, object } = container;
      let group = groups.get(place);
      if (!group) groups.set(place, (group = { largest: container, containers: 0, total: 0, same: 0 }));
      group.containers += weight;
      group.total += weight * entries;
      group.same += weight * (entries - (before.get(object) ?? entries));
      if (entries > group.largest.entries) group.largest = container;
    }
    return groups;
  }

  function gainOf(place: number, group: Group): number {
    const inSample = group.containers > 1.5 && group.largest.weight > 1;
    // Entries of entries: what new ones brought along belongs to who holds them.
    return inSample ? group.same : group.total - (groupsBefore.get(place)?.total ?? 0);
  }

  const usualBytes = ({ largest }: Group): number =>
    largest.kind === 'Buffer' || largest.kind === 'String' ? 1 : USUAL_BYTES;

  /** Exactly, where a walk goes by a sample. */
  function entriesOf(object: object): number | null {
    if (types.isMap(object)) return Reflect.get(Map.prototype, 'size', object);
    if (types.isSet(object)) return Reflect.get(Set.prototype, 'size', object);
    if (!Array.isArray(object) || object.length > MOST_COUNTED) return null;
    let filled = 0;
    for (let at = 0; at < object.length; at += 1) {
      const value: unknown = Object.getOwnPropertyDescriptor(object, at)?.value;
      if (value !== undefined && value !== null) filled += 1;
    }
    return filled;
  }

  function factsOf({ counts, walked }: Walker): WalkFacts {
    return { ...counts, containers: walked.containers.length };
  }

  /** A bit of work between two yields: measuring an entry walks through it. */
  function* comparing(second: Walker, limit: number): Generator<void> {
    const { walked } = second;
    const gained = [...groupsOf(walked)]
      .map(([place, group]) => ({ place, group, gain: gainOf(place, group), bytes: usualBytes(group) }))
      .filter(({ gain }) => gain >= FEWEST)
      .toSorted((a, b) => b.gain * b.bytes - a.gain * a.bytes)
      .slice(0, CANDIDATES);
    for (const one of gained) {
      yield;
      one.bytes = entries.bytesPerEntry(one.group.largest, walked);
    }
    yield;
    const most = gained.toSorted((a, b) => b.gain * b.bytes - a.gain * a.bytes).slice(0, limit);
    held = most.map(({ group: { largest } }) => ({
      object: largest.object,
      holder: walked.objects[walked.parents[largest.node]!],
      numbers: nearby.numbersAround(largest, walked),
    }));
    const grown: GrownContainer[] = [];
    for (const { place, group, gain, bytes } of most) {
      yield;
      grown.push({
        ...portray(group.largest, walked),
        index: grown.length,
        containers: Math.round(group.containers),
        born: Math.round(group.containers - (groupsBefore.get(place)?.containers ?? 0)),
        total: Math.round(group.total),
        gained: gain,
        bytesPerEntry: bytes,
      });
    }
    compared = { grown, facts: factsOf(second), now: Date.now() };
  }

  return {
    begin() {
      walker = newWalker();
    },
    step(forMs) {
      if (!job) return walker!.step(forMs);
      const end = performance.now() + forMs;
      while (performance.now() < end) if (job.next().done) return true;
      return false;
    },
    settle() {
      const facts = factsOf(walker!);
      walker = null;
      return { facts, nestModules: landmarks.settle() };
    },
    remember() {
      const { walked } = walker!;
      const facts = factsOf(walker!);
      before = new WeakMap();
      groupsBefore.clear();
      for (const { object, entries } of walked.containers) before.set(object, entries);
      for (const [place, { total, containers }] of groupsOf(walked))
        groupsBefore.set(place, { total, containers });
      walker = null;
      return facts;
    },
    compare(limit) {
      job = comparing(walker!, limit);
    },
    result() {
      job = null;
      walker = null;
      return compared!;
    },
    recount(index) {
      const { object, numbers } = held[index]!;
      return { entries: entriesOf(object), numbers: numbers() };
    },
    clear(index) {
      const { object, holder } = held[index]!;
      return empty(object, holder);
    },
    close() {
      walker = null;
      job = null;
      compared = null;
      held = [];
      before = new WeakMap();
      groupsBefore.clear();
    },
  };
}
