import type { InspectorSession } from '../process/session.js';
import { insideFigures } from './inside-figures.js';
import { counted, type Ledger } from './ledger.js';
import { LinuxLedger } from './linux-ledger.js';
import { MacLedger } from './macos/mac-ledger.js';
import type { LedgerSource } from './source.js';
import { system } from './system.js';

const SOURCES: Partial<Record<NodeJS.Platform, (pid: number) => LedgerSource>> = {
  linux: (pid) => new LinuxLedger(pid),
  darwin: (pid) => new MacLedger(pid),
};

/** Reads the ledger of one process again and again, and skips what has turned out to be expensive. */
export class LedgerReader {
  /** What the system tells; null where it tells nothing. */
  readonly source: LedgerSource | null;
  private latest: { round: number | undefined; ledger: Ledger } | null = null;

  constructor(
    private readonly session: InspectorSession,
    pid: number,
  ) {
    this.source = SOURCES[system()]?.(pid) ?? null;
  }

  /**
   * Null where the system does not tell: then nothing is known of memory that is not V8's.
   *
   * @param session of another thread of the process. @param round what the process has is read once in each
   */
  async read(session = this.session, round?: number): Promise<Ledger | null> {
    if (this.source === null) return null;
    const inside = await insideFigures(session);
    const isKnown = round !== undefined && this.latest?.round === round;
    // What all threads have in common.
    const outside = isKnown ? this.latest!.ledger : await this.source.read();
    if (outside === null) return null;
    this.latest = { round, ledger: outside };
    const contexts = counted('contexts', inside?.contexts);
    return { ...outside, counts: { ...outside.counts, ...contexts, ...handlesIn(inside?.resources ?? {}) } };
  }
}

/** Of these, the heap's own analysis names the retainer; requests end by themselves; sockets and pipes are files. */
const NOT_HANDLES =
  /^(Timeout|Immediate|TickObject|Microtask|.*Req(uest)?|.*ReqWrap|TCP.*|Pipe.*|TTY.*|CloseReq)$/i;

function handlesIn(resources: Record<string, number>): Ledger['counts'] {
  return Object.fromEntries(
    Object.entries(resources)
      .filter(([type]) => !NOT_HANDLES.test(type))
      .map(([type, count]) => [`handles:${type}`, count]),
  );
}
