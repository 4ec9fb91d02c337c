import type { MemorySource } from '../malloc/memory.js';
import type { Mapping } from '../mappings.js';
import type { Libraries, Named } from '../symbols/libraries.js';
import type { BlockList } from './block-list.js';
import { CONTENT_BYTES, contentOf, type Pointer, pointersIn } from './content.js';
import type { GrownBlocks, SymbolName } from './grown.js';
import { type Retainer, type RetainerKind, retainersOf } from './retainers.js';
import { Places, type ReadPageMap } from './places.js';
import { PointerSearch, type SearchLimits } from './scan.js';

/** A block in the chain to what holds another. */
export interface ChainLink {
  blockBytes: number;
  type: SymbolName | null;
}

/** What keeps blocks from being freed, as far as pointers show it. */
export interface RetainedBy {
  by: RetainerKind;
  /** 0 to 1: of how many of the blocks that were looked at. */
  share: number;
  /** The library, and its variable where a symbol tells; null for any other retainer. */
  library: { file: string; variable: string | null } | null;
  /** From the block that points to them outwards; empty where the retainer points to them itself. */
  through: ChainLink[];
}

/** Grown blocks, and what retains them; null where that was not searched. */
export interface FoundBlocks extends GrownBlocks {
  retainedBy: RetainedBy | null;
}

/** Of so many kinds, so many blocks each are searched for. */
const MOST_KINDS = 24;
const SEARCHED = 16;
/** What retains fewer of them is not what retains them. */
const LEAST_SHARE = 0.8;

/** A process, as it is read. */
export interface ReadProcess {
  memory: MemorySource;
  mappings: readonly Mapping[];
  libraries: Libraries;
  readPageMap: ReadPageMap;
}

/** The blocks that grew with what retains them, by a sample of each kind. */
export function withRetainers(
  process: ReadProcess,
  list: BlockList,
  grown: readonly GrownBlocks[],
  limits: SearchLimits,
): FoundBlocks[] {
  const { memory, mappings, libraries, readPageMap } = process;
  const places = new Places(mappings, libraries, list);
  const search = new PointerSearch(memory, limits);
  const samples = grown.map(({ addresses }, at) =>
    at < MOST_KINDS
      ? addresses.slice(0, SEARCHED).flatMap((address) => {
          const index = list.indexOf(address);
          return index < 0 ? [] : [index];
        })
      : [],
  );
  const weights = new Map(
    samples.flatMap((sample, at) => {
      const { gained, blockBytes } = grown[at]!;
      return sample.map((index) => [index, (gained * blockBytes) / sample.length] as [number, number]);
    }),
  );
  const retainers = retainersOf(list, places, places.stretches(readPageMap), search, weights);
  const described = new Descriptions(process, list, [...retainers.values()]);
  return grown.map((one, at) => {
    const held = (samples[at] ?? []).flatMap((index) => retainers.get(index) ?? []);
    return { ...one, retainedBy: held.length === 0 ? null : joined(held, described) };
  });
}

function joined(held: readonly Retainer[], described: Descriptions): RetainedBy {
  const [most = []] = grouped(held, ({ by }) => by);
  const share = most.length / held.length;
  const by = most[0]!.by;
  if (share < LEAST_SHARE) return { by: 'unclear', share: 1, library: null, through: [] };
  const libraries = most.flatMap((one) => described.libraryOf(one) ?? []);
  const [ofLibrary = []] = grouped(libraries, ({ file, variable }) => `${file} ${variable}`);
  const chains = most.map((one) => described.chainOf(one));
  const [ofChain = []] = grouped(chains, (chain) => JSON.stringify(chain));
  return { by, share, library: ofLibrary[0] ?? null, through: ofChain[0] ?? [] };
}

/** The groups of those with the same key, the largest first. */
function grouped<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return [...groups.values()].toSorted((a, b) => b.length - a.length);
}

/** Types of the blocks in chains, and names of variables of libraries: the symbols of all are looked up at once. */
class Descriptions {
  private readonly pointers = new Map<number, Pointer[]>();
  private readonly names: Map<number, Named>;

  constructor(
    private readonly process: ReadProcess,
    private readonly list: BlockList,
    retainers: readonly Retainer[],
  ) {
    for (const address of new Set(retainers.flatMap(({ through }) => through)))
      this.pointers.set(address, this.read(address));
    const variables = retainers.flatMap(({ by, at }) => (by === 'library' && at !== null ? [at] : []));
    const pointed = [...this.pointers.values()].flatMap((some) => some.map(({ address }) => address));
    this.names = process.libraries.namesOf(new Set([...variables, ...pointed]));
  }

  private read(address: number): Pointer[] {
    const bytes = new Uint8Array(Math.min(CONTENT_BYTES, this.sizeOf(address) - 8));
    const length = this.process.memory.read(address + 16, bytes);
    return length < bytes.length ? [] : pointersIn(bytes, this.process.libraries);
  }

  private sizeOf(address: number): number {
    return this.list.sizeAt(this.list.indexOf(address));
  }

  chainOf({ through }: Retainer): ChainLink[] {
    return through.map((address) => {
      const { type } = contentOf(new Uint8Array(0), this.pointers.get(address) ?? [], this.names);
      return {
        blockBytes: this.sizeOf(address),
        type: type && { name: type.name, library: type.library },
      };
    });
  }

  libraryOf({ by, at }: Retainer): RetainedBy['library'] {
    const path = by === 'library' && at !== null ? this.process.libraries.pathAt(at) : null;
    if (path === null || at === null) return null;
    const named = this.names.get(at);
    const isVariable = named !== undefined && !named.isFunction && !named.isVtable;
    return { file: path.slice(path.lastIndexOf('/') + 1), variable: isVariable ? named.name : null };
  }
}
