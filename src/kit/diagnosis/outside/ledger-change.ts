import {
  type EndlessGrowth,
  explainsResident,
  keptPages,
  type Ledger,
  type LedgerGrowth,
  type MemoryKind,
  memoryKinds,
} from '../../outside/index.js';
import { FEWEST_READINGS } from '../../verdict/index.js';
import type { Measured } from '../model/context.js';
import type { Note } from '../model/notes.js';
import type { Diagnosis, LedgerChange } from '../model/result.js';

/** How the ledger changed during the measurement, for the report. */
export function ledgerChange(
  measured: Measured,
  growths: readonly LedgerGrowth[],
  lasting: readonly EndlessGrowth[],
): { change: LedgerChange; notes: Note[] } {
  const readings = measured.ledgers?.readings ?? [];
  const resident = readings.filter(({ ledger }) => ledger.resident !== null);
  const [first, last] = [resident[0]?.ledger.resident, resident.at(-1)?.ledger.resident];
  const walked = readings.flatMap(({ ledger }) => ledger.malloc ?? []);
  const change: LedgerChange = {
    memory:
      first && last ? memoryKinds.map((kind) => changeOf(kind, first[kind], last[kind])).filter(isLarge) : [],
    readings: readings.flatMap(({ work, ledger }) =>
      ledger.resident ? [{ work, rssBytes: rssOf(ledger.resident) }] : [],
    ),
    malloc: walked.length > 1 ? { first: walked[0]!, last: walked.at(-1)! } : null,
    growths: growths
      .filter((growth) => growth.first !== 0 || growth.last !== 0)
      .map(({ code, first, last, verdict }) => ({
        code,
        first,
        last,
        kind:
          verdict.kind === 'leak' && !lasting.some((one) => one.code === code) ? 'unsettled' : verdict.kind,
        perWork: verdict.growthRate,
      })),
  };
  return { change, notes: mallocNotes(walked.length, readings.length, measured) };
}

/** Nobody should take silence for "native memory is flat". */
function mallocNotes(walked: number, readings: number, { ledgers }: Measured): Note[] {
  const missing = (ledgers?.missing ?? []).map(({ part, because }): Note => ({
    code: 'outside-part-not-read',
    part,
    because,
  }));
  const isReason = ledgers?.missing.some(({ part }) => part === 'memory') ?? false;
  if (walked === 0 && isReason) return missing;
  if (walked === 0)
    return [...missing, { code: 'malloc-not-read', allocator: ledgers?.allocator ?? 'unknown' }];
  const isTooRarely = walked < FEWEST_READINGS && readings >= FEWEST_READINGS;
  return isTooRarely ? [...missing, { code: 'malloc-read-rarely', walked, readings }] : missing;
}

function rssOf(resident: NonNullable<Ledger['resident']>): LedgerChange['readings'][number]['rssBytes'] {
  const some = memoryKinds.filter((kind) => resident[kind].rssBytes > 0);
  return Object.fromEntries(some.map((kind) => [kind, resident[kind].rssBytes]));
}

function changeOf(
  kind: MemoryKind,
  first: { rssBytes: number },
  last: { rssBytes: number; pssBytes: number },
): LedgerChange['memory'][number] {
  return { kind, firstRssBytes: first.rssBytes, lastRssBytes: last.rssBytes, lastPssBytes: last.pssBytes };
}

const isLarge = ({ firstRssBytes, lastRssBytes }: { firstRssBytes: number; lastRssBytes: number }): boolean =>
  Math.max(firstRssBytes, lastRssBytes) > 0;

/**
 * The diagnosis where nothing of the ledger is a leak. In use flat and free large: the allocator keeps pages, or cannot
 * give them back. That is no leak.
 */
export function withoutLeak(
  diagnosis: Diagnosis,
  measured: Measured,
  growths: readonly LedgerGrowth[],
): Diagnosis {
  const kept = keptPages(measured.ledgers?.readings ?? [], growths);
  if (kept === null) return diagnosis;
  const allocator = measured.ledgers?.allocator ?? 'unknown';
  const note: Note = { code: 'allocator-keeps-pages', allocator, ...kept };
  const rssGrown = (measured.samples.at(-1)?.rssBytes ?? 0) - (measured.samples[0]?.rssBytes ?? 0);
  const isExplained = explainsResident(kept, rssGrown);
  const verdict =
    isExplained && diagnosis.verdict?.reason.code === 'grows-outside-v8'
      ? measured.verdict
      : diagnosis.verdict;
  return { ...diagnosis, verdict, notes: [...diagnosis.notes, note] };
}
