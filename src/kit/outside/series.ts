import type { InspectorSession } from '../process/session.js';
import { type BlockChange, BlockHistory } from './blocks/history.js';
import { judge, type Unit, type Verdict } from '../verdict/index.js';
import { type GrowthCode, growthOf, isEndless, ledgerGrowth, type LedgerReading } from './growth.js';
import type { Allocator } from './ledger.js';
import { LedgerReader } from './reader.js';
import type { MissingPart } from './source.js';

/** The ledgers of one measurement. */
export class LedgerSeries {
  readonly readings: LedgerReading[] = [];
  private readonly reader: LedgerReader;
  private readonly history = new BlockHistory();

  /** @param shared by all threads of the process that are measured in the same rounds */
  constructor(
    private readonly session: InspectorSession,
    pid: number,
    shared?: LedgerReader,
  ) {
    this.reader = shared ?? new LedgerReader(session, pid);
  }

  /** @param work done until now. @param externalBytes what V8 counts as external at this moment. @returns null where nothing can be read */
  async read(work: number, externalBytes: number): Promise<LedgerReading | null> {
    const ledger = await this.reader.read(this.session, work);
    if (!ledger) return null;
    const reading = { work, ledger, externalBytes };
    this.readings.push(reading);
    const blocks = this.reader.source?.blocks;
    if (blocks) this.history.add(work, blocks);
    return reading;
  }

  /** How the blocks of malloc changed; null where they were not read twice. */
  get blocks(): BlockChange | null {
    return this.history.change;
  }

  /** Whether anything outside V8's heap looks like a leak. */
  grow(unit: Unit): boolean {
    return ledgerGrowth(this.readings, unit).some((growth) => isEndless(growth));
  }

  /** The verdict on one series; unsettled where it could not be read. */
  verdictOn(code: GrowthCode, unit: Unit): Verdict {
    return growthOf(code, this.readings, unit)?.verdict ?? judge([], { unit });
  }

  /** Null where nothing could be read. */
  get allocator(): Allocator | null {
    return this.reader.source?.allocator ?? null;
  }

  /** What could not be read the last time, and why. */
  get missing(): readonly MissingPart[] {
    return Array.from(this.reader.source?.missing ?? [], ([part, because]) => ({ part, because }));
  }
}
