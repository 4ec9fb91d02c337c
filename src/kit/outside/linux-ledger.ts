import { allocatorOf } from './allocator.js';
import { BlockList } from './blocks/block-list.js';
import { childrenOf, descriptorsOf, watchesOf } from './counters.js';
import { type Allocator, counted, type Ledger } from './ledger.js';
import { walkOf } from './malloc/allocators.js';
import type { Walked } from './malloc/walk.js';
import { type Mapping, parseMappings } from './mappings.js';
import { residentByKind, webAssemblyIn } from './memory-kinds.js';
import { procNames, procText, ProcessMemory } from './proc.js';
import type { LedgerPart, LedgerSource } from './source.js';

/**
 * The kernel holds a lock of the target's address space while it counts pages: what takes longer is not done again. Of
 * processor time.
 */
const LONGEST_SMAPS_MS = 25;
/** A walk of malloc takes the looker's time only, but the measurement waits for it: one that is long is done less often. */
const SHARE_OF_TIME = 0.05;
/** Statistics need ten readings of twenty, so that no more than every second one is skipped. */
const MOST_SKIPPED = 1;
/** Walks before a reading goes without. */
const ATTEMPTS = 3;
/** Beyond this, malloc is too large to be walked at all. Of processor time: a busy machine makes a walk ten times longer. */
const LONGEST_WALK_CPU_MS = 4_000;
const LONGEST_WALK_MS = 20_000;

/** The ledger of a process by `/proc`. */
export class LinuxLedger implements LedgerSource {
  allocator: Allocator | null = null;
  blocks: BlockList | null = null;
  readonly missing: ReadonlyMap<LedgerPart, string> = new Map();
  private smapsMs = 0;
  private walkMs = 0;
  private walkCpuMs = 0;
  private walkedAt = -Infinity;
  private skipped = 0;

  constructor(private readonly pid: number) {}

  async read(): Promise<Ledger | null> {
    const mapped = this.mappings();
    if (mapped === null) return null;
    const { mappings, isResident } = mapped;
    const malloc = this.malloc(mappings);
    const descriptors = descriptorsOf(this.pid);
    const children = childrenOf(this.pid);
    const webAssembly = webAssemblyIn(mappings);
    const counts: Ledger['counts'] = {
      ...descriptors?.counts,
      ...counted('watches', descriptors ? watchesOf(this.pid, descriptors) : undefined),
      ...counted('threads', procNames(this.pid, 'task')?.length),
      ...counted('children', children?.count),
      'webassembly-memories': webAssembly.memories,
    };
    return {
      counts,
      resident: isResident ? residentByKind(malloc?.mappings ?? mappings) : null,
      malloc: malloc && { inUseBytes: malloc.inUseBytes, freeBytes: malloc.freeBytes, blocks: malloc.blocks },
      webAssemblyBytes: webAssembly.bytes,
      childrenBytes: children?.ownBytes ?? null,
    };
  }

  private mappings(): { mappings: Mapping[]; isResident: boolean } | null {
    const isResident = this.smapsMs <= LONGEST_SMAPS_MS;
    const cpu = process.cpuUsage();
    const text = procText(this.pid, isResident ? 'smaps' : 'maps');
    if (isResident) this.smapsMs = cpuMsSince(cpu);
    if (!text) return null;
    const mappings = parseMappings(text);
    this.allocator ??= allocatorOf(mappings);
    return { mappings, isResident };
  }

  /** Skipped until the walks take no more than their share of the time. */
  private malloc(mappings: readonly Mapping[]): Walked | null {
    this.blocks = null;
    const walk = walkOf(this.allocator ?? 'unknown');
    if (walk === null || this.isTooLong()) return null;
    const startMs = performance.now();
    const isSoon = startMs - this.walkedAt < this.walkMs / SHARE_OF_TIME;
    if (isSoon && this.skipped < MOST_SKIPPED) {
      this.skipped += 1;
      return null;
    }
    this.skipped = 0;
    const memory = ProcessMemory.open(this.pid);
    if (memory === null) return null;
    const cpu = process.cpuUsage();
    try {
      return this.walked((now, list) => walk(memory, now, list.see), mappings);
    } finally {
      memory.close();
      this.walkedAt = performance.now();
      this.walkMs = this.walkedAt - startMs;
      this.walkCpuMs = cpuMsSince(cpu);
    }
  }

  private isTooLong(): boolean {
    return this.walkCpuMs > LONGEST_WALK_CPU_MS || this.walkMs > LONGEST_WALK_MS;
  }

  /** A thread that allocates meanwhile makes a walk lose its place: it begins again, with the mappings as they are then. */
  private walked(
    walk: (mappings: readonly Mapping[], list: BlockList) => Walked,
    mappings: readonly Mapping[],
  ): Walked | null {
    let now = mappings;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const list = new BlockList();
      const walked = walk(now, list);
      if (walked.lost === 0) {
        this.blocks = list;
        return walked;
      }
      now = this.mappings()?.mappings ?? [];
    }
    return null;
  }
}

/** Of this process, which reads synchronously: on a busy machine, much less than the time that passes. */
function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
