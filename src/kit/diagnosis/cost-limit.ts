import type { InspectorSession } from '../process/session.js';

/** What a look costs the patient. */
export interface Price {
  pauseMs: number;
  bytes: number;
}

/** What the operator allows, and what there is. */
export interface Budget {
  maxPauseMs: number | undefined;
  force: boolean;
}

/**
 * A snapshot stops the patient and takes memory beside its heap, in proportion to the heap: 6.4 s and 1.1 GB were
 * measured of 79 MB, 20 s and 2.6 GB of 202 MB on Node 20; half the time, and 13 to 17 times the heap, on Node 26.
 */
export function snapshotPrice(heapBytes: number): Price {
  return { pauseMs: Math.round(heapBytes * 100e-6), bytes: 15 * heapBytes };
}

/**
 * A full collection stops the patient for as long as it takes to mark what the heap holds: 65 ms of 41 MB were
 * measured and 1.3 s of 383 MB, on a busy machine. V8 also collects to list the scripts, which a walk begins with.
 */
export function collectionPrice(heapBytes: number): Price {
  return { pauseMs: Math.round(heapBytes * 3e-6), bytes: 0 };
}

/** Memory that the patient may still take, by its cgroup and the machine. */
export async function availableBytes(session: InspectorSession): Promise<number> {
  const { result } = await session.post<{ result: { value: number } }>('Runtime.evaluate', {
    expression: `process.availableMemory?.() ?? (process.getBuiltinModule?.('os') ?? require('os')).freemem()`,
    includeCommandLineAPI: true,
    returnByValue: true,
  });
  return result.value;
}

/** Why a price is not paid, with the figures; null when it is. */
export function refusal(what: string, price: Price, available: number, budget: Budget): string | null {
  if (budget.force) return null;
  const { maxPauseMs } = budget;
  const taken = price.bytes > 0 ? ` and take about ${megabytes(price.bytes)}` : '';
  const quoted = `${what} would stop the process for about ${seconds(price.pauseMs)}${taken}`;
  if (price.bytes > available) {
    return `${quoted}; ${megabytes(available)} are free: not done. --force does it all the same.`;
  }
  if (maxPauseMs !== undefined && price.pauseMs > maxPauseMs) {
    return `${quoted}; --max-pause-ms allows ${seconds(maxPauseMs)}: not done.`;
  }
  if (maxPauseMs === undefined && price.pauseMs > LONGEST_UNASKED_MS) {
    return `${quoted}: not done unless --max-pause-ms allows it, or --force.`;
  }
  return null;
}

/** Health checks give up on a process after some seconds; longer pauses are the operator's to allow. */
const LONGEST_UNASKED_MS = 8_000;

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}
