import type { InspectorSession } from './session.js';

/** What a step costs the target. */
export interface Cost {
  pauseMs: number;
  /** Memory that it takes in addition while it runs. */
  bytes: number;
}

/** The cost that the operator allows. */
export interface CostLimit {
  /** The longest pause; undefined means `LONGEST_UNASKED_MS`. */
  maxPauseMs: number | undefined;
  /** Whether limits are ignored. */
  force: boolean;
}

/** A step that costs too much, and the limit that it exceeds. `refusalText` words it. */
export interface Refusal {
  step: 'collection' | 'script-list' | 'snapshot' | 'native-makers';
  cost: Cost;
  exceeds: 'memory' | 'max-pause' | 'default-pause';
  /** In the unit of what is exceeded: bytes or milliseconds. */
  limit: number;
}

/** Health checks fail after some seconds of pause, so longer ones are the operator's decision. */
const LONGEST_UNASKED_MS = 8_000;

/** What is only needed to name a line that makes something outside V8's heap is not worth a longer pause, unless asked for. */
export const LONGEST_FOR_LINES_MS = 25;

/** How long a snapshot pauses the target for each byte of its heap. */
const SNAPSHOT_MS_PER_BYTE = 100e-6;

/**
 * A snapshot pauses the target and takes memory beside its heap, both in proportion to the heap. Measured: 6.4 s and 1.1 GB
 * for 79 MB, 20 s and 2.6 GB for 202 MB on Node 20; half the time, and 13 to 17 times the heap, on Node 26.
 */
export function snapshotCost(heapBytes: number): Cost {
  return { pauseMs: Math.round(heapBytes * SNAPSHOT_MS_PER_BYTE), bytes: 15 * heapBytes };
}

/** The largest heap whose snapshot pauses the target no longer than is allowed. */
export function affordableHeapBytes({ maxPauseMs, force }: CostLimit): number {
  return force ? Number.POSITIVE_INFINITY : (maxPauseMs ?? LONGEST_UNASKED_MS) / SNAPSHOT_MS_PER_BYTE;
}

/**
 * A full collection pauses the target for as long as it takes to mark the live heap. Measured on a busy machine: 65 ms
 * for 41 MB, 1.3 s for 383 MB. V8 also collects before it lists the scripts, which a walk begins with.
 */
export function collectionCost(heapBytes: number): Cost {
  return { pauseMs: Math.round(heapBytes * 3e-6), bytes: 0 };
}

/**
 * A breakpoint on a function that is not JavaScript, of V8 or of an addon, makes V8 go through the whole heap. Measured on
 * Node 20, in processor time: 1.6 ms for 5 MB, 42 ms for 200 MB. One on a function of JavaScript takes 0.3 ms.
 */
export function nativeBreakpointCost(heapBytes: number): Cost {
  return { pauseMs: Math.round(heapBytes * 210e-9), bytes: 0 };
}

/** Memory that the target may still take, by its cgroup and the machine. */
export async function availableBytes(session: InspectorSession): Promise<number> {
  const { result } = await session.post('Runtime.evaluate', {
    expression: `process.availableMemory?.() ?? (process.getBuiltinModule?.('os') ?? require('os')).freemem()`,
    includeCommandLineAPI: true,
    returnByValue: true,
  });
  return Number(result.value);
}

/**
 * Why a step is too expensive; null when it may be done.
 *
 * @param available memory that the target may still take, in bytes
 * @param unaskedMs the longest pause where the operator has set no limit
 */
export function refusalOf(
  step: Refusal['step'],
  cost: Cost,
  available: number,
  { maxPauseMs, force }: CostLimit,
  unaskedMs = LONGEST_UNASKED_MS,
): Refusal | null {
  if (force) return null;
  if (cost.bytes > available) return { step, cost, exceeds: 'memory', limit: available };
  if (maxPauseMs !== undefined && cost.pauseMs > maxPauseMs)
    return { step, cost, exceeds: 'max-pause', limit: maxPauseMs };
  if (maxPauseMs === undefined && cost.pauseMs > unaskedMs)
    return { step, cost, exceeds: 'default-pause', limit: unaskedMs };
  return null;
}

const STEPS: Record<Refusal['step'], string> = {
  collection: 'A forced collection',
  'script-list': 'Listing the scripts, which a walk needs and V8 collects for,',
  snapshot: 'A heap snapshot',
  'native-makers':
    'To watch each function of V8 or of an addon, such as Intl.DateTimeFormat, which names the line that calls it,',
};

/** A refusal in words: the cost, the limit, and the option that changes it. */
export function refusalText({ step, cost, exceeds, limit }: Refusal): string {
  const memory = cost.bytes > 0 ? ` and take about ${megabytes(cost.bytes)} of memory` : '';
  const quote = `${STEPS[step]} would stop the process for about ${seconds(cost.pauseMs)}${memory}.`;
  switch (exceeds) {
    case 'memory':
      return `${quote} Only ${megabytes(limit)} are free, so it was not done; --force does it anyway.`;
    case 'max-pause':
      return `${quote} --max-pause-ms allows ${seconds(limit)}, so it was not done.`;
    case 'default-pause':
      return `${quote} It was not done: allow it with --max-pause-ms or --force.`;
  }
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}
