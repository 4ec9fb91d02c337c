import type { Diagnosis, Suspect } from '../../src/kit/diagnosis/result.js';
import { lessonFor } from '../../src/kit/diagnosis/naming/advice.js';

/** The unbounded Map, found. */
export function aSuspect(other: Partial<Suspect> = {}): Suspect {
  return {
    rank: 1,
    kind: 'container',
    owner: 'UsersModule › LeakyUserCache',
    name: 'UsersModule › LeakyUserCache.users (Map, 100,002 entries)',
    path: ['AppModule', 'UsersModule', 'LeakyUserCache', 'users'],
    type: 'Map',
    entries: 100_002,
    entriesPerRequest: 1,
    retainedBytes: 48_400_000,
    bytesPerRequest: 469,
    share: 0.97,
    allocatedAt: [{ function: 'load', file: 'src/users.service.ts', line: 34, column: 12 }],
    bound: null,
    sampleKeys: ['af01', 'be22'],
    lesson: lessonFor({ kind: 'container' }),
    ...other,
  };
}

export function aDiagnosis(other: Partial<Diagnosis> = {}): Diagnosis {
  return {
    target: { pid: 4711, urls: ['http://127.0.0.1:8000/users/random'], files: [], nodeVersion: 'v22.23.3' },
    verdict: {
      kind: 'leak',
      bytesPerRequest: { estimate: 483, low: 481, high: 485 },
      confidence: 0.999,
      requests: 60_000,
      rounds: 13,
      reason:
        'Memory grew by 483 bytes a request (481 to 485), steadily over the last 60,000 requests (13 readings).',
    },
    triage: { grows: 'heap', reason: 'The V8 heap takes 99 % of the growth.' },
    suspects: [aSuspect()],
    filling: [],
    notes: [],
    snapshot: null,
    timingsMs: { total: 31_200 },
    ...other,
  };
}
