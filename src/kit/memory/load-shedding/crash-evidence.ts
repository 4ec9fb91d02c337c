import type { HeapProfiler } from 'node:inspector';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import v8 from 'node:v8';
import { censusOf, type CensusEntry, type NestModules } from '../../census/index.js';
import { refusalOf, refusalText, snapshotCost } from '../../process/cost-limit.js';
import type { Pressure } from './pressure.js';

/** A census names the leak among the largest; the rest is the program's structure. */
const CONTAINERS = 50;
/** Nobody is served while a snapshot is written, and whoever supervises the process loses patience. */
const LONGEST_SNAPSHOT_MS = 30_000;

export type Container = Omit<CensusEntry, 'container'>;

export interface Evidence {
  time: string;
  pid: number;
  uptimeSeconds: number;
  pressure: Pressure;
  /** The largest first: those without a bound before the others. */
  containers: Container[];
  /** The files beside this one, or why there is none. */
  allocations: string;
  snapshot: string;
}

/** The containers that Nest's providers hold, the suspicious ones first. Takes under a millisecond. */
export function suspects(modules: NestModules): Container[] {
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
    .slice(0, CONTAINERS);
}

export interface EvidenceOptions {
  folder: string;
  pressure: Pressure;
  containers: Container[];
  profile: HeapProfiler.SamplingHeapProfile | undefined;
  snapshot: boolean;
}

/** Writes what is cheap to keep, and the snapshot where it was asked for and can be paid. @returns the JSON's path. */
export async function writeEvidence(options: EvidenceOptions): Promise<string> {
  const { folder, pressure, containers, profile } = options;
  const time = new Date();
  const name = `leak-lab-${time.toISOString().replaceAll(/[:.]/g, '-')}-${process.pid}`;
  const path = (extension: string): string => join(folder, `${name}.${extension}`);
  await mkdir(folder, { recursive: true });
  const evidence: Evidence = {
    time: time.toISOString(),
    pid: process.pid,
    uptimeSeconds: Math.round(process.uptime()),
    pressure,
    containers,
    allocations: profile ? `${name}.heapprofile` : 'not profiled: memory filled up too fast',
    snapshot: 'not asked for',
  };
  if (profile) await writeFile(path('heapprofile'), JSON.stringify(profile));
  // First without it: nothing is as likely to be the end of a process that is short of memory.
  await writeFile(path('json'), `${JSON.stringify(evidence, null, 2)}\n`);
  if (options.snapshot) {
    const refused = whyNoSnapshot();
    evidence.snapshot = refused ?? `${name}.heapsnapshot`;
    if (!refused) v8.writeHeapSnapshot(path('heapsnapshot'));
    await writeFile(path('json'), `${JSON.stringify(evidence, null, 2)}\n`);
  }
  return path('json');
}

/** What a snapshot costs, where that is more than there is; undefined where it may be taken. */
function whyNoSnapshot(): string | undefined {
  const cost = snapshotCost(v8.getHeapStatistics().used_heap_size);
  const refusal = refusalOf('snapshot', cost, process.availableMemory(), {
    maxPauseMs: LONGEST_SNAPSHOT_MS,
    force: false,
  });
  return refusal === null ? undefined : refusalText(refusal);
}
