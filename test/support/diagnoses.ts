import { adviceFor } from '../../src/kit/advice/index.js';
import type { Diagnosis, RuledOut, Suspect } from '../../src/kit/diagnosis/index.js';

/** The unbounded Map of the service, found. */
export function aSuspect(other: Partial<Suspect> = {}): Suspect {
  return {
    rank: 1,
    kind: 'container',
    owner: 'UsersModule › LeakyUserCache',
    name: 'UsersModule › LeakyUserCache.users (Map, 100,002 entries)',
    path: ['AppModule', 'UsersModule', 'LeakyUserCache', 'users'],
    type: 'Map',
    entries: 100_002,
    entriesPerWork: 1,
    retainedBytes: 48_400_000,
    bytesPerWork: 469,
    growthShare: 0.97,
    allocatedAt: [{ function: 'load', file: 'src/users.service.ts', line: 34, column: 12 }],
    bound: null,
    sampleKeys: ['af01', 'be22'],
    advice: adviceFor({ kind: 'container' }),
    ...other,
  };
}

/** A cache that fills towards its bound. */
export function aFillingCache(): RuledOut {
  const bound = { declaredBy: 'max', limit: 10_000, filled: 0.5 };
  const name = 'UsersModule › FixedUserCache.users (LRUCache, 5,000 entries)';
  return { ...aSuspect({ name, bound }), reason: { code: 'has-bound' } };
}

export function aDiagnosis(other: Partial<Diagnosis> = {}): Diagnosis {
  return {
    target: { pid: 4711, urls: ['http://127.0.0.1:8000/users/random'], files: [], nodeVersion: 'v22.23.3' },
    verdict: {
      kind: 'leak',
      unit: 'request',
      growthRate: { estimate: 483, low: 481, high: 485 },
      confidence: 0.999,
      work: 60_000,
      readings: 13,
      reason: { code: 'steady-growth' },
    },
    triage: { grows: 'heap', heapBytes: 29e6, arrayBuffersBytes: 0, externalBytes: 0, rssBytes: 31e6 },
    suspects: [aSuspect()],
    ruledOut: [],
    notes: [],
    snapshot: null,
    timingsMs: { total: 31_200 },
    ...other,
  };
}
