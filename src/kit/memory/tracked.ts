import type { DeclaredBound } from '../census/index.js';
import type { ContainerCount } from './watch/container-watch.js';

/** Figures of a tracked part that become metrics. Any may be missing; others appear in `GET /memory` only. */
export interface TrackedFigures {
  entries?: number;
  bytes?: number;
  /** The declared bound, in entries or in bytes; null or missing if there is none. */
  maxEntries?: number | null;
  maxBytes?: number | null;
  hits?: number;
  misses?: number;
  evictions?: number;
  /** For a cache in another process: lookups that it failed to answer. */
  failures?: number;
  /** For a cache in another process: 1 if it is available, 0 if not. */
  up?: 0 | 1;
}

/** A tracked part that counts hits and misses. Counts are since the start of the process. */
export interface CacheFigures {
  name: string;
  hits: number;
  misses: number;
  evictions: number;
  /** Null for a cache in this process, which cannot fail. */
  failures: number | null;
  up: number | null;
}

/** The part as a container; null if it does not count entries. */
export function containerOf(name: string, figures: TrackedFigures): ContainerCount | null {
  if (typeof figures.entries !== 'number') return null;
  return { name, type: 'tracked', entries: figures.entries, bound: boundOf(figures) };
}

/** The part as a cache; null if it does not count hits and misses. */
export function cacheOf(name: string, figures: TrackedFigures): CacheFigures | null {
  const { hits, misses, evictions = 0, failures = null, up = null } = figures;
  if (typeof hits !== 'number' || typeof misses !== 'number') return null;
  return { name, hits, misses, evictions, failures, up };
}

/** The bound that is nearer to full. */
function boundOf({ entries, bytes, maxEntries, maxBytes }: TrackedFigures): DeclaredBound | null {
  const bounds = [bound('maxEntries', maxEntries, entries), bound('maxBytes', maxBytes, bytes)];
  return bounds.flatMap((one) => one ?? []).toSorted((one, other) => other.filled - one.filled)[0] ?? null;
}

function bound(declaredBy: string, limit: number | null | undefined, used = 0): DeclaredBound | null {
  return limit ? { declaredBy, limit, filled: Math.min(1, used / limit) } : null;
}
