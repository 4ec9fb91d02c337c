import type { SuspectKind } from '../../advice/index.js';
import type { DeclaredBound } from '../../census/index.js';
import type { GrowthCode, RetainedBy, MemoryKind, SymbolName } from '../../outside/index.js';
import type { Rate, Verdict, VerdictKind } from '../../verdict/index.js';
import type { Member } from '../../members/index.js';
import type { BoundSign } from './bound-names.js';
import type { Note, Reason } from './notes.js';

export type { BoundSign } from './bound-names.js';
export type { SuspectKind } from '../../advice/index.js';
export type { DeclaredBound } from '../../census/index.js';

/** What work is counted in: requests that were sent, or seconds of existing traffic. */
export type WorkUnit = 'request' | 'second';

/** A line of code, in the author's own file where there is a source map. Lines and columns from 1. */
export interface CodePlace {
  function: string;
  file: string;
  line: number;
  column: number;
}

/** What a suspect was at one of several snapshots. */
export interface AtSnapshot {
  /** Null where nothing can be counted. */
  entries: number | null;
  retainedBytes: number;
}

/** A named owner of memory that grew (or, of one snapshot alone, of much memory). */
export interface Suspect {
  /** From 1: the one that explains most comes first. */
  rank: number;
  kind: SuspectKind;
  /** The owner, such as `UsersModule › LeakyUserCache`, or the file of a module variable. */
  owner: string;
  /** Its display name, with type and size, such as `UsersModule › LeakyUserCache.users (Map, 100,002 entries)`. */
  name: string;
  /** How it is retained: from a Nest module, a file or another named root down to it. */
  path: string[];
  /** Every step of the walk to it; absent for a suspect of a snapshot. */
  rawPath?: string[];
  /** The constructor of the retainer, such as `Map`. */
  type: string;
  /** How many entries it has now; null where nothing can be counted. */
  entries: number | null;
  /** Entries gained for each unit of work; null where no work was counted. */
  entriesPerWork: number | null;
  /** Retained size in bytes; null where that was not measured. */
  retainedBytes: number | null;
  /** Increase of the retained size since the earlier snapshot; absent without one. */
  gainedBytes?: number;
  /** Bytes gained for each unit of work; null where no work was counted. */
  bytesPerWork: number | null;
  /** 0 to 1: how much of the growth it accounts for; null where nothing grew or that is unknown. */
  growthShare: number | null;
  /** 0 to 1, of one snapshot alone: how much of the heap it retains. */
  heapShare?: number;
  /** At each of the snapshots, the oldest first; absent for one snapshot, or none. */
  inSnapshots?: AtSnapshot[];
  /** From one of its entries inwards to what takes most of it, such as `.notify()`, `view (PriceView)`; absent for a live process. */
  contents?: string[];
  /** Why it may be a cache that fills; absent for a live process, and where nothing says so. */
  boundSign?: BoundSign;
  /** Allocation sites, the largest first. */
  allocatedAt: CodePlace[];
  bound: DeclaredBound | null;
  /** The blocks of malloc that it takes, the most bytes first; absent where they were not looked at. */
  nativeBlocks?: NativeBlocks[];
  /** Some of its keys, where it has keys that are text: data of the program, and perhaps of its users. */
  sampleKeys?: string[];
  /** What the pattern is and what to try, in a sentence or two. */
  advice: string;
  /** Where it was found, if several processes or threads were measured. */
  foundIn?: FoundIn;
}

/** Blocks of malloc that become more: of one size, and of one kind as far as that can be seen. */
export interface NativeBlocks {
  /** Bytes of each, with the eight that malloc needs. */
  blockBytes: number;
  /** How many more there are for each unit of work. */
  perWork: number;
  bytesPerWork: number;
  /** Their class, where the symbols of a library have the table of virtual functions with which they begin. */
  type: SymbolName | null;
  /** Otherwise, the first class of which they have an object inside. */
  contains: SymbolName | null;
  /** Otherwise, the first function or variable of a library that they point to. */
  pointsTo: SymbolName | null;
  /** Where they are text, the beginning of one: data of the program, and perhaps of its users. */
  sampleText: string | null;
  /** What points to them, in the end; null where that was not searched. */
  retainedBy: RetainedBy | null;
}

/** The process or thread of a service that was walked. */
export interface FoundIn {
  pid: number;
  /** Such as `cluster worker 2`. */
  name: string;
  /** Others that run the same and leak as well; only this one was walked. */
  alike: number;
}

/** One process or worker thread of the service, as it was measured. */
export interface ProcessResult extends Member {
  /** Requests that it answered while it was measured; null where that could not be counted. */
  answered: number | null;
  /** Live bytes at the last reading. */
  liveBytes: number | null;
  /** Null where it was not measured to the end. */
  verdict: Verdict<Reason> | null;
}

/** Why something that grew is not a suspect. */
export type RuledOutReason =
  /** It declares a bound, or its code compares its size with one. */
  | { code: 'has-bound' }
  /** A number beside it goes down as it goes up, or stays above it. */
  | { code: 'approaches-limit' }
  /** Its oldest entries expire in so many milliseconds; below zero where they wait for the next cleanup. */
  | { code: 'not-expired-yet'; inMs: number }
  /** A timer empties it, with a period longer than the measurement. */
  | { code: 'cleaned-by-timer' }
  /** It has far fewer entries than it took. */
  | { code: 'was-emptied' }
  /** Its entries repeat: each step of the same work adds fewer. */
  | { code: 'slows-down'; before: number; after: number }
  /** Of several snapshots: it gained so much from each to the next, and nothing in the end. */
  | { code: 'stopped-growing'; gained: number[]; of: 'entries' | 'bytes' }
  /** Of several snapshots: it lost a good part of what it gained. */
  | { code: 'gives-back'; gained: number[]; of: 'entries' | 'bytes' }
  /** So many of several containers at one place were replaced between the walks, with what they had. */
  | { code: 'replaced'; containers: number }
  /** Of snapshots with the same ids: so much that was in it has gone, for what came. */
  | { code: 'turns-over'; cameBytes: number; wentBytes: number }
  /** Its code removes entries by their age, and this share of the growth was given back within that time. */
  | { code: 'ages'; share: number; afterMs: number }
  /** It grows entry by entry with something that was ruled out. */
  | { code: 'grows-with'; name: string };

/** A container that grew and is not a suspect. */
export interface RuledOut extends Suspect {
  reason: RuledOutReason;
}

/** Which memory grew, over the second half of the measurement: the warm-up is over by then. */
export interface Triage {
  grows: 'heap' | 'external' | 'array buffers' | 'outside V8' | 'nothing';
  heapBytes: number;
  arrayBuffersBytes: number;
  /** External memory without array buffers. */
  externalBytes: number;
  rssBytes: number;
}

/** How memory outside V8's heap, and what the process has open, changed during the measurement. */
export interface LedgerChange {
  /** The resident set by kind, without kinds of which there is none; empty where that was not read. */
  memory: { kind: MemoryKind; firstRssBytes: number; lastRssBytes: number; lastPssBytes: number }[];
  /** The resident set by kind at each reading at which it was read, in the order of work. */
  readings: { work: number; rssBytes: Partial<Record<MemoryKind, number>> }[];
  /** Blocks of malloc in use and free; null where they could not be read. */
  malloc: { first: MallocFigures; last: MallocFigures } | null;
  /** Each series that was judged: counters such as `files`, and memory in bytes. */
  growths: {
    code: GrowthCode;
    first: number;
    last: number;
    kind: VerdictKind;
    /** Per unit of work; null where there are too few readings. */
    perWork: Rate | null;
  }[];
}

export interface MallocFigures {
  inUseBytes: number;
  freeBytes: number;
  /** Blocks in use. */
  blocks: number;
}

/** Memory by work done: what the verdict rests on. */
export interface Trend {
  unit: WorkUnit;
  readings: { work: number; bytes: number }[];
}

/** Live bytes before and after the first suspect was cleared. */
export interface ClearResult {
  suspect: string;
  beforeBytes: number;
  afterBytes: number;
}

/** What a diagnosis found, as data: `diagnosisJson` publishes it, and `words.ts` has its sentences. */
export interface Diagnosis {
  target: { pid: number | null; urls: string[]; files: string[]; nodeVersion: string | null };
  /** Null where files were read: nothing was measured over time. */
  verdict: Verdict<Reason> | null;
  /** What the service is made of, the largest role first; absent where files were read. */
  processes?: ProcessResult[];
  /** Absent where files were read. */
  trend?: Trend;
  /** Null where files were read. */
  triage: Triage | null;
  /** Absent where files were read, or the system does not tell. */
  outside?: LedgerChange;
  /** Empty unless the verdict is a leak, or files were read. */
  suspects: Suspect[];
  /** The functions that allocate the live bytes, the largest first; absent where that was not sampled. */
  allocatedAt?: CodePlace[];
  ruledOut: RuledOut[];
  notes: Note[];
  /** Where clearing the first suspect was asked for and done. */
  clearResult?: ClearResult;
  snapshot: { bytes: number; nodes: number; edges: number } | null;
  timingsMs: Record<string, number>;
}
