import { sampleOf } from './entry-samples.js';
import { EntrySharing, addParallel } from './entry-sharing.js';
import { type Claims, type EntryValues, EntryWeigher, type EntryWeight } from './entry-weight.js';
import type { Introspection } from './introspection.js';
import { Sizes } from './sizes.js';
import type { WalkedContainer, WalkedGraph } from './walk-result.js';

/** What one more entry of a container takes, and some of its entries, the newest last. */
export interface WeighedContainer extends EntryWeight {
  entries: EntryValues[];
}

/** Weighs what a container gained, by a sample of its entries. */
export class ContainerWeigher {
  readonly #introspection: Introspection;
  readonly #weigher: EntryWeigher;
  /** Of the graph that was weighed last. */
  #claimed: { graph: WalkedGraph; by: Map<object, number> } | null = null;

  /** @param isNodeScript whether a script is Node's own, by V8's id */
  constructor(introspection: Introspection, isNodeScript: (script: string) => boolean) {
    this.#introspection = introspection;
    this.#weigher = new EntryWeigher(new Sizes(introspection, isNodeScript), introspection.reflection);
  }

  /** Yields between small pieces of work. */
  *weigh(container: WalkedContainer, graph: WalkedGraph): Generator<void, WeighedContainer> {
    const { kind } = container;
    if (kind === 'Buffer' || kind === 'String') return { ...weightOf(1), entries: [] };
    const sample = yield* sampleOf(container, this.#introspection.reflection);
    const entries = [...sample.spread, ...sample.newest].map((entry) => entry.slice());
    const sharing = new EntrySharing(container, addParallel(container, sample, graph), graph);
    const claims = this.#claimsOf(container, graph);
    return { ...(yield* this.#weigher.weigh(kind, sample, sharing.isShared, claims)), entries };
  }

  /** Containers of which one is within the other count the same objects, both rightly. */
  #claimsOf({ node }: WalkedContainer, graph: WalkedGraph): Claims {
    if (this.#claimed?.graph !== graph) this.#claimed = { graph, by: new Map() };
    const { by } = this.#claimed;
    return {
      claimerOf: (object) => {
        const claimer = by.get(object);
        if (claimer === undefined || claimer === node) return undefined;
        const isNested = isBelow(claimer, node, graph) || isBelow(node, claimer, graph);
        return isNested ? undefined : claimer;
      },
      claim: (object) => {
        if (!by.has(object)) by.set(object, node);
      },
    };
  }

  forget(): void {
    this.#claimed = null;
  }
}

/** The weight of an entry that is known. */
export function weightOf(bytes: number): EntryWeight {
  return { bytes, mostBytes: bytes, heldBytes: bytes, arrows: [], overlaps: new Map() };
}

function isBelow(node: number, above: number, { parents }: WalkedGraph): boolean {
  for (let at = node; at >= 0; at = parents[at]!) if (at === above) return true;
  return false;
}
