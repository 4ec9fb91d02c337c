import {
  isOutsideReason,
  keptPagesAdvice,
  mallocNotReadText,
  missingText,
  outsideNotReadText,
  type OutsideReason,
  outsideReasonText,
} from '../outside/index.js';
import { refusalText } from '../process/cost-limit.js';
import { rateText, type Verdict, verdictText } from '../verdict/index.js';
import type { BuiltBy, DiagnosisReason, EndedBecause, Note, Reason, StageName } from './model/notes.js';
import { nearLimitText } from './limit-words.js';
import { gainedText, signText, snapshotText } from './snapshot-words.js';
import { count, duration, megabytes, percent, signed } from './figures.js';
import type { DeclaredBound, RuledOutReason, Triage, WorkUnit } from './model/result.js';

/*
 * The sentences of a diagnosis, all in one place: the terminal and the page print them, JSON carries them beside the
 * codes. Each is a pure function of the facts.
 */

/** What V8 does not show of the entries of a container. */
const UNSEEN = {
  'texts-and-arrays':
    'V8 does not show how texts that were put together and arrays with free slots are stored',
  'lexical-this': 'the inspector does not show what functions in them retain as their lexical `this`',
};

/** Why the verdict is what it is, in one to three sentences. */
export function reasonText(verdict: Verdict<Reason>): string {
  const { reason, unit } = verdict;
  if (isOutsideReason(reason)) return outsideReasonText(reason, unit);
  if (!isOfDiagnosis(reason)) return verdictText({ ...verdict, reason });
  switch (reason.code) {
    case 'ended-early': {
      const what = `${ENDED[reason.because]} before there was a verdict. Until then, live memory went from ${megabytes(reason.firstBytes)} to ${megabytes(reason.lastBytes)} in ${reason.readings} readings over ${count(reason.work)} ${unit}s.`;
      return reason.grows
        ? `${what} It grew as steadily as a leak does, by ${rateText(verdict)}; a container that fills looks the same. Measure again to the end.`
        : `${what} Measure again to the end.`;
    }
    case 'traffic-stopped':
      return 'Memory did not grow as a whole, but the traffic stopped while it was measured, and without traffic no leak grows. Measure again while there is traffic.';
    case 'too-few-collections':
      return `V8 collected the whole heap only ${times(reason.collections)} in ${reason.seconds} s, and without forced collections a verdict rests on what at least ${reason.needed} of them left: until then, garbage and growth look the same. Measure for longer, with --watch SECONDS or more --requests; or allow the pause of a forced collection with --max-pause-ms, and without --no-gc.`;
    case 'given-back':
      return `Memory grew under load, but ${percent(reason.share)} of the growth was given back within ${Math.round(reason.afterMs / 1000)} s of rest. A cleanup or unfinished work does that. Measure over a longer time.`;
    case 'growth-stopped':
      return `Memory grew while it was measured, and hardly since. At the measured rate it would have gained ${megabytes(reason.expectedBytes)} while its cause was sought, but it gained ${megabytes(reason.grownBytes)}. A container that fills, a cleanup, or a window that follows the traffic does that. Measure again for longer.`;
    case 'explained-by-ruled-out':
      return `Memory grows, and ${percent(reason.share)} of the growth is in what was ruled out: ${reason.names.join(', ')}. Measure again for longer, or when it is full.`;
    case 'may-fill':
      return `Memory grows, and ${percent(reason.share)} of the growth is in ${reason.name}. It gains no entries, and has ${signText(reason.sign)}: it may be a window that fills. Measure again for longer.`;
    case 'did-not-work':
      return didNotWork(reason);
    case 'idle':
      return `Nothing used the process while it was watched for ${Math.round(reason.work)} s: it answered no request, and its event loop was idle. Memory that does not change means nothing then. Watch it while it works, or pass --url to send requests.`;
    case 'not-sure-enough':
      return `One of ${reason.parts} processes and threads seems to leak. That is ${percent(reason.confidence)} sure, which is not enough where so many are measured. Measure with more requests, or for longer.`;
    case 'grows-together':
      return `Each of the ${reason.parts} processes and threads is bounded by itself, but together they grew by ${rateText(verdict)}. Measure with more requests, or for longer.`;
    case 'part-not-measured':
      return `What was measured does not grow, but a part of the service was not measured to the end: ${reason.names.join(', ')}.`;
    case 'goes-on-beside':
      return `${reason.names.length > 0 ? `Most of the growth is in what fills or is emptied: ${reason.names.join(', ')}. Without that, memory still grows` : 'Growth slowed down, and goes on at a lower rate'}: one container takes ${reason.entriesPerWork.toFixed(2)} entries per ${unit}, ${count(reason.bytesPerWork)} bytes, did so throughout while it was counted, and declares no bound.`;
    case 'even-container':
      return `Memory grew by ${count(reason.bytesPerWork)} bytes per ${unit}, in steps, because hash tables double their size when they are full; it never fell. The entries grow evenly: one container takes ${reason.entriesPerWork.toFixed(2)} entries per ${unit}, declares no bound, and its present rate accounts for the growth since the start.`;
    case 'doubles':
      return `Memory grew by ${count(reason.bytesPerWork)} bytes per ${unit}, in steps: one buffer was replaced by one of twice the size several times, each time after twice the work, and it never fell. It is filled in step with the work, declares no bound, and accounts for the growth since the start.`;
  }
}

function didNotWork({ answered, work, by }: Extract<DiagnosisReason, { code: 'did-not-work' }>): string {
  const others =
    by.length === 0
      ? 'Which process answers is not known: pass its --pid.'
      : `Process${by.length > 1 ? 'es' : ''} ${by.join(', ')} answered: pass ${by.length > 1 ? 'one of them' : 'it'} as --pid, or no --pid to measure all that answer at --url.`;
  return answered === 0
    ? `This process did not do the work: it answered none of the ${count(work)} requests, so its memory says nothing about them. ${others}`
    : `What was measured answered only ${count(answered)} of the ${count(work)} requests, so the rest of the service may leak. ${others}`;
}

/** A record, so that a code that is missing here does not compile. */
const DIAGNOSIS_CODES: Record<Exclude<DiagnosisReason, OutsideReason>['code'], true> = {
  'ended-early': true,
  'traffic-stopped': true,
  'too-few-collections': true,
  'given-back': true,
  'growth-stopped': true,
  'explained-by-ruled-out': true,
  'may-fill': true,
  'did-not-work': true,
  idle: true,
  'not-sure-enough': true,
  'grows-together': true,
  'part-not-measured': true,
  'goes-on-beside': true,
  'even-container': true,
  doubles: true,
};

const ENDED: Record<EndedBecause, string> = {
  interrupted: 'The measurement was interrupted',
  'process-ended': 'The process ended',
  'no-answer': 'The process stopped answering',
};

function isOfDiagnosis(
  reason: Exclude<Reason, OutsideReason>,
): reason is Exclude<DiagnosisReason, OutsideReason> {
  return Object.hasOwn(DIAGNOSIS_CODES, reason.code);
}

/** Which memory grew, with the figures of all kinds. */
export function triageText({ heapBytes, arrayBuffersBytes, externalBytes, rssBytes }: Triage): string {
  return `In the second half of the measurement: V8 heap ${signed(heapBytes)}, array buffers ${signed(arrayBuffersBytes)}, other external memory ${signed(externalBytes)}, resident set ${signed(rssBytes)}.`;
}

/** Why something that grew is not a suspect, as the end of the sentence "NAME: …". */
export function ruledOutText(reason: RuledOutReason, bound: DeclaredBound | null, unit: WorkUnit): string {
  switch (reason.code) {
    case 'has-bound':
    case 'approaches-limit':
      if (bound === null) return 'it has a bound';
      return bound.filled === 1
        ? `it has filled to its bound, ${bound.declaredBy} (${bound.limit.toLocaleString('en')})`
        : `it is at ${percent(bound.filled)} of its bound, ${bound.declaredBy} (${bound.limit.toLocaleString('en')})`;
    case 'not-expired-yet':
      return reason.inMs > 0
        ? `its oldest entries expire in ${duration(reason.inMs)}`
        : 'its oldest entries have expired, and the next cleanup takes them';
    case 'cleaned-by-timer':
      return 'a timer empties it, with a period longer than the measurement';
    case 'was-emptied':
      return 'it was emptied during the measurement';
    case 'slows-down':
      return `it takes fewer new entries the more it has: ${reason.before.toFixed(3)} per ${unit}, then ${reason.after.toFixed(3)}`;
    case 'stopped-growing':
      return `it grew and then stopped, as a cache does that is full: ${gainedText(reason)}`;
    case 'gives-back':
      return `it gives back what it takes: ${gainedText(reason)}`;
    case 'replaced':
      return `its containers take turns: ${reason.containers.toLocaleString('en')} of them ${reason.containers === 1 ? 'was' : 'were'} replaced meanwhile, with the entries in there`;
    case 'turns-over':
      return `it drops what is old for what is new: ${megabytes(reason.cameBytes)} came and ${megabytes(reason.wentBytes)} went`;
    case 'grows-with':
      return `it grows entry by entry with ${reason.name}`;
  }
}

const STAGES: Record<StageName, string> = {
  probe: 'Starting the probe in the process',
  walk: 'The walk',
  verify: 'Counting the suspects again',
  snapshots: 'Taking snapshots',
  outside: 'Looking at memory outside V8',
  clear: 'Clearing the suspect',
};

/** A note in one or two sentences. */
export function noteText(note: Note): string {
  switch (note.code) {
    case 'started-by':
      return `Process ${note.launcher} only starts other processes. What it started was measured: ${note.names.join(', ')}.`;
    case 'process-not-reached':
      return `The ${note.name} is part of the service and was not measured: ${note.message}`;
    case 'process-ended':
      return `The ${note.name} ended while it was measured. What replaced it, if anything, was not measured.`;
    case 'thread-silent':
      return `The ${note.name} does not answer, so whether its heap grows is not known, and the verdict is of the other threads: ${note.message}`;
    case 'gc-refused':
    case 'walk-refused':
    case 'makers-refused':
      return refusalText(note.refusal);
    case 'gc-not-forced':
      return 'No collection was forced: each reading is what one of V8’s own full collections left. A large heap is collected rarely, so a verdict takes longer, and a slow leak may stay unsettled.';
    case 'near-heap-limit':
      return `The load was ended early: ${megabytes(note.heapBytes)} of the heap limit of ${megabytes(note.limitBytes)} were in use, ${megabytes(note.limitBytes - note.heapBytes)} before the process would have ended. The verdict is of what was seen until then; start the service with a larger --max-old-space-size to measure longer.`;
    case 'near-limit':
      return nearLimitText(note);
    case 'workers-not-measured': {
      const threads = note.workers === 1 ? '1 worker thread' : `${note.workers} worker threads`;
      const limit = note.isBounded ? ': the verdict is about the main thread' : '';
      return `The process has ${threads}, whose heaps were not measured${limit}.`;
    }
    case 'stage-failed':
      return `${STAGES[note.stage]} failed, and the diagnosis went on without it: ${note.message}`;
    case 'no-source-map':
      return `The script ${note.file} is minified and has no source map: its names and lines are those of the bundle. Build it with ${MAP_OPTIONS[note.builtBy]}, and leave the .map files beside it. The process needs no flag.`;
    case 'lexical-this-captured':
      return 'Objects that only arrow functions retain, as their lexical `this`, were found by breakpoints that do not pause the process.';
    case 'walked':
      return `Walked twice through ${count(note.objects)} objects, ${count(note.functions)} functions and ${count(note.containers)} containers, for at most ${note.longestSliceMs} ms at a time.`;
    case 'walk-narrowed': {
      const ended = note.ended
        ? [
            `The walk took too long and was ended after ${count(note.objects)} objects, those with the shortest paths.`,
          ]
        : [];
      const skipped =
        note.functions > 0
          ? [
              `${count(note.functions)} functions of files with very many variables were not inspected: V8 copies all variables of a file for each. What only they close over was not found.`,
            ]
          : [];
      return [...ended, ...skipped].join(' ');
    }
    case 'measured-again':
      return `Memory was measured twice: it grew at first, and ${STOPPED_BECAUSE[note.because] ?? 'what grew stopped'}; the second measurement began then, and is the verdict.`;
    case 'watched-over-periods': {
      const timer =
        note.periodMs === null ? '' : `; a timer of the program runs every ${note.periodMs / 1000} s`;
      return `Entries come in batches, so that two walks in a row show the buffer and not what keeps it${timer}. What grew over ${note.seconds} s more is named.`;
    }
    case 'share-from-allocations':
      return note.because === 'lexical-this'
        ? `${note.name}: the inspector does not show what its functions retain as their lexical \`this\`. Its share is estimated from the live bytes that its script allocated.`
        : `${note.name}: V8 stores an appended string as pieces that the walk cannot inspect. Its share is estimated from the live bytes that its script allocated.`;
    case 'rest-of-entries':
      return `${note.name}: ${percent(note.seen)} of the growth was seen in its entries. The rest comes at the same rate, and ${UNSEEN[note.because]}, so it is counted as theirs.`;
    case 'uneven-and-unexplained':
      return `${note.name} grew most, but that alone does not settle the verdict.`;
    case 'snapshots-forbidden':
      return 'The walk does not explain most of the growth. Heap snapshots might, but --no-snapshot forbids them.';
    case 'snapshots-refused':
      return `The walk does not explain most of the growth. ${refusalText(note.refusal)}`;
    case 'snapshots-compared':
      return 'The walk does not explain most of the growth, so two heap snapshots were compared.';
    case 'not-cleared':
      return `Nothing was cleared: ${NOT_CLEARED[note.because]}.`;
    case 'cleared':
      return `Clearing ${note.name} freed ${megabytes(note.beforeBytes - note.afterBytes)} (${megabytes(note.beforeBytes)} before, ${megabytes(note.afterBytes)} after).`;
    case 'requests-sent':
      return note.errors === 0
        ? `${count(note.sent)} requests were sent; all succeeded.`
        : `${count(note.sent)} requests were sent; ${count(note.errors)} failed (${shareText(note.errors / note.sent)}): ${note.failures}.`;
    case 'command-ran':
      return `The command ${note.command} made the process work; it was started ${note.runs === 1 ? 'once' : `${count(note.runs)} times`}.`;
    case 'malloc-read-rarely':
      return `Blocks of malloc were read at ${note.walked} of ${note.readings} readings, because that takes long here: too few to judge native memory by. Growth outside V8 is known by the resident set alone. Measure longer, or on a machine that is less busy.`;
    case 'malloc-not-read':
      return mallocNotReadText(note.allocator);
    case 'outside-part-not-read':
      return missingText(note);
    case 'outside-not-read':
      return outsideNotReadText();
    case 'allocator-keeps-pages':
      return `No leak, but the allocator keeps freed memory: ${megabytes(note.inUseBytes)} of malloc are in use, ${megabytes(note.freeBytes)} are free and not given back (${megabytes(note.keptBytes)} more than at first). ${keptPagesAdvice(note.allocator)}`;
    case 'not-written': {
      const resident = Math.max(0, note.perWork - note.unwrittenPerWork);
      return `Of these ${count(note.perWork)} bytes per ${note.unit}, ${count(note.unwrittenPerWork)} are allocated and were never written to: the resident set, as ps and top show it, grows by about ${count(resident)} bytes per ${note.unit}.`;
    }
    case 'one-snapshot':
    case 'two-snapshots':
    case 'snapshot-series':
    case 'growth-ended':
    case 'may-fill':
    case 'matched-by-owner':
    case 'nothing-grew':
    case 'growth-spread-out':
    case 'no-large-retainer':
    case 'unnamed-retainer':
      return snapshotText(note);
  }
}

/** How growth ended that was seen in a first measurement. */
const STOPPED_BECAUSE: Partial<Record<Reason['code'], string>> = {
  slowing: 'slowed down, as a warm-up does',
  step: 'did so in one step',
  fell: 'fell again',
  'explained-by-ruled-out': 'what grew is ruled out below',
};

/** The option that writes source maps of server code. */
const MAP_OPTIONS: Record<BuiltBy, string> = {
  next: 'experimental: { serverSourceMaps: true } in next.config',
  nitro: 'sourcemap: true in nuxt.config, or sourceMap: true in nitro.config',
  astro: 'vite: { build: { sourcemap: true } } in astro.config',
  vite: 'build: { sourcemap: true } in vite.config',
  webpack: "devtool: 'source-map' in webpack.config",
  other:
    'source maps (esbuild and bun --sourcemap, rolldown and rollup output.sourcemap, webpack devtool, swc and tsc sourceMap)',
};

const NOT_CLEARED: Record<Extract<Note, { code: 'not-cleared' }>['because'], string> = {
  handles: 'handles are closed by the code that opened them',
  text: 'a string can only be cut by the code that appends to it',
  'not-one-container': 'only a single Map, Set, Array or object can be cleared',
  declined: 'the operator did not agree',
  'not-walked': 'a snapshot found the first suspect, and only containers found by the walk can be cleared',
  'no-suspect': 'there is no suspect',
};

function times(value: number): string {
  return value === 1 ? 'once' : `${value} times`;
}

/** As `percent`, but what happened at all is never 0 %. */
function shareText(share: number): string {
  return share < 0.01 ? 'less than 1 %' : percent(share);
}
