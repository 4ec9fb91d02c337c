import type { WorkUnit } from '../model/result.js';

/** What is known of the time between the two walks, and of the whole measurement. */
export interface BetweenWalks {
  /** Growth by the verdict, for each unit of work. */
  bytesPerWork: number;
  unit: WorkUnit;
  /** Work between the two walks. */
  work: number;
  /** Work between the first sample and the second walk. */
  workInAll: number;
  heapLimitBytes: number;
  /** Live bytes at the last sample, with what was expected to come since: nothing retains more. */
  liveBytes: number;
  /** Time since the first sample. */
  measuredMs: number;
  /** Whether the second walk came after several periods of what moves entries in batches. */
  isOverPeriods?: boolean;
}

/** Growth between the two walks, in bytes. Never less than 1, so that shares are finite. */
export function grownBytes({ bytesPerWork, work }: BetweenWalks): number {
  return Math.max(1, bytesPerWork * work);
}
