import type { Suspect } from '../diagnosis/index.js';
import type { Rate } from '../verdict/index.js';

/** The part of a suspect that a fix needs: that of a diagnosis, or of its JSON. */
export type SuspectFacts = Pick<
  Suspect,
  'rank' | 'kind' | 'owner' | 'name' | 'path' | 'rawPath' | 'type' | 'allocatedAt' | 'advice'
>;

export type PatternName = (typeof patternNames)[number];

/** In the order in which they are tried: what is the more particular comes first. */
export const patternNames = [
  'delete-in-finally',
  'copied-slice',
  'copied-view',
  'request-scoped',
  'raced-promise',
  'finalizer-held',
  'shared-scope',
  'hoisted',
  'ended-after-answer',
  'ended-handle',
  'abort-any',
  'subscription-in-pipe',
  'ended-resource',
  'bounded-log',
  'bounded-cache',
] as const;

/** What a function may start, and nothing end. */
export type ResourceKind = 'listener' | 'interval' | 'timeout' | 'subscription';

/** What is outside V8's heap, and is there until it is ended. */
export type HandleNoun =
  | 'file'
  | 'stream'
  | 'socket'
  | 'worker'
  | 'child process'
  | 'TLS context'
  | 'WebAssembly memory'
  | 'shared buffer';

/** What has to be true for a patch to be right, which syntax cannot prove. */
export type Assumption =
  /** A key that is not in the cache is loaded again. */
  | { code: 'loads-again'; file: string; line: number }
  /** Loading a key again gives the same value. */
  | { code: 'loads-the-same'; by: string }
  /** The bound is enough for the entries that are in use. */
  | { code: 'bound-is-enough'; constant: string; maxEntries: number }
  | { code: 'oldest-first' }
  | { code: 'keys-are-text' }
  /** Two keys with the same fields mean the same. */
  | { code: 'keys-by-value' }
  | { code: 'serves-several'; name: string }
  | { code: 'entry-ends-with-load'; line: number }
  /** Only the latest entries are needed where they are read. */
  | { code: 'latest-are-enough'; constant: string; maxEntries: number; line: number }
  | { code: 'nothing-reads'; container: string }
  | { code: 'shift-is-cheap'; maxEntries: number }
  | { code: 'nobody-writes-through'; line: number }
  | { code: 'is-well-formed'; line: number }
  | { code: 'ends-with-connection'; what: ResourceKind; connection: string }
  | { code: 'ends-with-function'; what: ResourceKind | HandleNoun; line: number }
  /** It has done everything when line `at` has what it waits for. */
  | { code: 'is-done'; what: HandleNoun; line: number; at: number }
  | { code: 'view-is-copied'; line: number }
  | { code: 'called-for-each-signal' }
  | { code: 'fields-stay'; fields: string[] }
  | { code: 'only-this-promise'; name: string }
  | { code: 'request-ends-with'; method: string };

/** Why no patch is offered. */
export type DeclinedReason =
  | { code: 'not-in-your-source' }
  | { code: 'owner-not-found'; name: string }
  | { code: 'several-owners'; name: string; count: number }
  /** A package has several builds of what leaks, and which of them runs is not known. */
  | { code: 'several-builds'; files: string[] }
  | { code: 'does-not-parse'; file: string; line: number; message: string }
  | { code: 'no-pattern'; kind: string }
  | { code: 'is-bounded'; line: number }
  | { code: 'escapes'; container: string; line: number }
  | { code: 'used-elsewhere'; container: string; file: string; line: number }
  | { code: 'has-initial-entries'; container: string; line: number }
  | { code: 'is-replaced'; container: string; line: number }
  | { code: 'stored-anyway'; container: string; line: number }
  | { code: 'default-on-miss'; container: string; line: number }
  | { code: 'leaves-early'; container: string; line: number }
  | { code: 'never-read'; container: string }
  | { code: 'only-copy'; container: string; line: number }
  | { code: 'miss-is-an-error'; container: string; line: number }
  | { code: 'entries-change'; container: string; line: number }
  /** The same, by what a function hands out. */
  | { code: 'changed-elsewhere'; container: string; file: string; line: number }
  | { code: 'entries-are-made'; container: string; line: number }
  | { code: 'loads-differ'; by: string; line: number }
  /** Neither its name nor its code says that it only loads. */
  | { code: 'may-do-more'; by: string; line: number }
  | { code: 'is-listed'; container: string; line: number }
  /** The functions that hand out its entries are there, and nothing that calls them was found. */
  | { code: 'callers-not-found'; container: string; line: number }
  /** A caller of them does not load what it did not get. */
  | { code: 'caller-keeps-nothing'; container: string; file: string; line: number }
  /** What is stored at the line is not what is loaded where an entry is missing. */
  | { code: 'stores-something-else'; container: string; file: string; line: number }
  | { code: 'remembers-seen'; container: string; line: number }
  | { code: 'used-after'; name: string; line: number }
  | { code: 'follows-from-request'; name: string; line: number }
  | { code: 'belongs-to-request'; name: string; line: number }
  /** What it is made of is read each time, or declared further down. */
  | { code: 'reads-anew' | 'declared-later'; name: string; line: number }
  | { code: 'is-emptied'; container: string; line: number }
  | { code: 'is-looked-up'; container: string; line: number }
  | { code: 'position-is-used'; container: string; line: number }
  | { code: 'may-be-data'; container: string; line: number }
  | { code: 'several-places'; lines: number[] }
  | { code: 'ended-elsewhere'; what: ResourceKind | HandleNoun; line: number; other: number }
  | { code: 'handle-is-used'; what: ResourceKind; line: number }
  /** What a listener listens to is made by the same function, so that it is no more than a part of the leak. */
  | { code: 'listens-to-its-own'; line: number; name: string; other: number }
  | { code: 'outlives-function'; what: ResourceKind | HandleNoun; line: number }
  /** Other code gets it, and may use or end it: `at` is the line. */
  | {
      code: 'handle-is-returned' | 'handle-is-kept' | 'handle-is-given';
      what: HandleNoun;
      line: number;
      at: number;
    }
  | { code: 'handle-has-no-name'; what: HandleNoun; line: number }
  | { code: 'waits-for-its-end'; what: HandleNoun; line: number }
  | { code: 'starts-on-a-condition'; what: ResourceKind | HandleNoun; line: number }
  | { code: 'ends-at-once'; what: ResourceKind; line: number }
  | { code: 'signal-is-shared'; line: number }
  | { code: 'held-is-target'; line: number }
  | { code: 'captured-beside'; line: number; other: number }
  | { code: 'several-handlers'; line: number }
  | { code: 'uses-more-of-scope'; line: number }
  | { code: 'needs-lru-cache'; container: string; line: number }
  | { code: 'type-errors'; count: number; first: string }
  | { code: 'tests-fail'; command: string; output: string }
  | { code: 'tests-fail-already'; command: string; output: string }
  | { code: 'patched-already'; rank: number; file: string }
  | { code: 'edit-broke-syntax'; message: string };

export interface Patch {
  pattern: PatternName;
  /** Absolute. */
  file: string;
  before: string;
  after: string;
  /** What the patch does, as data. */
  does: Done;
  assumptions: Assumption[];
}

export type Done =
  | { code: 'bounded-with-lru'; container: string; constant: string; maxEntries: number }
  | {
      code: 'bounded-oldest-first';
      container: string;
      constant: string;
      maxEntries: number;
      /** Whether it was an object. */
      becomesMap: boolean;
    }
  | { code: 'delete-moved-into-finally'; container: string; line: number }
  | { code: 'bounded-list'; container: string; constant: string; maxEntries: number }
  | { code: 'slice-copied'; container: string; type: 'Buffer' | 'string'; line: number }
  | { code: 'ended'; what: ResourceKind | HandleNoun; line: number; on: string }
  | { code: 'view-copied'; line: number }
  | { code: 'held-fields'; fields: string[]; line: number }
  | { code: 'race-forgets'; helper: string; line: number }
  | { code: 'hook-moved'; hook: string; method: string; line: number }
  | { code: 'made-once'; name: string; line: number }
  | { code: 'closure-made-apart'; name: string; line: number };

/** What a pattern says: patches, the best first; or why there is none; or null where the code is not of its kind. */
export type Attempt = { patches: Patch[] } | { declined: DeclinedReason } | null;

/** What the comparison of the project before and after its patches said. */
export interface Proof {
  isProved: boolean;
  kind: 'fixed' | 'improved' | 'unchanged' | 'regressed' | 'unsettled';
  /** 0 to 1. */
  confidence: number;
  text: string;
  /** How many requests each version got. */
  requests: number;
  /** Growth rates in bytes per request. */
  before: Rate | null;
  after: Rate | null;
}

/** A test that was seen to fail before the patch and to pass after it. */
export interface RegressionTest {
  /** Absolute. */
  file: string;
  runner: 'vitest' | 'jest' | 'node:test';
  text: string;
}

export interface NoRegressionTest {
  because: 'not-installed' | 'replayed' | 'passes-before' | 'fails-after';
  /** What the test printed, where it was run. */
  output?: string;
}
