import { keptPagesAdvice, mallocNotReadText, missingText, outsideNotReadText } from '../outside/index.js';
import { refusalText } from '../process/cost-limit.js';
import { rateText } from '../verdict/index.js';
import { nearLimitText } from './limit-words.js';
import type { BuiltBy, Note, Reason, StageName } from './model/notes.js';
import { count, megabytes, percent } from './figures.js';
import { snapshotText } from './snapshot-words.js';

/* The sentences of a diagnosis that stand beside its verdict. */

/** What V8 does not show of the entries of a container. */
const UNSEEN = {
  'texts-and-arrays':
    'V8 does not show how texts that were put together and arrays with free slots are stored',
  'lexical-this': 'the inspector does not show what functions in them retain as their lexical `this`',
};

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
    case 'measured-twice':
      return `Memory was measured a second time, to see whether the growth has ended. ${againText(note)} The verdict is that of the first measurement.`;
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

/** What a second measurement gave that settles nothing. */
function againText(again: Extract<Note, { code: 'measured-twice' }>): string {
  const { kind, growthRate, work, unit } = again;
  if (growthRate === null) return 'It had too few readings to tell.';
  const found = `by ${rateText(again)} over ${count(work)} ${unit}s`;
  switch (kind) {
    case 'leak':
      return `It grew again, ${found}.`;
    case 'bounded':
      return `It still grew, ${found}: too little to be called a leak with so few ${unit}s, and too much to have ended.`;
    case 'unsettled':
      return `Memory changed ${found}, which does not settle it either.`;
  }
}

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

/** As `percent`, but what happened at all is never 0 %. */
function shareText(share: number): string {
  return share < 0.01 ? 'less than 1 %' : percent(share);
}
