import { getHeapStatistics } from 'node:v8';
import { snapshotCost } from '../process/cost-limit.js';
import { formatBytes } from '../heap/index.js';
import { Problem } from '../problem.js';

/** A step that pauses the service. */
export type Step = 'live-objects' | 'live-objects-and-dictionaries' | 'snapshot' | 'collection';

export interface StepCost {
  step: Step;
  /** How long the service answers no request. */
  pauseMs: number;
  /** Memory that the step takes beside what is in use. */
  memoryBytes: number;
  /** The part of it within V8's heap limit. */
  heapBytes: number;
}

/** Per byte of heap in use, measured at 100,000 and 1,000,000 users (`npm run bench -- console`). */
const COSTS: Record<Exclude<Step, 'snapshot'>, { pauseMs: number; memory: number; heap: number }> = {
  'live-objects': { pauseMs: 6e-6, memory: 0.5, heap: 0.2 },
  'live-objects-and-dictionaries': { pauseMs: 8e-6, memory: 0.5, heap: 0.2 },
  collection: { pauseMs: 1.5e-6, memory: 0, heap: 0 },
};
/** The least pause of any step: V8 also visits its own objects. */
const SHORTEST_PAUSE_MS = 20;
/** After a longer pause, health checks restart the service. */
const LONGEST_PAUSE_MS = 10_000;

/** Memory that is free for a step. */
export interface FreeMemory {
  /** Of the machine, or of the container that the service runs in. */
  memoryBytes: number;
  /** Below V8's heap limit. */
  heapBytes: number;
}

export function estimateCost(step: Step, heapUsedBytes: number): StepCost {
  if (step === 'snapshot') {
    const { pauseMs, bytes } = snapshotCost(heapUsedBytes);
    return { step, pauseMs, memoryBytes: bytes, heapBytes: 0 };
  }
  const { pauseMs, memory, heap } = COSTS[step];
  return {
    step,
    pauseMs: SHORTEST_PAUSE_MS + pauseMs * heapUsedBytes,
    memoryBytes: memory * heapUsedBytes,
    heapBytes: heap * heapUsedBytes,
  };
}

export function freeMemory(): FreeMemory {
  const { heap_size_limit, used_heap_size } = getHeapStatistics();
  return { memoryBytes: process.availableMemory(), heapBytes: heap_size_limit - used_heap_size };
}

const STEPS: Record<Step, string> = {
  'live-objects': 'Finding the live objects',
  'live-objects-and-dictionaries': 'Finding the live objects, with those that have no prototype,',
  snapshot: 'A heap snapshot',
  collection: 'A forced collection',
};

/** `A heap snapshot pauses the service for about 3 s and takes 270 MB of memory.` */
export function costText({ step, pauseMs, memoryBytes }: StepCost): string {
  const pause = pauseMs < 950 ? `${Math.ceil(pauseMs / 100) / 10}` : String(Math.round(pauseMs / 1000));
  const memory = memoryBytes > 0 ? ` and takes ${formatBytes(memoryBytes)} of memory` : '';
  return `${STEPS[step]} pauses the service for about ${pause} s${memory}.`;
}

/**
 * @param verb the verb that was called, as a person types it
 * @throws Problem LEAK_LAB_TOO_EXPENSIVE when the memory is not free, or the pause is longer than 10 s
 */
export function requireCheap(cost: StepCost, free: FreeMemory, verb: string): void {
  const excess = excessText(cost, free);
  if (excess === null) return;
  throw new Problem(
    'LEAK_LAB_TOO_EXPENSIVE',
    `${costText(cost)} ${excess} Call ${verb} with { force: true } to do it anyway.`,
  );
}

function excessText({ memoryBytes, heapBytes, pauseMs }: StepCost, free: FreeMemory): string | null {
  if (memoryBytes > free.memoryBytes) return `Only ${formatBytes(free.memoryBytes)} are free.`;
  if (heapBytes > free.heapBytes)
    return `It takes ${formatBytes(heapBytes)} of the heap, and ${formatBytes(free.heapBytes)} are left below the heap limit.`;
  if (pauseMs > LONGEST_PAUSE_MS) return `The longest pause allowed is ${LONGEST_PAUSE_MS / 1000} s.`;
  return null;
}

/**
 * Tells the person what a step costs before it begins.
 *
 * @throws Problem LEAK_LAB_TOO_EXPENSIVE, unless `force` is set
 */
export function announceCost(
  step: Step,
  {
    notify,
    verb,
    force = false,
  }: { notify: (note: string) => void; verb: string; force?: boolean | undefined },
): void {
  const cost = estimateCost(step, getHeapStatistics().used_heap_size);
  if (!force) requireCheap(cost, freeMemory(), verb);
  notify(costText(cost));
}
