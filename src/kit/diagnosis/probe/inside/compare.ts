import { sorted } from './copies.js';
import { Baseline, type Gain } from './baseline.js';
import type { BoundHintsReader, NearbyNumber } from './bound-hints.js';
import { clearContainer } from './clear-container.js';
import type { ContainerDescriber, GrownContainer } from './container-growth.js';
import { type ContainerWeigher, type WeighedContainer, weightOf } from './container-weight.js';
import type { NamedRoots } from './named-roots.js';
import { type Recount, countEntries } from './recount.js';
import type { UtilTypes } from './reflect.js';
import type { WalkedContainer, WalkedGraph } from './walk-result.js';
import type { Walker } from './walker.js';

/** Containers whose entries are measured: those of the largest growth, with every entry taken as `USUAL_BYTES`. */
const MOST_MEASURED = 60;
const USUAL_BYTES = 100;

export interface WalkFacts {
  objects: number;
  functions: number;
  containers: number;
  skipped: number;
  /** Functions that would have taken too long to inspect. */
  notInspected: number;
  /** Whether the walk took too long, and was ended with what it had. */
  ended: boolean;
}

export interface GrowthReport {
  /** The largest growth first, in bytes. */
  grown: GrownContainer[];
  facts: WalkFacts;
  /** The target's clock, in milliseconds since 1970. */
  now: number;
  /** Periods of the timers of the program, in milliseconds. */
  timersMs: number[];
}

export interface ComparisonParts {
  types: UtilTypes;
  namedRoots: NamedRoots;
  weigher: ContainerWeigher;
  hints: BoundHintsReader;
  describer: ContainerDescriber;
  /** @param mostObjects at which the walk ends; null for the usual limit */
  newWalker(mostObjects: number | null): Walker;
  timersMs(graph: WalkedGraph): number[];
}

/** A container of the report, for later questions about it. */
interface Reported {
  container: WalkedContainer;
  owner: object | undefined;
  numbers: () => NearbyNumber[];
}

interface WeighedGain {
  gain: Gain;
  weight: WeighedContainer;
}

/**
 * Walks, and compares two walks. Each walk is `begin`, then `step` until it is done, then one of `endScout`,
 * `endFirstWalk` and `beginReport`; the report takes a few more steps.
 */
export class Comparison {
  readonly #parts: ComparisonParts;
  #walker: Walker | null = null;
  #job: Generator<void, GrowthReport> | null = null;
  #report: GrowthReport | null = null;
  #baseline: Baseline | null = null;
  #mostObjects: number | null = null;
  #reported: Reported[] = [];

  constructor(parts: ComparisonParts) {
    this.#parts = parts;
  }

  begin(): void {
    this.#walker = this.#parts.newWalker(this.#mostObjects);
  }

  /** Ends a walk that takes too long. The next walks end at as many objects, so that they see the same. */
  endEarly(): void {
    this.#mostObjects = present(this.#walker).end();
  }

  /** Works for about so long. @returns whether the walk, or the report, is done */
  step(forMs: number): boolean {
    if (!this.#job) return present(this.#walker).step(forMs);
    const end = performance.now() + forMs;
    while (performance.now() < end) {
      const { done, value } = this.#job.next();
      if (!done) continue;
      this.#report = value;
      return true;
    }
    return false;
  }

  /** Ends a walk that looked for named roots: the next walks begin there. */
  endScout(): { facts: WalkFacts; nestModules: number } {
    return { facts: this.#factsOf(this.#endWalk()), nestModules: this.#parts.namedRoots.settle() };
  }

  endFirstWalk(): WalkFacts {
    const walker = this.#endWalk();
    this.#baseline = new Baseline(walker.graph);
    return this.#factsOf(walker);
  }

  /** Ends the second walk. @param most how many containers are reported */
  beginReport(most: number): void {
    this.#job = this.#reporting(present(this.#walker), present(this.#baseline), most);
  }

  report(): GrowthReport {
    this.#job = null;
    this.#walker = null;
    return present(this.#report);
  }

  /** @param index of a container in the report */
  recount(index: number): Recount {
    const { container, numbers } = present(this.#reported[index]);
    return { entries: countEntries(container), numbers: numbers() };
  }

  /** Removes all entries. @returns how many there were; 0 where the owner cleared its container itself */
  clear(index: number): number {
    const { container, owner } = present(this.#reported[index]);
    return clearContainer(this.#parts.types, container.object, owner);
  }

  close(): void {
    this.#walker = null;
    this.#job = null;
    this.#report = null;
    this.#baseline = null;
    this.#reported = [];
    this.#parts.weigher.forget();
  }

  #factsOf({ counts, graph, notInspected }: Walker): WalkFacts {
    return {
      ...counts,
      containers: graph.containers.length,
      notInspected,
      ended: this.#mostObjects !== null,
    };
  }

  #endWalk(): Walker {
    const walker = present(this.#walker);
    this.#walker = null;
    return walker;
  }

  /** Yields between small pieces of work: to measure an entry is to walk through it. */
  *#reporting(second: Walker, baseline: Baseline, most: number): Generator<void, GrowthReport> {
    const { weigher, describer } = this.#parts;
    const { graph } = second;
    const gains = largestFirst(
      baseline.gainsIn(graph, this.#parts.types).map((gain) => ({ gain, weight: usualWeight(gain) })),
    ).slice(0, MOST_MEASURED);
    for (const weighed of gains) {
      yield;
      weighed.weight = yield* weigher.weigh(weighed.gain.largest, graph);
    }
    yield;
    const reported = largestFirst(gains).slice(0, most);
    this.#reported = reported.map(({ gain }) => this.#reportedOf(gain.largest, graph));
    const grown: GrownContainer[] = [];
    for (const { gain, weight } of reported) {
      yield;
      grown.push({
        ...describer.describe(gain.largest, weight.entries, graph),
        index: grown.length,
        containers: Math.round(gain.containers),
        born: Math.round(gain.born),
        replaced: Math.round(gain.replaced),
        gone: Math.round(gain.gone),
        total: Math.round(gain.total),
        gained: gain.gained,
        bytesPerEntry: weight.bytes,
        mostBytesPerEntry: weight.mostBytes,
        heldBytesPerEntry: weight.heldBytes,
        arrows: weight.arrows,
        overlaps: reported.flatMap((other, at) => {
          const bytes = weight.overlaps.get(other.gain.largest.node);
          return bytes === undefined ? [] : [{ index: at, bytesPerEntry: bytes }];
        }),
      });
    }
    weigher.forget();
    return { grown, facts: this.#factsOf(second), now: Date.now(), timersMs: this.#parts.timersMs(graph) };
  }

  #reportedOf(container: WalkedContainer, graph: WalkedGraph): Reported {
    return {
      container,
      owner: graph.objects[graph.parents[container.node]!],
      numbers: this.#parts.hints.numbersAround(container, graph),
    };
  }
}

/** @throws Error if a method is called out of order, or with an index that is not in the report */
function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('the probe was asked out of order');
  return value;
}

function usualWeight({ largest: { kind }, heavyBytes }: Gain): WeighedContainer {
  const bytes = kind === 'Buffer' || kind === 'String' ? 1 : USUAL_BYTES;
  return { ...weightOf(heavyBytes || bytes), entries: [] };
}

function largestFirst(gains: WeighedGain[]): WeighedGain[] {
  const isList = ({ gain }: WeighedGain): number => (gain.largest.kind === 'List' ? 1 : 0);
  return sorted(
    gains,
    (a, b) => b.gain.gained * b.weight.bytes - a.gain.gained * a.weight.bytes || isList(a) - isList(b),
  );
}
