import { describe, expect, it } from 'vitest';
import { type Note, diagnosisJson, noteText, reasonText, ruledOutText } from '../src/kit/diagnosis/index.js';
import type { DiagnosisReason } from '../src/kit/diagnosis/model/notes.js';
import type { RuledOutReason } from '../src/kit/diagnosis/model/result.js';
import { aDiagnosis, aFillingCache } from './support/diagnoses.js';

const refusal = {
  step: 'snapshot',
  cost: { pauseMs: 20_000, bytes: 2.6e9 },
  exceeds: 'default-pause',
  limit: 8_000,
} as const;

/** One of each: a new code without a sentence, or without its place here, does not compile. */
const notes: { [Code in Note['code']]: Extract<Note, { code: Code }> } = {
  'started-by': { code: 'started-by', launcher: 77, names: ['process server.js (78)'] },
  'process-not-reached': { code: 'process-not-reached', name: 'cluster worker 2', message: 'it has ended.' },
  'process-ended': { code: 'process-ended', name: 'cluster worker 2' },
  'thread-silent': {
    code: 'thread-silent',
    name: 'worker thread 2 (pool.js) of process 77',
    message: 'its event loop is blocked.',
  },
  'gc-refused': { code: 'gc-refused', refusal },
  'gc-not-forced': { code: 'gc-not-forced' },
  'workers-not-measured': { code: 'workers-not-measured', workers: 2, isBounded: true },
  'stage-failed': { code: 'stage-failed', stage: 'walk', message: 'a slice took 90 ms' },
  'walk-refused': { code: 'walk-refused', refusal },
  'makers-refused': { code: 'makers-refused', refusal },
  'no-source-map': { code: 'no-source-map', file: '.next/server/page.js', builtBy: 'next' },
  'lexical-this-captured': { code: 'lexical-this-captured' },
  walked: { code: 'walked', objects: 67_000, functions: 13_000, containers: 4_000, longestSliceMs: 12 },
  'watched-over-periods': { code: 'watched-over-periods', seconds: 31, periodMs: 15_000 },
  'share-from-allocations': { code: 'share-from-allocations', name: 'a.js › log', because: 'appended-text' },
  'rest-of-entries': {
    code: 'rest-of-entries',
    name: 'CACHE (Map, 9 entries)',
    seen: 0.62,
    because: 'lexical-this',
  },
  'uneven-and-unexplained': { code: 'uneven-and-unexplained', name: 'a.js › cache' },
  'near-heap-limit': { code: 'near-heap-limit', heapBytes: 180e6, limitBytes: 300e6 },
  'near-limit': { code: 'near-limit', limit: 'open-files', used: 10_012, free: 9_988 },
  'walk-narrowed': { code: 'walk-narrowed', objects: 90_000, functions: 3_400, ended: true },
  'snapshots-forbidden': { code: 'snapshots-forbidden' },
  'snapshots-refused': { code: 'snapshots-refused', refusal },
  'snapshots-compared': { code: 'snapshots-compared' },
  'not-cleared': { code: 'not-cleared', because: 'declined' },
  cleared: { code: 'cleared', name: 'a.js › cache', beforeBytes: 60e6, afterBytes: 40e6 },
  'requests-sent': {
    code: 'requests-sent',
    sent: 10_000,
    errors: 3,
    failures: '500 Internal Server Error (3)',
  },
  'command-ran': { code: 'command-ran', command: 'k6 run a.js', runs: 2 },
  'malloc-not-read': { code: 'malloc-not-read', allocator: 'musl' },
  'outside-not-read': { code: 'outside-not-read' },
  'outside-part-not-read': {
    code: 'outside-part-not-read',
    part: 'open-files',
    because: 'lsof is not installed',
  },
  'malloc-read-rarely': { code: 'malloc-read-rarely', walked: 4, readings: 21 },
  'allocator-keeps-pages': {
    code: 'allocator-keeps-pages',
    allocator: 'glibc',
    freeBytes: 90e6,
    keptBytes: 60e6,
    inUseBytes: 20e6,
  },
  'not-written': { code: 'not-written', perWork: 25_560, unwrittenPerWork: 12_010, unit: 'request' },
  'measured-again': { code: 'measured-again', because: 'slowing' },
  'measured-twice': {
    code: 'measured-twice',
    kind: 'bounded',
    growthRate: { estimate: 35, low: 28, high: 43 },
    work: 4_000,
    unit: 'request',
  },
  'one-snapshot': { code: 'one-snapshot', heapBytes: 90e6 },
  'two-snapshots': { code: 'two-snapshots', beforeBytes: 40e6, afterBytes: 60e6 },
  'snapshot-series': { code: 'snapshot-series', bytes: [40e6, 60e6, 80e6] },
  'growth-ended': { code: 'growth-ended', beforeBytes: 60e6, afterBytes: 60.1e6 },
  'may-fill': {
    code: 'may-fill',
    containers: [
      { name: 'a.js › cache (Map, 900 entries)', sign: { kind: 'maximum', field: 'max' } },
      { name: 'a.js › tokens (Map, 80 entries)', sign: { kind: 'entry-expiry', field: 'expiresAt' } },
    ],
  },
  'matched-by-owner': { code: 'matched-by-owner' },
  'nothing-grew': { code: 'nothing-grew', beforeBytes: 40e6, afterBytes: 40.1e6 },
  'growth-spread-out': { code: 'growth-spread-out' },
  'no-large-retainer': { code: 'no-large-retainer', share: 0.05 },
  'unnamed-retainer': {
    code: 'unnamed-retainer',
    retainers: [
      { className: 'Hoard', count: 1, retainedBytes: 99e6, share: 0.9, path: '(Global handles) › Hoard' },
      { className: 'Connection', count: 800, retainedBytes: 9e6, share: 0.08, path: '' },
    ],
  },
};

const reasons: { [Code in DiagnosisReason['code']]: Extract<DiagnosisReason, { code: Code }> } = {
  'ended-early': {
    code: 'ended-early',
    because: 'process-ended',
    readings: 12,
    work: 3_400,
    firstBytes: 40e6,
    lastBytes: 70e6,
    grows: true,
  },
  'traffic-stopped': { code: 'traffic-stopped' },
  'too-few-collections': { code: 'too-few-collections', collections: 2, needed: 10, seconds: 63 },
  'given-back': { code: 'given-back', share: 0.8, afterMs: 4_000 },
  'grows-outside-v8': { code: 'grows-outside-v8', bytesPerWork: 6_000, allocator: 'glibc' },
  'may-grow-outside-v8': { code: 'may-grow-outside-v8', what: 'native-memory', first: 5e6, last: 25e6 },
  'leaks-outside-v8': {
    code: 'leaks-outside-v8',
    what: 'files',
    perWork: { estimate: 1, low: 0.99, high: 1.01 },
    gained: 8_000,
    heapGrows: false,
    rested: true,
    limit: 1_024,
  },
  'growth-stopped': { code: 'growth-stopped', expectedBytes: 9e6, grownBytes: 1e6 },
  'explained-by-ruled-out': { code: 'explained-by-ruled-out', share: 0.9, names: ['a.js › cache'] },
  'did-not-work': { code: 'did-not-work', answered: 0, work: 9_000, by: [78] },
  idle: { code: 'idle', work: 100 },
  'may-fill': {
    code: 'may-fill',
    name: 'clients (Map, 300 entries)',
    share: 0.79,
    sign: { kind: 'expiry', field: 'WINDOW_MS' },
  },
  'grows-together': { code: 'grows-together', parts: 5 },
  'not-sure-enough': { code: 'not-sure-enough', parts: 5, confidence: 0.992 },
  'part-not-measured': { code: 'part-not-measured', names: ['cluster worker 2 (process 79)'] },
  'goes-on-beside': { code: 'goes-on-beside', bytesPerWork: 375, entriesPerWork: 1, names: ['a.js › cache'] },
  'even-container': { code: 'even-container', bytesPerWork: 480, entriesPerWork: 1 },
  doubles: { code: 'doubles', bytesPerWork: 192 },
};

const ruledOut: { [Code in RuledOutReason['code']]: Extract<RuledOutReason, { code: Code }> } = {
  'has-bound': { code: 'has-bound' },
  'approaches-limit': { code: 'approaches-limit' },
  'not-expired-yet': { code: 'not-expired-yet', inMs: 42_000 },
  'cleaned-by-timer': { code: 'cleaned-by-timer' },
  'was-emptied': { code: 'was-emptied' },
  'slows-down': { code: 'slows-down', before: 0.7, after: 0.55 },
  'stopped-growing': { code: 'stopped-growing', gained: [3_000, 1_500, 0], of: 'entries' },
  'gives-back': { code: 'gives-back', gained: [3e6, -2.9e6, 3e6], of: 'bytes' },
  replaced: { code: 'replaced', containers: 3 },
  ages: { code: 'ages', share: 0.4, afterMs: 9_000 },
  'turns-over': { code: 'turns-over', cameBytes: 10.1e6, wentBytes: 7.4e6 },
  'grows-with': { code: 'grows-with', name: 'a.js › cache' },
};

/** Words that the vocabulary of the field replaces. */
const REPLACED =
  /\b(patient|rung|acquit|alibi|accuse|blame|dear|who holds|knob|culprit|lesson)\b|\b(bytes|entries|entry) a (request|second)\b/i;

describe('every code of the diagnosis', () => {
  it.each(Object.values(notes))('has a sentence: note $code', (note) => {
    expect(noteText(note)).toMatch(/^[A-Z\da].*[.\d\w]$/);
    expect(noteText(note)).not.toMatch(REPLACED);
    expect(noteText(note)).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each(Object.values(reasons))('has a sentence: reason $code', (reason) => {
    const text = reasonText({ ...aDiagnosis().verdict!, reason });
    expect(text).toMatch(/^[A-Z].*\.$/);
    expect(text).not.toMatch(REPLACED);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each(Object.values(ruledOut))('has a sentence: ruled out for $code', (reason) => {
    const bound = { declaredBy: 'max', limit: 10_000, filled: 0.5 };
    const text = ruledOutText(reason, bound, 'request');
    expect(text).toMatch(/^(it|its|a timer) /);
    expect(text).not.toMatch(REPLACED);
  });
});

it.each(['musl', 'libmalloc', 'jemalloc', 'unknown'] as const)(
  'nothing of glibc is advised where the allocator is %s',
  (allocator) => {
    const texts = [
      noteText({ ...notes['allocator-keeps-pages'], allocator }),
      noteText({ code: 'malloc-not-read', allocator }),
      reasonText({ ...aDiagnosis().verdict!, reason: { ...reasons['grows-outside-v8'], allocator } }),
    ];
    for (const text of texts) expect(text).not.toMatch(/glibc|ARENA/);
    expect(noteText(notes['allocator-keeps-pages'])).toContain('MALLOC_ARENA_MAX=2');
  },
);

it('a snapshot in which one object retains nearly everything is not summed up as spread out', () => {
  const text = noteText(notes['unnamed-retainer']);
  expect(text).toContain('an object of class Hoard (99.0 MB, 90 %, retained by (Global handles) › Hoard)');
  expect(text).not.toContain('spread');
});

it('what is ruled out has no advice against a leak in the JSON, unless it has a bound', () => {
  const full = aFillingCache();
  const emptied = { ...full, bound: null, reason: { code: 'was-emptied' as const } };
  const { ruledOut } = diagnosisJson(aDiagnosis({ ruledOut: [full, emptied] }));
  expect(ruledOut.map(({ advice }) => advice)).toEqual([
    full.advice,
    'It grew and is no suspect: it was emptied during the measurement.',
  ]);
});
