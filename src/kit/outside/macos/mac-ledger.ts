import type { Allocator, Ledger } from '../ledger.js';
import type { LedgerPart, LedgerSource } from '../source.js';
import { childrenOf, lsofOf, threadsOf, type Told, vmmapOf } from './programs.js';

/** vmmap looks at each zone of malloc: no more than this share of the time is given to it. */
const SHARE_OF_TIME = 0.05;
/** Statistics need ten readings of twenty, so that no more than every second one is skipped. */
const MOST_SKIPPED = 1;

/** A program that failed so often in a row, or that took so long, is not started again. */
const MOST_FAILURES = 2;
const LONGEST_VMMAP_MS = 5_000;

/**
 * The ledger of a process on macOS, by the programs that it has: vmmap, lsof and ps. They are built on outputs that others
 * published, and were not tried on a Mac. WebAssembly memories and V8's heap have the same mark there, and file watches
 * are no descriptors: neither is counted.
 */
export class MacLedger implements LedgerSource {
  readonly allocator: Allocator = 'libmalloc';
  readonly blocks = null;
  readonly missing = new Map<LedgerPart, string>();
  private readonly failures = new Map<LedgerPart, number>();
  private vmmapMs = 0;
  private vmmapAt = -Infinity;
  private skipped = 0;

  constructor(private readonly pid: number) {}

  async read(): Promise<Ledger | null> {
    const { pid } = this;
    const [memory, files, threads, children] = await Promise.all([
      this.memory(),
      this.told('open-files', () => lsofOf(pid)),
      this.told('threads', () => threadsOf(pid)),
      this.told('children', () => childrenOf(pid)),
    ]);
    return {
      counts: {
        ...files?.counts,
        ...(threads !== null && { threads }),
        ...(children !== null && { children: children.count }),
      },
      resident: memory?.resident ?? null,
      malloc: memory?.malloc ?? null,
      webAssemblyBytes: null,
      childrenBytes: children?.ownBytes ?? null,
    };
  }

  private async memory() {
    const startMs = performance.now();
    const isSoon = startMs - this.vmmapAt < this.vmmapMs / SHARE_OF_TIME;
    if (isSoon && this.skipped < MOST_SKIPPED) {
      this.skipped += 1;
      return null;
    }
    this.skipped = 0;
    const memory = await this.told('memory', () => vmmapOf(this.pid));
    this.vmmapAt = performance.now();
    this.vmmapMs = this.vmmapAt - startMs;
    if (memory !== null && this.vmmapMs > LONGEST_VMMAP_MS) this.giveUp(this.vmmapMs);
    return memory;
  }

  private giveUp(tookMs: number): void {
    this.failures.set('memory', MOST_FAILURES);
    this.missing.set('memory', `vmmap takes too long here: ${(tookMs / 1_000).toFixed(1)} s`);
  }

  private async told<T>(part: LedgerPart, ask: () => Promise<Told<T>>): Promise<T | null> {
    const failures = this.failures.get(part) ?? 0;
    if (failures >= MOST_FAILURES) return null;
    const { value, because } = await ask();
    this.failures.set(part, because === null ? 0 : failures + 1);
    if (because === null) this.missing.delete(part);
    else this.missing.set(part, because);
    return value;
  }
}
