import type { HeapProfiler } from 'node:inspector';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import v8 from 'node:v8';
import { censusOf, type CensusEntry, type NestModules } from '../../census/index.js';
import { refusalOf, snapshotCost } from '../../process/cost-limit.js';
import { megabytes, type Pressure } from './pressure.js';

/** A leak is among the largest containers. The many small ones are the structure of the program. */
const MAX_CONTAINERS = 50;
/** A snapshot stops the process, and a supervisor may kill a process that does not answer for longer. */
const MAX_SNAPSHOT_MS = 30_000;

export type Container = Omit<CensusEntry, 'container'>;

export interface CrashEvidence {
  /** When it was written, as ISO 8601. */
  time: string;
  pid: number;
  uptimeSeconds: number;
  pressure: Pressure;
  /** Containers without a bound come first; of each kind, the largest first. */
  containers: Container[];
  /** Name of the allocation profile in the same folder, or why there is none. */
  allocations: string;
  /** Name of the heap snapshot in the same folder, or why there is none. */
  snapshot: string;
}

/**
 * The containers of Nest's providers: those without a bound first; of each kind, the largest first. This takes less than
 * 1 ms.
 */
export function suspectContainers(modules: NestModules): Container[] {
  return censusOf(modules)
    .map(({ name, owner, property, type, entries, bound }) => ({
      name,
      owner,
      property,
      type,
      entries,
      bound,
    }))
    .toSorted(
      (one, other) =>
        Number(one.bound !== null) - Number(other.bound !== null) || other.entries - one.entries,
    )
    .slice(0, MAX_CONTAINERS);
}

export interface CrashEvidenceOptions {
  folder: string;
  pressure: Pressure;
  containers: Container[];
  profile: HeapProfiler.SamplingHeapProfile | undefined;
  snapshot: boolean;
}

/**
 * Writes the evidence as JSON, with an allocation profile and a heap snapshot beside it.
 *
 * @returns the path of the JSON
 */
export async function writeCrashEvidence(options: CrashEvidenceOptions): Promise<string> {
  const { folder, pressure, containers, profile } = options;
  const time = new Date();
  const name = `leak-lab-${time.toISOString().replaceAll(/[:.]/g, '-')}-${process.pid}`;
  const path = (extension: string): string => join(folder, `${name}.${extension}`);
  await mkdir(folder, { recursive: true });
  const evidence: CrashEvidence = {
    time: time.toISOString(),
    pid: process.pid,
    uptimeSeconds: Math.round(process.uptime()),
    pressure,
    containers,
    allocations: profile ? `${name}.heapprofile` : 'not written: memory grew too fast for a profile',
    snapshot: 'not requested',
  };
  if (profile) await writeFile(path('heapprofile'), JSON.stringify(profile));
  // The JSON is written before the snapshot, because the snapshot may exhaust memory and end the process.
  await writeFile(path('json'), `${JSON.stringify(evidence, null, 2)}\n`);
  if (options.snapshot) {
    const refused = whyNoSnapshot();
    evidence.snapshot = refused ?? `${name}.heapsnapshot`;
    if (!refused) v8.writeHeapSnapshot(path('heapsnapshot'));
    await writeFile(path('json'), `${JSON.stringify(evidence, null, 2)}\n`);
  }
  return path('json');
}

/** Why a snapshot is too expensive; undefined if it may be taken. */
function whyNoSnapshot(): string | undefined {
  const refusal = refusalOf(
    'snapshot',
    snapshotCost(v8.getHeapStatistics().used_heap_size),
    process.availableMemory(),
    { maxPauseMs: MAX_SNAPSHOT_MS, force: false },
  );
  if (refusal === null) return undefined;
  const { cost, exceeds, limit } = refusal;
  return exceeds === 'memory'
    ? `not written: it would take about ${megabytes(cost.bytes)} of memory, and ${megabytes(limit)} are free`
    : `not written: it would stop the process for about ${seconds(cost.pauseMs)}, and the limit is ${seconds(limit)}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
