import type { BlockList } from './block-list.js';
import { IndexedBlocks } from './indexed-blocks.js';
import type { Place, Places } from './places.js';
import type { PointerSearch, Stretch } from './scan.js';

/** What keeps a block, at the end of the chain of blocks that point to it. */
export type RetainerKind = 'javascript' | 'library' | 'stack' | 'block' | 'nobody' | 'unclear';

export interface Retainer {
  by: RetainerKind;
  /** Where the last pointer of the chain is; null without one. */
  at: number | null;
  /** The blocks of the chain, from the one that points to the block outwards. */
  through: number[];
}

/** Pointers to one block: the first of each place, and some blocks. */
interface Seen {
  javascript: number | null;
  library: number | null;
  stack: number | null;
  /** Indices of the blocks that point to it, in the list of all. */
  blocks: number[];
  /** Something else points to it, or into it. */
  isSeenOtherwise: boolean;
}

const DEEPEST = 8;
const MOST_VISITED = 2_000;
/**
 * Blocks have bytes that were never written since another block was there, and what they point to is not retained by them.
 * Every library has so many variables that a long chain leads to one of them by chance.
 */
const LONGEST_TO_LIBRARY = 4;
const MOST_HOLDING_BLOCKS = 6;
const MOST_BLOCKS_A_LEVEL = 4_096;

/**
 * Follows pointers outwards from blocks, one search of memory a step: what points to them, what points to the blocks
 * that point to them, and so on until something else than a block does, for almost all of what they weigh.
 *
 * @param weights by indices in the list: the blocks, and how much each counts
 */
export function retainersOf(
  list: BlockList,
  places: Places,
  stretches: readonly Stretch[],
  search: PointerSearch,
  weights: ReadonlyMap<number, number>,
): Map<number, Retainer> {
  const seen = new Map<number, Seen>();
  const targets = [...weights.keys()];
  let level = targets;
  for (let depth = 0; depth < DEEPEST && level.length > 0 && search.isWhole; depth += 1) {
    if (depth > 0 && isEnough(new Chains(list, seen, true), weights)) break;
    for (const [index, one] of seenOf(list, places, stretches, search, level)) seen.set(index, one);
    const open = level.flatMap((index) => (isHeld(seen.get(index)) ? [] : (seen.get(index)?.blocks ?? [])));
    level = [...new Set(open)].filter((index) => !seen.has(index)).slice(0, MOST_BLOCKS_A_LEVEL);
  }
  const isWhole = search.isWhole && places.isWhole && list.isWhole;
  const chains = new Chains(list, seen, isWhole);
  return new Map(targets.map((index) => [index, chains.from(index)]));
}

/** What is left may be left unclear. */
const ENOUGH = 0.97;

function isEnough(chains: Chains, weights: ReadonlyMap<number, number>): boolean {
  let [known, all] = [0, 0];
  for (const [index, weight] of weights) {
    const { by } = chains.from(index);
    if (by !== 'block') known += weight;
    all += weight;
  }
  return known >= ENOUGH * all;
}

const isHeld = (seen: Seen | undefined): boolean =>
  seen !== undefined && (seen.javascript !== null || seen.library !== null);

function seenOf(
  list: BlockList,
  places: Places,
  stretches: readonly Stretch[],
  search: PointerSearch,
  level: readonly number[],
): Map<number, Seen> {
  const blocks = new IndexedBlocks(
    level.map((index) => ({ address: list.addressAt(index), size: list.sizeAt(index) })),
  );
  const indices = level.toSorted((a, b) => list.addressAt(a) - list.addressAt(b));
  const seen = new Map<number, Seen>(
    level.map((index) => [
      index,
      { javascript: null, library: null, stack: null, blocks: [], isSeenOtherwise: false },
    ]),
  );
  search.find(stretches, blocks, (at, block, isToBeginning) => {
    const one = seen.get(indices[block]!);
    if (one) note(one, places.at(at), { at, isToBeginning, list });
  });
  return seen;
}

function note(
  seen: Seen,
  place: Place,
  { at, isToBeginning, list }: { at: number; isToBeginning: boolean; list: BlockList },
): void {
  if (place === 'free') return;
  if (!isToBeginning || place === 'other') seen.isSeenOtherwise = true;
  else if (place === 'block') {
    const index = list.indexAround(at);
    if (index < 0) seen.isSeenOtherwise = true;
    else if (seen.blocks.length < MOST_HOLDING_BLOCKS && !seen.blocks.includes(index))
      seen.blocks.push(index);
  } else seen[place] ??= at;
}

/** The chains of blocks, as far as they were followed. */
class Chains {
  constructor(
    private readonly list: BlockList,
    private readonly seen: ReadonlyMap<number, Seen>,
    private readonly isWhole: boolean,
  ) {}

  /** The nearest retainer that is no block. Blocks that point to each other are visited once. */
  from(target: number): Retainer {
    const before = new Map<number, number | null>([[target, null]]);
    let [stack, isOpen, isUnclear]: [Retainer | null, boolean, boolean] = [null, false, !this.isWhole];
    for (const index of before.keys()) {
      const seen = this.seen.get(index);
      if (!seen) {
        isOpen ||= true;
        continue;
      }
      const retainer = (by: RetainerKind, at: number): Retainer => ({
        by,
        at,
        through: this.path(index, before),
      });
      if (seen.javascript !== null) return retainer('javascript', seen.javascript);
      if (seen.library !== null) {
        const found = retainer('library', seen.library);
        if (found.through.length <= LONGEST_TO_LIBRARY) return found;
        isOpen = true;
      }
      // A stack is full of what was there before.
      if (seen.stack !== null) stack ??= retainer('stack', seen.stack);
      isUnclear ||= seen.isSeenOtherwise;
      // The map grows while it is gone through: the nearest blocks come first.
      for (const block of seen.blocks)
        if (!before.has(block) && before.size < MOST_VISITED) before.set(block, index);
    }
    if (stack) return stack;
    const by = isOpen ? 'block' : isUnclear ? 'unclear' : 'nobody';
    const last = [...before.keys()].at(-1) ?? target;
    return { by, at: null, through: isOpen ? this.path(last, before) : [] };
  }

  /** From the block that points to the target outwards. */
  private path(last: number, before: ReadonlyMap<number, number | null>): number[] {
    const path: number[] = [];
    for (let at: number | null | undefined = last; at !== null && at !== undefined; at = before.get(at))
      path.unshift(this.list.addressAt(at));
    return path.slice(1);
  }
}
