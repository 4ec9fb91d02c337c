import type { LedgerGrowth, LedgerReading } from './growth.js';

/** What malloc has free, and more of than at first, while what is in use stays the same: no leak. */
export interface KeptPages {
  freeBytes: number;
  keptBytes: number;
  inUseBytes: number;
}

/** How much has to be free, and more than at first, before the allocator is worth a word. */
const LEAST_KEPT_BYTES = 16e6;
/** The share of the growth of the resident set that explains it. */
const EXPLAINS = 0.5;

/** Null where malloc was not read twice, where native memory is not flat, and where little is free. */
export function keptPages(
  readings: readonly LedgerReading[],
  growths: readonly LedgerGrowth[],
): KeptPages | null {
  const walked = readings.flatMap(({ ledger }) => ledger.malloc ?? []);
  const [first, last] = [walked[0], walked.at(-1)];
  if (!first || !last || walked.length < 2) return null;
  const keptBytes = last.freeBytes - first.freeBytes;
  const isNativeFlat = growths.some(
    ({ code, verdict }) => code === 'native-memory' && verdict.kind === 'bounded',
  );
  if (!isNativeFlat || keptBytes < LEAST_KEPT_BYTES) return null;
  return { freeBytes: last.freeBytes, keptBytes, inUseBytes: last.inUseBytes };
}

/** Whether they are most of what the resident set grew by. */
export function explainsResident({ keptBytes }: KeptPages, rssGrownBytes: number): boolean {
  return keptBytes >= EXPLAINS * rssGrownBytes;
}
