import {
  type Allocator,
  causesOf,
  driftOf,
  type EndlessGrowth,
  explainsResident,
  type GrowthCode,
  isBytes,
  isEndless,
  keptPages,
  type KeptPages,
  ledgerGrowth,
  type LedgerGrowth,
  type LedgerReading,
  ledgerValue,
  type MissingPart,
  type OutsideReason,
  residentGrowth,
  type ResidentReading,
} from '../src/kit/outside/index.js';
import { type Rate, type Reason, unsettled, type Verdict } from '../src/kit/verdict/index.js';

/** Why a verdict of `load` is what it is: by V8's memory, or by what grows beside it. */
export type LoadReason = Reason | OutsideReason;

/** What the process has that is not V8's heap, judged by the statistics of the heap. */
export interface OutsideGrowth {
  /** Every series that has something in it. */
  growths: LedgerGrowth[];
  /** Those that grow without end. */
  endless: EndlessGrowth[];
  /** Of these, those that do not come with another. */
  causes: EndlessGrowth[];
  /** Those that grew until the end, and may stop. */
  open: LedgerGrowth[];
  /** What malloc has free and does not give back. */
  kept: KeptPages | null;
  /** Whether the blocks of malloc were read. */
  isMallocRead: boolean;
  /** Null where the system tells nothing of memory outside V8. */
  allocator: Allocator | null;
  /** What could not be read, and why. */
  missing: readonly MissingPart[];
}

/** What a warm-up takes does not grow in the second half. */
const LATE_SHARE = 0.25;
/** Growth that is not settled counts if it is this many times what a healthy process may gain. */
const TIMES_DRIFT = 4;

/** @param readings in order of requests. @param allocator null where the system does not tell */
export function judgeOutside(
  readings: readonly LedgerReading[],
  allocator: Allocator | null,
  missing: readonly MissingPart[] = [],
): OutsideGrowth {
  const growths = ledgerGrowth(readings, 'request').filter(({ first, last }) => first !== 0 || last !== 0);
  const endless = growths.filter((growth) => isEndless(growth));
  return {
    growths,
    endless,
    causes: causesOf(endless),
    open: growths.filter((growth) => isOpen(growth, readings)),
    kept: keptPages(readings, growths),
    isMallocRead: readings.some(({ ledger }) => ledger.malloc !== null),
    allocator,
    missing,
  };
}

function isOpen({ code, first, last, verdict }: LedgerGrowth, readings: readonly LedgerReading[]): boolean {
  if (verdict.kind !== 'unsettled' || last - first < TIMES_DRIFT * driftOf(code)) return false;
  const values = readings.flatMap((reading) => ledgerValue(code, reading) ?? []);
  const middle = values[values.length >> 1] ?? last;
  return last - middle >= LATE_SHARE * (last - first);
}

/**
 * The verdict on the whole process: "bounded" only if nothing outside V8's heap grows either. What leaks there decides
 * unless V8's memory leaks as well.
 *
 * @param limit the most files that the process may have open
 */
export function withOutside(
  v8: Verdict,
  outside: OutsideGrowth,
  samples: readonly (Omit<ResidentReading, 'work'> & { requests: number })[],
  limit: number | null,
): Verdict<LoadReason> {
  // A container that fills up to its bound may own what grows outside.
  if (v8.reason.code === 'filling') return v8;
  const [cause] = outside.causes;
  if (cause && isWorthSaying(v8, outside)) return leakOf(cause, v8, outside.endless, limit);
  if (v8.kind !== 'bounded') return v8;
  const [open] = outside.open;
  if (open) {
    const { code: what, first, last, verdict } = open;
    return unsettled({ ...verdict, growthRate: null }, { code: 'may-grow-outside-v8', what, first, last });
  }
  const resident = residentGrowth(
    samples.map((sample) => ({ ...sample, work: sample.requests })),
    'request',
    { allocator: outside.allocator, isRead: outside.isMallocRead },
  );
  const grown = (samples.at(-1)?.rssBytes ?? 0) - (samples[0]?.rssBytes ?? 0);
  const isKept = outside.kept !== null && explainsResident(outside.kept, grown);
  return resident === null || isKept ? v8 : resident;
}

/** Beside a leak of V8's memory, its tables in malloc grow as well, and wrappers of what is counted are small. */
const LEAST_OF_V8 = 0.3;

function isWorthSaying(v8: Verdict, { endless }: OutsideGrowth): boolean {
  return (
    v8.kind !== 'leak' || (bytesOf(endless)?.estimate ?? 0) >= LEAST_OF_V8 * (v8.growthRate?.estimate ?? 0)
  );
}

function leakOf(
  { code, verdict, first, last }: EndlessGrowth,
  v8: Verdict,
  endless: readonly EndlessGrowth[],
  limit: number | null,
): Verdict<LoadReason> {
  const heapGrows = v8.kind === 'leak';
  const outside = bytesOf(endless);
  return {
    ...verdict,
    growthRate:
      outside && heapGrows && v8.growthRate ? sumOf([outside, v8.growthRate]) : (outside ?? v8.growthRate),
    reason: {
      code: 'leaks-outside-v8',
      what: code,
      perWork: verdict.growthRate,
      gained: last - first,
      heapGrows,
      rested: false,
      limit: LIMITED.has(code) ? limit : null,
    },
  };
}

const LIMITED = new Set<GrowthCode>(['files', 'sockets']);

/** What grows in bytes, together; null where only counters grow. */
function bytesOf(endless: readonly EndlessGrowth[]): Rate | null {
  const rates = endless.filter(({ code }) => isBytes(code)).map(({ verdict }) => verdict.growthRate);
  return rates.length === 0 ? null : sumOf(rates);
}

function sumOf(rates: readonly Rate[]): Rate {
  const sum = (end: keyof Rate): number => rates.reduce((total, rate) => total + rate[end], 0);
  return { estimate: sum('estimate'), low: sum('low'), high: sum('high') };
}
