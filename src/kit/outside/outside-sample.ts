import { statSync } from 'node:fs';
import { type DescriptorKind, descriptorsOf, openFilesLimit } from './counters.js';
import { procNames, procText } from './proc.js';

/**
 * What a process has open, and its resident set by the kinds that the kernel counts. It is the part of the ledger that
 * costs less than a millisecond, so that monitoring can read it at every sample.
 */
export interface OutsideSample {
  /** All open descriptors. */
  openFiles: number;
  /** Null without a limit. */
  openFilesLimit: number | null;
  /** The open descriptors by kind; null where there are so many that to look at each takes too long. */
  descriptors: Record<DescriptorKind, number> | null;
  threads: number;
  /** Child processes that the main thread started; null where the kernel does not list them. */
  children: number | null;
  /** Resident set: V8, malloc and all else that belongs to no file. */
  anonymousBytes: number;
  /** Resident set: libraries and mapped files. */
  fileBytes: number;
  /** Resident set: shared memory. */
  sharedBytes: number;
}

/** Measured on a busy machine: 0.13 ms with 22 descriptors, 1.02 ms with 222, 0.03 ms where they are only counted. */
const MOST_DESCRIPTORS = 100;
const KIB = 1024;

/** Null where there is no `/proc`, or the process has ended. */
export function outsideSample(pid: number): OutsideSample | null {
  const status = procText(pid, 'status');
  if (!status) return null;
  const number = (field: string): number =>
    Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  const openFiles = countOpen(pid);
  if (openFiles === null) return null;
  const children = procText(pid, `task/${pid}/children`);
  return {
    openFiles,
    openFilesLimit: openFilesLimit(pid),
    descriptors: openFiles <= MOST_DESCRIPTORS ? (descriptorsOf(pid)?.counts ?? null) : null,
    threads: number('Threads'),
    children: children === null ? null : children.split(' ').filter(Boolean).length,
    anonymousBytes: number('RssAnon') * KIB,
    fileBytes: number('RssFile') * KIB,
    sharedBytes: number('RssShmem') * KIB,
  };
}

/** Since Linux 6.2 the size of the folder is the count, which is read in microseconds however many there are. */
export function countOpen(pid: number): number | null {
  try {
    const { size } = statSync(`/proc/${pid}/fd`);
    return size > 0 ? size : (procNames(pid, 'fd')?.length ?? null);
  } catch {
    return null;
  }
}
