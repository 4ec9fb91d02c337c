import { describe, expect, it } from 'vitest';
import {
  causesOf,
  isEndless,
  type Ledger,
  ledgerGrowth,
  type LedgerGrowth,
  type LedgerReading,
} from '../src/kit/outside/index.js';
import { isKnownToStay, sitesOf } from '../src/kit/diagnosis/outside/choose-site.js';
import { suspectOf } from '../src/kit/diagnosis/outside/suspects.js';
import { MAKERS } from '../src/kit/diagnosis/outside/makers.js';
import { type CallSite, withConstructors } from '../src/kit/diagnosis/outside/record-calls.js';
import { weightOf } from '../src/kit/diagnosis/outside/weight.js';
import { mergedWith, ruledOutBy, sameLeak } from '../src/kit/diagnosis/outside/retained.js';
import type { NativeBlocks, Suspect } from '../src/kit/diagnosis/model/result.js';
import type { EndlessGrowth, GrowthCode, RetainedBy } from '../src/kit/outside/index.js';
import { redacted } from '../src/kit/diagnosis/redact.js';
import { aDiagnosis } from './support/diagnoses.js';
import { gaussian, seeded } from './support/series.js';

const EMPTY: Ledger = { counts: {}, resident: null, malloc: null, webAssemblyBytes: 0, childrenBytes: 0 };
const PER_ROUND = 500;

/** Twenty-one ledgers, one for each round of 500 requests. */
function readings(
  at: (round: number) => { ledger: Partial<Ledger>; externalBytes?: number },
): LedgerReading[] {
  return Array.from({ length: 21 }, (_, round) => {
    const { ledger, externalBytes = 0 } = at(round);
    return { work: round * PER_ROUND, externalBytes, ledger: { ...EMPTY, ...ledger } };
  });
}

const malloc = (inUseBytes: number): Ledger['malloc'] => ({ inUseBytes, freeBytes: 0, blocks: 1 });
const verdictOn = (code: GrowthCode, all: LedgerReading[]) =>
  ledgerGrowth(all, 'request').find((one) => one.code === code)?.verdict.kind;

describe('the ledger', () => {
  it('calls files that are opened at each request and stay open a leak, at their rate', () => {
    const all = readings((round) => ({ ledger: { counts: { files: 20 + PER_ROUND * round } } }));
    const growth = ledgerGrowth(all, 'request').find((one) => isEndless(one));
    expect(growth).toMatchObject({ code: 'files', first: 20, last: 10_020 });
    expect(growth?.verdict.growthRate?.estimate).toBeCloseTo(1, 5);
  });

  it('calls a pool that fills and is full bounded', () => {
    const all = readings((round) => ({ ledger: { counts: { sockets: Math.min(60, 10 + 12 * round) } } }));
    expect(verdictOn('sockets', all)).toBe('bounded');
  });

  it('does not call a handful of threads more a leak', () => {
    const all = readings((round) => ({ ledger: { counts: { threads: 11 + Math.floor(round / 5) } } }));
    expect(verdictOn('threads', all)).not.toBe('leak');
  });

  it('leaves out of native memory what V8 counts as external', () => {
    const random = seeded(3);
    const all = readings((round) => ({
      ledger: { malloc: malloc(5e6 + round * 1e6 + 10e3 * gaussian(random)) },
      externalBytes: round * 1e6,
    }));
    expect(verdictOn('native-memory', all)).toBe('bounded');
  });

  it('finds native memory that grows by four hundred bytes per request', () => {
    const random = seeded(5);
    const all = readings((round) => ({
      ledger: { malloc: malloc(5e6 + 400 * PER_ROUND * round + 10e3 * gaussian(random)) },
    }));
    const growth = ledgerGrowth(all, 'request').find((one) => isEndless(one));
    expect(growth?.verdict.growthRate?.estimate).toBeCloseTo(400, -2);
  });
});

const endless = (code: GrowthCode, estimate: number): EndlessGrowth => ({
  code,
  first: 0,
  last: 1e4,
  verdict: {
    kind: 'leak',
    unit: 'request',
    growthRate: { estimate, low: estimate, high: estimate },
    confidence: 0.99,
    work: 1e4,
    readings: 20,
    reason: { code: 'steady-growth' },
  },
});

describe('what comes with what', () => {
  it('is one leak: a worker brings ports, descriptors and memory', () => {
    const all = [
      endless('native-memory', 400e3),
      endless('handles:MessagePort', 0.1),
      endless('other-descriptors', 0.3),
      endless('threads', 0.05),
    ];
    expect(causesOf(all).map(({ code }) => code)).toEqual(['threads']);
  });

  it('is two leaks where memory grows by more than files can take', () => {
    const all = [endless('native-memory', 260e3), endless('files', 1)];
    expect(causesOf(all).map(({ code }) => code)).toEqual(['files', 'native-memory']);
  });
});

const known = (causes: EndlessGrowth[], growths: LedgerGrowth[] = []) =>
  ({ causes, growths: [...causes, ...growths], samples: [], readings: [] }) as const;

describe('what one more costs', () => {
  const settled = (code: GrowthCode, kind: 'bounded' | 'unsettled', low: number, estimate: number) => ({
    ...endless(code, estimate),
    verdict: { ...endless(code, estimate).verdict, kind, growthRate: { estimate, low, high: 2 * estimate } },
  });
  const sockets = endless('sockets', 0.08);

  it('is the native memory that comes with it, also where that alone would be no leak', () => {
    for (const memory of [
      endless('native-memory', 131),
      settled('native-memory', 'bounded', 115, 131),
      settled('native-memory', 'unsettled', 115, 131),
    ])
      expect(weightOf(sockets, known([sockets], [memory]))).toBe(131);
  });

  it('is not known where native memory may not have grown', () => {
    const memory = settled('native-memory', 'bounded', -20, 30);
    expect(weightOf(sockets, known([sockets], [memory]))).toBeNull();
  });

  it('counts native memory once', () => {
    const [files, memory] = [endless('files', 1), endless('native-memory', 260e3)];
    expect([files, memory].map((one) => weightOf(one, known([files, memory])))).toEqual([null, 260e3]);
    const both = known([sockets, files], [endless('native-memory', 2_000)]);
    expect([sockets, files].map((one) => weightOf(one, both))).toEqual([2_000, null]);
  });

  it('of threads is what the process gained for each, without the heap of the main thread', () => {
    const threads = endless('threads', 0.0025);
    const readings = Array.from({ length: 21 }, (_, round) => round * 150).map((work) => ({
      work,
      externalBytes: 0,
      ledger: { ...EMPTY, counts: { threads: 8 + Math.floor(work / 400) } },
    }));
    const samples = readings.map(({ work, ledger }) => {
      const heapTotalBytes = 5e6 + 3_000 * work;
      return { work, heapTotalBytes, rssBytes: 40e6 + heapTotalBytes + 7e6 * ledger.counts.threads };
    });
    const given = { ...known([threads]), readings, samples: samples as never };
    expect(weightOf(threads, given)).toBeCloseTo(0.0025 * 7e6, 3);
  });

  it('is what children have of their own', () => {
    const children = endless('children', 0.05);
    const all = known([children], [endless('children-memory', 4_900), endless('native-memory', 22)]);
    expect(weightOf(children, all)).toBe(4_900);
  });
});

const site = (maker: string, callsPerWork: number, aliveShare: number | null, line = 3): CallSite => ({
  maker,
  known: MAKERS.find(({ name }) => name === maker) ?? null,
  place: { function: 'handle', file: '/srv/app.js', line, column: 1 },
  calls: 500,
  callsPerWork,
  aliveShare,
});

describe('the line that makes it', () => {
  it('is called at least as often as what it makes stays', () => {
    const rare = site('fs.open', 0.05, null);
    const often = site('fs.openSync', 1, null);
    expect(sitesOf(endless('files', 1), [rare, often])).toEqual([often]);
    expect(sitesOf(endless('files', 1), [rare])).toEqual([]);
  });

  it('does not make what is collected again', () => {
    const dead = site('crypto.Hash', 1, 0);
    const alive = site('zlib.Gzip', 1, 1);
    expect(sitesOf(endless('native-memory', 260e3), [dead, alive])).toEqual([alive]);
    expect(sitesOf(endless('native-memory', 260e3), [dead])).toEqual([]);
  });

  it('of several is the one whose memory fits', () => {
    const small = site('crypto.createHmac', 1, null);
    const large = site('tls.createSecureContext', 1, null);
    expect(sitesOf(endless('native-memory', 13e3), [small, large])).toEqual([large]);
  });

  it('is one of two where both make as much at one rate, and both are named', () => {
    const hashes = site('crypto.Hash', 1, 1, 3);
    const macs = site('crypto.Hmac', 1, 1, 9);
    const growth = endless('native-memory', 1_000);
    expect(sitesOf(growth, [hashes, macs])).toEqual([hashes, macs]);
    const cause = {
      growth,
      site: hashes,
      places: [hashes.place!, macs.place!],
      makers: ['crypto.Hash', 'crypto.Hmac'],
      detail: null,
      bytesPerWork: 1_000,
      blocks: [],
    };
    const { name, kind, allocatedAt } = suspectOf(cause, (file) => file, 1_000);
    expect(name).toContain('made at /srv/app.js:3 or /srv/app.js:9, which were not told apart');
    expect(kind).toBe('native');
    expect(allocatedAt).toHaveLength(2);
  });

  it('is one line where a call passes through two makers', () => {
    const calls = [site('crypto.createHash', 1, 1), site('crypto.Hash', 1, 1)];
    expect(sitesOf(endless('native-memory', 1_000), calls)).toHaveLength(1);
  });

  it('is not one that makes far less than stays, where what it makes cannot be followed', () => {
    const etag = site('crypto.createHash', 1, null);
    expect(sitesOf(endless('native-memory', 900), [etag])).toEqual([etag]);
    expect(sitesOf(endless('native-memory', 150), [etag])).toEqual([]);
  });

  it('is the one that stores what another makes', () => {
    const calls = [site('Blob', 1, null), site('URL.createObjectURL', 1, null)];
    const found = sitesOf(endless('native-memory', 3_000), calls);
    expect(found.map(({ maker }) => maker)).toEqual(['URL.createObjectURL']);
    expect(sitesOf(endless('native-memory', 3_000), calls.slice(0, 1))).toHaveLength(1);
  });

  it('of a function is judged by the constructor that it calls', () => {
    const { place } = site('crypto.createHash', 1, null);
    const factory = { maker: 0, place, calls: 500, aliveShare: null };
    const constructor = { maker: 1, place, calls: 500, aliveShare: 0 };
    expect(withConstructors([factory, constructor])[0]!.aliveShare).toBe(0);
    const elsewhere = { ...constructor, place: { ...place!, line: 4 } };
    expect(withConstructors([factory, elsewhere])[0]!.aliveShare).toBeNull();
  });
});

describe('a container that takes an entry for each call', () => {
  const container = { entriesPerWork: 1 } as Suspect;
  const retained = (maker: string, bytes: number, aliveShare: number | null) => {
    const growth = endless('native-memory', bytes);
    const made = site(maker, 1, aliveShare);
    const cause = {
      growth,
      site: made,
      places: [made.place!],
      makers: [maker],
      detail: null,
      bytesPerWork: bytes,
      blocks: [],
    };
    return {
      stays: isKnownToStay(made, growth),
      by: sameLeak(cause, { suspects: [container], ruledOut: [] }),
    };
  };

  it('retains what is made only where that is known to stay', () => {
    expect(retained('crypto.Hash', 700, 1)).toEqual({ stays: true, by: container });
    expect(retained('crypto.createHash', 700, null)).toEqual({ stays: true, by: container });
    expect(retained('crypto.createHash', 3_000, null)).toEqual({ stays: false, by: null });
  });
});

/** A block that a hash holds, and the hash. */
function blocks(by: RetainedBy['by'], perWork = 1): NativeBlocks[] {
  const type = { name: 'node::crypto::Hash', library: 'node' };
  const held = { by, share: 1, library: null };
  const none = { contains: null, pointsTo: null, sampleText: null };
  const through = [{ blockBytes: 80, type }];
  return [
    {
      ...none,
      blockBytes: 2_900,
      perWork,
      bytesPerWork: 2_900,
      type: null,
      retainedBy: { ...held, through },
    },
    { ...none, blockBytes: 80, perWork, bytesPerWork: 80, type, retainedBy: { ...held, through: [] } },
  ];
}

describe('blocks of malloc', () => {
  const made = site('crypto.createHash', 1, null);
  const causeOf = (some: NativeBlocks[]) => ({
    growth: endless('native-memory', 3_000),
    site: made,
    places: [made.place!],
    makers: ['crypto.createHash'],
    detail: null,
    bytesPerWork: 3_000,
    blocks: some,
  });
  const container = { entriesPerWork: 1.01, bytesPerWork: 90, path: ['app.js', 'open (Map)'] } as Suspect;
  const among = { suspects: [container], ruledOut: [] };

  it('that JavaScript holds, as many as the line makes, are retained by what takes an entry for each', () => {
    expect(sameLeak(causeOf(blocks('javascript')), among)).toBe(container);
    expect(sameLeak(causeOf(blocks('nobody')), among)).toBeNull();
    expect(sameLeak(causeOf(blocks('javascript', 0.5)), among)).toBeNull();
    expect(sameLeak(causeOf([]), among)).toBeNull();
  });

  it('say nothing of a container that is ruled out', () => {
    const bounded = { ...container, reason: { code: 'has-bound' as const } };
    expect(ruledOutBy(causeOf(blocks('javascript')), { suspects: [], ruledOut: [bounded] })).toBeNull();
  });

  it('give the suspect their weight, and its path goes on to them', () => {
    const suspect = suspectOf(causeOf(blocks('javascript')), (file) => file, 3_000);
    expect(mergedWith(suspect, container)).toMatchObject({
      path: ['app.js', 'open (Map)', '[native] node::crypto::Hash, 3.0 kB each'],
      bytesPerWork: 3_090,
    });
    const lost = suspectOf(causeOf(blocks('nobody')), (file) => file, 3_000);
    expect(mergedWith(lost, container).path).toEqual(['app.js', 'open (Map)']);
  });

  it('say what it is where no line is known that makes it', () => {
    const cause = { ...causeOf(blocks('nobody')), site: null, places: [], makers: [] };
    const { name, type } = suspectOf(cause, (file) => file, 3_000);
    expect(name).toMatch(/^node::crypto::Hash: native memory \(/);
    expect(type).toBe('node::crypto::Hash');
    // An object that is reached and does not become more is not what they are.
    const unknown = suspectOf({ ...cause, blocks: blocks('nobody').slice(0, 1) }, (file) => file, 3_000);
    expect(unknown.type).toBe('malloc');
  });
});

it('a redacted diagnosis has no path of an open file', () => {
  const cause = {
    growth: endless('files', 1),
    site: null,
    places: [],
    makers: [],
    detail: 'most of "/srv/customers/ann \\"a\\" smith.pdf"',
    bytesPerWork: null,
    blocks: [],
  };
  const suspect = suspectOf(cause, (file) => file, 0);
  expect(suspect.name).toContain('ann');
  const [shown] = redacted(aDiagnosis({ suspects: [suspect] })).suspects;
  expect(shown?.name).toMatch(/^open files \(.*, most of \[…\]\)$/);
});
