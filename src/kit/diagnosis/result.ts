import type { Verdict } from '../verdict/index.js';

/** What kind of thing holds the memory; each has a lesson of its own. */
export const suspectKinds = [
  'container',
  'listeners',
  'timers',
  'closures',
  'promises',
  'finalizers',
  'buffers',
  'objects',
] as const;
export type SuspectKind = (typeof suspectKinds)[number];

/** A line of somebody's program, in the author's own file where there is a source map. Lines and columns from 1. */
export interface CodePlace {
  function: string;
  file: string;
  line: number;
  column: number;
}

/** What an owner says it keeps at most. */
export interface DeclaredBound {
  /** The property that says so, such as `max`. */
  declaredBy: string;
  /** In entries, or in the owner's own units where it counts sizes. */
  limit: number;
  /** 0…1: how much of it is used. */
  filled: number;
}

/** Somebody named who holds memory that grew (or, of one snapshot alone, much memory). */
export interface Suspect {
  /** From 1: the one that explains most comes first. */
  rank: number;
  kind: SuspectKind;
  /** Who holds it, such as `UsersModule › LeakyUserCache`, or the file of a module variable. */
  owner: string;
  /** The line a person would say aloud, such as `UsersModule › LeakyUserCache.users (Map, 100,002 entries)`. */
  name: string;
  /** How it is held: from a module of Nest, a file or what else has a name in the program, down to it. */
  path: string[];
  /** Every step that the walk took to it; absent where a snapshot was asked. */
  rawPath?: string[];
  /** The constructor of what holds, such as `Map`. */
  type: string;
  /** How many it holds now; null where nothing can be counted. */
  entries: number | null;
  /** Entries gained for each request (or second); null where no work was counted. */
  entriesPerRequest: number | null;
  /** What would be free if it were gone; null where that was not measured. */
  retainedBytes: number | null;
  /** What it retains more than at the mark before; absent where there was none. */
  gainedBytes?: number;
  bytesPerRequest: number | null;
  /** 0…1: how much of the growth (of one snapshot: of the heap) it accounts for; null where unknown. */
  share: number | null;
  /** The lines that allocate what stays, most first. */
  allocatedAt: CodePlace[];
  bound: DeclaredBound | null;
  /** Some of its keys, where it has keys that are text: data of the program, and perhaps of its users. */
  sampleKeys?: string[];
  /** What the pattern is and what to try, in a sentence or two. */
  lesson: string;
}

/** Memory by work done: what the verdict rests on. */
export interface Trend {
  unit: 'request' | 'second';
  readings: { work: number; bytes: number }[];
}

/** What `diagnose --json` writes. */
export interface Diagnosis {
  target: { pid: number | null; urls: string[]; files: string[]; nodeVersion: string | null };
  /** Null where files were read: nothing was measured over time. */
  verdict: Verdict | null;
  /** The readings, for a chart; absent where files were read. */
  trend?: Trend;
  /** Which memory grew; null where files were read. */
  triage: {
    grows: 'heap' | 'external' | 'array buffers' | 'outside V8' | 'nothing';
    reason: string;
  } | null;
  /** Those to blame. Empty when the verdict is bounded. */
  suspects: Suspect[];
  /** The functions that allocate what stays, most first; absent where that was not sampled. */
  allocatedAt?: CodePlace[];
  /** Containers that grew towards a bound they declare: reported, not blamed. */
  filling: Suspect[];
  /** What was looked at by each means, what was refused and why, what stays unexplained: sentences. */
  notes: string[];
  /** What memory was before and after the first suspect was emptied, where that was asked for. */
  proof?: { suspect: string; beforeBytes: number; afterBytes: number };
  snapshot: { bytes: number; nodes: number; edges: number } | null;
  timingsMs: Record<string, number>;
}
