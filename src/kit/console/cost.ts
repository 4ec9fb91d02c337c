import { freemem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { snapshotCost } from '../process/cost-limit.js';
import { formatBytes } from '../heap/index.js';
import { Problem } from '../problem.js';

/** A step that stops the service while it lasts. */
export type Step = 'live objects' | 'live objects and what they hold' | 'a heap snapshot' | 'a collection';

export interface StepCost {
  step: Step;
  /** How long the service answers nobody, in milliseconds. */
  pauseMs: number;
  /** What is needed beside what is in use: in all, and of that within the heap limit. */
  memoryBytes: number;
  heapBytes: number;
}

/** For each byte of heap in use, as measured at 100,000 and 1,000,000 users: `npm run bench -- console` measures again. */
const COSTS: Record<Exclude<Step, 'a heap snapshot'>, { pauseMs: number; memory: number; heap: number }> = {
  'live objects': { pauseMs: 6e-6, memory: 0.5, heap: 0.2 },
  'live objects and what they hold': { pauseMs: 8e-6, memory: 0.5, heap: 0.2 },
  'a collection': { pauseMs: 1.5e-6, memory: 0, heap: 0 },
};
/** What every step takes at least: V8 walks its own objects too. */
const LEAST_PAUSE_MS = 20;
/** Longer than this, and those who watch over the service end it. */
const LONGEST_PAUSE_MS = 10_000;

export interface Room {
  /** What the machine, or the container that the service runs in, has left. */
  memoryBytes: number;
  /** What V8 has left until it gives up. */
  heapBytes: number;
}

export function costOf(step: Step, heapUsedBytes: number): StepCost {
  if (step === 'a heap snapshot') {
    const { pauseMs, bytes } = snapshotCost(heapUsedBytes);
    return { step, pauseMs, memoryBytes: bytes, heapBytes: 0 };
  }
  const { pauseMs, memory, heap } = COSTS[step];
  return {
    step,
    pauseMs: LEAST_PAUSE_MS + pauseMs * heapUsedBytes,
    memoryBytes: memory * heapUsedBytes,
    heapBytes: heap * heapUsedBytes,
  };
}

export function roomNow(): Room {
  const { heap_size_limit, used_heap_size } = getHeapStatistics();
  const available: unknown = process.availableMemory?.();
  return {
    memoryBytes: typeof available === 'number' ? available : freemem(),
    heapBytes: heap_size_limit - used_heap_size,
  };
}

export function printCost({ step, pauseMs, memoryBytes }: StepCost): string {
  const pause = pauseMs < 950 ? `${Math.ceil(pauseMs / 100) / 10}` : String(Math.round(pauseMs / 1000));
  const memory = memoryBytes > 0 ? ` and takes ${formatBytes(memoryBytes)} meanwhile` : '';
  return `looking at ${step}: stops the service for about ${pause} s${memory}`;
}

/**
 * @throws Problem LEAK_LAB_TOO_EXPENSIVE when there is no room for it, or the service would be silent for too long.
 */
export function mustBeAffordable(cost: StepCost, room: Room, verb: string): void {
  const { memoryBytes, heapBytes, pauseMs } = cost;
  const short =
    memoryBytes > room.memoryBytes
      ? `there are ${formatBytes(room.memoryBytes)}`
      : heapBytes > room.heapBytes
        ? `it needs ${formatBytes(heapBytes)} of the heap, and ${formatBytes(room.heapBytes)} are left to its limit`
        : pauseMs > LONGEST_PAUSE_MS
          ? `longer than ${LONGEST_PAUSE_MS / 1000} s is too long to be silent`
          : undefined;
  if (short === undefined) return;
  throw new Problem(
    'LEAK_LAB_TOO_EXPENSIVE',
    `${printCost(cost)}: ${short}. ${verb} with { force: true } does it all the same`,
  );
}

/** Says what a step costs, and refuses what cannot be paid. */
export function pay(
  step: Step,
  { say, verb, force = false }: { say: (note: string) => void; verb: string; force?: boolean | undefined },
): void {
  const cost = costOf(step, getHeapStatistics().used_heap_size);
  if (!force) mustBeAffordable(cost, roomNow(), verb);
  say(printCost(cost));
}
