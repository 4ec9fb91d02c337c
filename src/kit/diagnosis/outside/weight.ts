import type { EndlessGrowth, GrowthCode, LedgerGrowth, LedgerReading } from '../../outside/index.js';
import { medianInPlace } from '../../verdict/index.js';
import type { Measured } from '../model/context.js';

/** What was measured of the process while the causes grew. */
interface Known {
  /** Without what others explain. */
  causes: readonly EndlessGrowth[];
  /** Without what a rest gave back. */
  growths: readonly LedgerGrowth[];
  samples: readonly Measured['samples'][number][];
  readings: readonly LedgerReading[];
}

/** What one more costs the process, in bytes per unit of work; null where only the kernel pays, or it is not known. */
export function weightOf(growth: EndlessGrowth, known: Known): number | null {
  const { code, verdict } = growth;
  if (code === 'native-memory' || code === 'children-memory') return verdict.growthRate.estimate;
  if (code === 'children') return rateOf('children-memory', known);
  if (code === 'threads') return besideHeap(growth, known);
  return bringsMemory(code, known) ? rateOf('native-memory', known) : null;
}

/** Native memory is counted once: for itself where it is a cause, and else for the first that it may come with, such as threads. */
function bringsMemory(code: GrowthCode, { causes }: Known): boolean {
  const first = causes.find((one) => !one.code.startsWith('children'));
  return first?.code === code && causes.every((one) => one.code !== 'native-memory');
}

/**
 * The rate of what comes with a cause. That it lasts, and is no drift, is known of the cause: its own verdict may be
 * unsettled, because it gained more while the program warmed up, or bounded, because it is small.
 */
function rateOf(code: GrowthCode, { growths }: Known): number | null {
  const rate = growths.find((one) => one.code === code)?.verdict.growthRate;
  return rate && rate.low > 0 ? rate.estimate : null;
}

/**
 * A thread has a heap, stacks and pages of its own, of which malloc knows little. What one weighs is the median of what the
 * resident set, without the heap of the main thread, gained for each thread more: over the work done, both grow in steps.
 */
function besideHeap({ verdict }: EndlessGrowth, { samples, readings }: Known): number | null {
  const at = new Map(readings.map(({ work, ledger }) => [work, ledger.counts.threads]));
  const series = samples.flatMap(({ work, rssBytes, heapTotalBytes }) => {
    const threads = at.get(work);
    return threads === undefined ? [] : [{ threads, bytes: rssBytes - heapTotalBytes }];
  });
  const half = series.length >> 1;
  const each = series.slice(half).flatMap(({ threads, bytes }, index) => {
    const before = series[index]!;
    return threads > before.threads ? [(bytes - before.bytes) / (threads - before.threads)] : [];
  });
  return each.length === 0 ? null : medianInPlace(Float64Array.from(each)) * verdict.growthRate.estimate;
}
