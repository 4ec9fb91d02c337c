import type { DeclaredBound } from '../census/index.js';
import type { ContainerCount } from './watch/container-watch.js';

/** What the kit understands of the figures that a tracked part gives. Any may be missing, and there may be others. */
export interface TrackedFigures {
  entries?: number;
  bytes?: number;
  /** The bound that it declares, in entries or in bytes; null or missing for none. */
  maxEntries?: number | null;
  maxBytes?: number | null;
  hits?: number;
  misses?: number;
  evictions?: number;
  /** Of a cache of another process: look-ups that it failed to answer. */
  failures?: number;
  /** Of the same: 1 while it is there, 0 while it is not. */
  up?: 0 | 1;
}

/** A tracked part that is looked things up in. Counts since the start of the process. */
export interface CacheFigures {
  name: string;
  hits: number;
  misses: number;
  evictions: number;
  /** Null for a cache in this process, which does not fail. */
  failures: number | null;
  up: number | null;
}

/** The part as a container, where it counts entries. */
export function containerOf(name: string, figures: TrackedFigures): ContainerCount | null {
  if (typeof figures.entries !== 'number') return null;
  return { name, type: 'tracked', entries: figures.entries, bound: boundOf(figures) };
}

/** The part as a cache, where it counts hits and misses. */
export function cacheOf(name: string, figures: TrackedFigures): CacheFigures | null {
  const { hits, misses, evictions = 0, failures = null, up = null } = figures;
  if (typeof hits !== 'number' || typeof misses !== 'number') return null;
  return { name, hits, misses, evictions, failures, up };
}

/** Of two bounds, the one that is nearer to full. */
function boundOf({ entries, bytes, maxEntries, maxBytes }: TrackedFigures): DeclaredBound | null {
  const bounds = [bound('maxEntries', maxEntries, entries), bound('maxBytes', maxBytes, bytes)];
  return bounds.flatMap((one) => one ?? []).toSorted((one, other) => other.filled - one.filled)[0] ?? null;
}

function bound(declaredBy: string, limit: number | null | undefined, used = 0): DeclaredBound | null {
  return limit ? { declaredBy, limit, filled: Math.min(1, used / limit) } : null;
}
