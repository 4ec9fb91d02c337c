import { judge, judgeByWork, type Rate, type Reading, type Unit, type Verdict } from '../verdict/index.js';
import type { CounterCode, Ledger } from './ledger.js';

/** One ledger, the work done until then, and the external memory that V8 knew of. */
export interface LedgerReading {
  work: number;
  ledger: Ledger;
  externalBytes: number;
}

/** What is judged: counters, and memory that V8 does not know of. */
export type GrowthCode = CounterCode | 'native-memory' | 'children-memory';

/** Something of the ledger, judged by the same statistics as the heap. */
export interface LedgerGrowth {
  code: GrowthCode;
  verdict: Verdict;
  /** At the first and at the last reading. */
  first: number;
  last: number;
}

/** Growth of the ledger that does not end: its rate is known. */
export type EndlessGrowth = LedgerGrowth & { verdict: { growthRate: Rate } };

/** OpenSSL, ICU, libuv and V8's own tables allocate for as long as a program warms up. */
const DRIFT_BYTES = 1_000_000;
/** Resident sets of children vary by more than a page. */
const CHILDREN_DRIFT_BYTES = 8_000_000;
/**
 * Pools open some files, sockets and threads more for as long as they warm up, and connections come and go. Of what is
 * expensive, fewer count.
 */
const DRIFT: Partial<Record<GrowthCode, number>> = {
  threads: 6,
  children: 6,
  contexts: 6,
  'webassembly-memories': 6,
};
const USUAL_DRIFT = 20;

/** Whether bytes are judged under this code; else something is counted. */
export const isBytes = (code: GrowthCode): boolean => code === 'native-memory' || code === 'children-memory';

/** By how much a healthy process may grow while it is measured, in bytes or in what is counted. */
export function driftOf(code: GrowthCode): number {
  if (code === 'native-memory') return DRIFT_BYTES;
  return code === 'children-memory' ? CHILDREN_DRIFT_BYTES : (DRIFT[code] ?? USUAL_DRIFT);
}

/** Judges every series of the ledger that can be judged. */
export function ledgerGrowth(readings: readonly LedgerReading[], unit: Unit): LedgerGrowth[] {
  const codes = new Set(readings.flatMap(({ ledger }) => Object.keys(ledger.counts) as CounterCode[]));
  const all: GrowthCode[] = [...codes, 'native-memory', 'children-memory'];
  return all.map((code) => growthOf(code, readings, unit)).filter((one) => one !== null);
}

/** Judges one series of the ledger; null where it was not read twice. */
export function growthOf(
  code: GrowthCode,
  readings: readonly LedgerReading[],
  unit: Unit,
): LedgerGrowth | null {
  return grown(
    code,
    seriesOf(readings, (reading) => ledgerValue(code, reading)),
    unit,
  );
}

/** What is judged under this code, in one reading; null where it was not read. */
export function ledgerValue(code: GrowthCode, reading: LedgerReading): number | null {
  if (code === 'native-memory') return nativeBytes(reading);
  if (code === 'children-memory') return reading.ledger.childrenBytes;
  return reading.ledger.counts[code] ?? 0;
}

/** Bytes of malloc and WebAssembly that V8 does not count as external; null where malloc was not read. */
export function nativeBytes({ ledger, externalBytes }: LedgerReading): number | null {
  if (ledger.malloc === null) return null;
  return ledger.malloc.inUseBytes + (ledger.webAssemblyBytes ?? 0) - externalBytes;
}

function seriesOf(
  readings: readonly LedgerReading[],
  of: (reading: LedgerReading) => number | null,
): Reading[] {
  return readings.flatMap((reading) => {
    const bytes = of(reading);
    return bytes === null ? [] : [{ work: reading.work, bytes }];
  });
}

function grown(code: GrowthCode, series: Reading[], unit: Unit): LedgerGrowth | null {
  const [first, last] = [series[0], series.at(-1)];
  if (!first || !last || last.work <= first.work) return null;
  return {
    code,
    verdict: judged(code, series, last.work - first.work, unit),
    first: first.bytes,
    last: last.bytes,
  };
}

function judged(code: GrowthCode, series: Reading[], work: number, unit: Unit): Verdict {
  if (code === 'native-memory')
    return judgeByWork(series, { unit, driftBytes: DRIFT_BYTES, coarsestBytes: Infinity });
  if (code === 'children-memory') return judgeByWork(series, { unit, driftBytes: CHILDREN_DRIFT_BYTES });
  return judge(series, { unit, smallestLeakBytes: driftOf(code) / work });
}

/** Whether growth does not end, as far as was measured. */
export function isEndless(growth: LedgerGrowth): growth is EndlessGrowth {
  return growth.verdict.kind === 'leak' && growth.verdict.growthRate !== null;
}
