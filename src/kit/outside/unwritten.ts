import { judgeByWork, type Unit } from '../verdict/index.js';
import type { LedgerReading } from './growth.js';

/** Free pages of malloc come and go: a resident set varies by this much beside what is in use. */
const DRIFT_BYTES = 4_000_000;

/**
 * How much more is allocated outside V8's heap per unit of work than comes into memory: the kernel provides a page when it
 * is written to first, so that half-used buffers and tables are allocated and not resident. Null where the difference does
 * not grow, or was read too rarely.
 */
export function unwrittenGrowth(readings: readonly LedgerReading[], unit: Unit): number | null {
  const series = readings.flatMap(({ work, ledger: { malloc, resident, webAssemblyBytes } }) => {
    if (!malloc || !resident) return [];
    const residentBytes =
      resident.malloc.rssBytes + resident.anonymous.rssBytes + resident.webassembly.rssBytes;
    return [{ work, bytes: malloc.inUseBytes + (webAssemblyBytes ?? 0) - residentBytes }];
  });
  const { kind, growthRate } = judgeByWork(series, { unit, driftBytes: DRIFT_BYTES });
  return kind === 'leak' && growthRate ? growthRate.estimate : null;
}
