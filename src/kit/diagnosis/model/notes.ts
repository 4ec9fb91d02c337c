import type { Refusal } from '../../process/cost-limit.js';
import type { Allocator, LedgerPart, LimitCode, OutsideReason } from '../../outside/index.js';
import type { Rate, Reason as VerdictReason, Unit, VerdictKind } from '../../verdict/index.js';
import type { BoundSign } from './bound-names.js';

/** The stages of a diagnosis that can fail without ending it. */
export type StageName = 'probe' | 'walk' | 'verify' | 'snapshots' | 'outside' | 'clear';

/** What built a script, by which option it would have a source map. */
export type BuiltBy = 'next' | 'nitro' | 'astro' | 'vite' | 'webpack' | 'other';

/** Why a verdict is what it is: by the statistics, or by what the diagnosis knows beyond one series of readings. */
export type Reason = VerdictReason | DiagnosisReason;

/** Why a measurement ended before its verdict. */
export type EndedBecause = 'interrupted' | 'process-ended' | 'no-answer';

export type DiagnosisReason =
  /** The measurement ended before its verdict. `grows`: whether the statistics alone call it a leak. */
  | {
      code: 'ended-early';
      because: EndedBecause;
      readings: number;
      work: number;
      firstBytes: number;
      lastBytes: number;
      grows: boolean;
    }
  /** The existing traffic stopped while it was measured. */
  | { code: 'traffic-stopped' }
  /** No collection may be forced, and V8 made too few of its own. */
  | { code: 'too-few-collections'; collections: number; needed: number; seconds: number }
  /** Memory came back while the target rested. */
  | { code: 'given-back'; share: number; afterMs: number }
  | OutsideReason
  /** Memory grew while it was measured, and hardly while its cause was sought. */
  | { code: 'growth-stopped'; expectedBytes: number; grownBytes: number }
  /** What grew is ruled out. */
  | { code: 'explained-by-ruled-out'; share: number; names: string[] }
  /** What grew most gains no entries, and something beside it says that it forgets them. */
  | { code: 'may-fill'; name: string; share: number; sign: BoundSign }
  /** No process that was measured answered the requests, or only some of them. */
  | { code: 'did-not-work'; answered: number; work: number; by: number[] }
  /** Nothing used the target while it was watched. */
  | { code: 'idle'; work: number }
  /** One part of several seems to leak, and not surely enough for the chance that one of so many does by noise. */
  | { code: 'not-sure-enough'; parts: number; confidence: number }
  /** Each part is bounded by itself, and all together grow, by the rate of the verdict. */
  | { code: 'grows-together'; parts: number }
  /** A part of the service could not be measured to the end. */
  | { code: 'part-not-measured'; names: string[] }
  /**
   * What fills explains most of the growth; beside it, one container without a bound goes on as it began. `names` is empty
   * where what filled takes nothing more: the growth slowed down, and that container is what is left of it.
   */
  | { code: 'goes-on-beside'; bytesPerWork: number; entriesPerWork: number; names: string[] }
  /** The slope is uneven; one container without a bound grows evenly and explains it. */
  | { code: 'even-container'; bytesPerWork: number; entriesPerWork: number }
  /** The slope is flat between steps; one buffer without a bound doubles, each time after twice the work. */
  | { code: 'doubles'; bytesPerWork: number };

/** What a person should know beside the verdict and the suspects, as data. `noteText` words it. */
export type Note =
  /** The process that was named only starts others. */
  | { code: 'started-by'; launcher: number; names: string[] }
  | { code: 'process-not-reached'; name: string; message: string }
  | { code: 'process-ended'; name: string }
  /** A worker thread did not answer, so that whether its heap grows is not known. */
  | { code: 'thread-silent'; name: string; message: string }
  | { code: 'gc-refused'; refusal: Refusal }
  | { code: 'gc-not-forced' }
  /** Load was ended, or made small, because the heap came near its limit. */
  | { code: 'near-heap-limit'; heapBytes: number; limitBytes: number }
  /** Load was ended because the process came near another limit: what it uses of it, and what is left. */
  | { code: 'near-limit'; limit: Exclude<LimitCode, 'heap'>; used: number; free: number }
  | { code: 'workers-not-measured'; workers: number; isBounded: boolean }
  | { code: 'stage-failed'; stage: StageName; message: string }
  | { code: 'walk-refused'; refusal: Refusal }
  /** Functions that are not JavaScript were not watched, so that a line that calls one is not named. */
  | { code: 'makers-refused'; refusal: Refusal }
  | { code: 'lexical-this-captured' }
  /** Names and lines of a suspect are those of a minified bundle. */
  | { code: 'no-source-map'; file: string; builtBy: BuiltBy }
  | { code: 'walked'; objects: number; functions: number; containers: number; longestSliceMs: number }
  /** The walk left out a part of the program, because it would have taken too long. */
  | { code: 'walk-narrowed'; objects: number; functions: number; ended: boolean }
  /** The first measurement was unsettled, and a second one showed that nothing grows any more. */
  | { code: 'measured-again'; because: Reason['code'] }
  /** The first measurement was unsettled, and a second one did not show that growth has ended: what it gave. */
  | { code: 'measured-twice'; kind: VerdictKind; growthRate: Rate | null; work: number; unit: Unit }
  /** Entries come in batches; `periodMs` is the longest period of the program's timers, where one is known. */
  | { code: 'watched-over-periods'; seconds: number; periodMs: number | null }
  /** Entries could not be weighed; the share was estimated from allocations instead. */
  | { code: 'share-from-allocations'; name: string; because: 'lexical-this' | 'appended-text' }
  /** Of the first suspect's share, so much was seen in its entries; they may take the rest, and nothing else grew. */
  | { code: 'rest-of-entries'; name: string; seen: number; because: 'texts-and-arrays' | 'lexical-this' }
  | { code: 'uneven-and-unexplained'; name: string }
  | { code: 'snapshots-forbidden' }
  | { code: 'snapshots-refused'; refusal: Refusal }
  | { code: 'snapshots-compared' }
  | {
      code: 'not-cleared';
      because: 'handles' | 'text' | 'not-one-container' | 'declined' | 'not-walked' | 'no-suspect';
    }
  | { code: 'cleared'; name: string; beforeBytes: number; afterBytes: number }
  /** @property failures what failed with what, in words; empty where nothing did */
  | { code: 'requests-sent'; sent: number; errors: number; failures: string }
  | { code: 'command-ran'; command: string; runs: number }
  /** Blocks of malloc could not be read: another allocator, or the system forbids it. */
  | { code: 'malloc-not-read'; allocator: Allocator }
  /** Some of what is outside V8 could not be read. */
  | { code: 'outside-part-not-read'; part: LedgerPart; because: string }
  /** The system tells nothing of what a process holds outside V8: it has no `/proc`. */
  | { code: 'outside-not-read' }
  /** Blocks of malloc were read at too few readings to judge native memory by. */
  | { code: 'malloc-read-rarely'; walked: number; readings: number }
  /** Memory in use is flat, and what was freed stays with the allocator. */
  | {
      code: 'allocator-keeps-pages';
      allocator: Allocator;
      freeBytes: number;
      keptBytes: number;
      inUseBytes: number;
    }
  /** Of the growth, so much is allocated and not in memory: the resident set grows by less. */
  | { code: 'not-written'; perWork: number; unwrittenPerWork: number; unit: Unit }
  | { code: 'one-snapshot'; heapBytes: number }
  | { code: 'two-snapshots'; beforeBytes: number; afterBytes: number }
  /** Three snapshots and more: what grew at every step is named. */
  | { code: 'snapshot-series'; bytes: number[] }
  /** The heap did not grow from the last snapshot but one to the last: what grew before has stopped. */
  | { code: 'growth-ended'; beforeBytes: number; afterBytes: number }
  /** Suspects of two snapshots that have a sign of a bound. */
  | { code: 'may-fill'; containers: { name: string; sign: BoundSign }[] }
  /** V8 gave its ids anew between the snapshots; owners were matched by their paths and classes instead. */
  | { code: 'matched-by-owner' }
  | { code: 'nothing-grew'; beforeBytes: number; afterBytes: number }
  | { code: 'growth-spread-out' }
  | { code: 'no-large-retainer'; share: number }
  /** Memory that no path from a named root reaches: its largest retainers, and by what they are retained. */
  | { code: 'unnamed-retainer'; retainers: UnnamedRetainer[] };

/** An object, or many of one class, that no owner in the program was found for. */
export interface UnnamedRetainer {
  className: string;
  /** How many there are. */
  count: number;
  retainedBytes: number;
  /** 0 to 1, of the heap, or of the growth between snapshots. */
  share: number;
  /** How one of them is retained, such as `(Global handles) › Connection`. */
  path: string;
}
