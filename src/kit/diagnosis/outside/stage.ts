import {
  causesOf,
  type EndlessGrowth,
  isEndless,
  ledgerGrowth,
  type LedgerGrowth,
  LedgerReader,
  mostOf,
  openFilesLimit,
} from '../../outside/index.js';
import {
  collectionCost,
  LONGEST_FOR_LINES_MS,
  nativeBreakpointCost,
  refusalOf,
} from '../../process/cost-limit.js';
import { pathOf } from '../../process/scripts.js';
import type { Context, Measured } from '../model/context.js';
import { unlessEnded } from '../model/limits.js';
import type { Note } from '../model/notes.js';
import type { CodePlace, Diagnosis } from '../model/result.js';
import { fileName, SourceMaps } from '../naming/index.js';
import { nativeBlocks } from './blocks.js';
import { sitesOf } from './choose-site.js';
import { ledgerChange, withoutLeak } from './ledger-change.js';
import { type CallSite, recordCalls } from './record-calls.js';
import { canRest, lastingGrowths } from './rest.js';
import type { Retainers } from './retained.js';
import { type Cause, suspectOf } from './suspects.js';
import { weightOf } from './weight.js';
import { withUnwritten } from './unwritten.js';
import { withCauses } from './with-causes.js';

/**
 * What grows outside V8's heap, and who makes it: the ledger that was read at each reading of the measurement is judged
 * by the same statistics. What grows without end, and is not given back in a rest, is a leak of its own kind.
 *
 * @param findRetainers walks V8's heap, where that was not done: a container may retain it, and have a bound
 */
export async function outside(
  context: Context,
  measured: Measured,
  diagnosis: Diagnosis,
  findRetainers: () => Promise<Retainers>,
): Promise<Diagnosis> {
  const readings = measured.ledgers?.readings ?? [];
  if (readings.length === 0)
    return { ...diagnosis, notes: [...diagnosis.notes, { code: 'outside-not-read' }] };
  const found = await withGrowthOutside(context, measured, diagnosis, findRetainers);
  return withUnwritten(found, readings);
}

async function withGrowthOutside(
  context: Context,
  measured: Measured,
  diagnosis: Diagnosis,
  findRetainers: () => Promise<Retainers>,
): Promise<Diagnosis> {
  const readings = measured.ledgers?.readings ?? [];
  const { target, work } = context;
  const growths = ledgerGrowth(readings, work.unit);
  const endless = endlessOf(growths, measured);
  const reader = new LedgerReader(target.session, target.pid);
  const lasting = endless.length > 0 ? await lastingGrowths(context, reader, endless) : [];
  const causes = causesOf(lasting);
  const { change, notes } = ledgerChange(measured, growths, lasting);
  const base = { ...diagnosis, outside: change, notes: [...diagnosis.notes, ...notes] };
  if (causes.length === 0) return withoutLeak(base, measured, growths);
  const startMs = performance.now();
  const hasBlocks = lasting.some(({ code }) => code === 'native-memory');
  const blocks = hasBlocks ? nativeBlocks(target.pid, measured.ledgers?.blocks ?? null) : [];
  const blocksMs = Math.round(performance.now() - startMs);
  const timingsMs = { ...base.timingsMs, ...(hasBlocks && { 'native blocks': blocksMs }) };
  const { named, notes: refused } = await madeWhere(context, measured, causes);
  const takesBlocks = causes.find(({ code }) => code === 'native-memory') ?? causes[0];
  const kept = growths.filter((one) => isAmong(lasting, one) || !isAmong(endless, one));
  const known = { causes, growths: kept, samples: measured.samples, readings };
  const weighed = named.map((cause): Cause => {
    const bytesPerWork = weightOf(cause.growth, known);
    return Object.assign(cause, { bytesPerWork, blocks: cause.growth === takesBlocks ? blocks : [] });
  });
  const isWalked = diagnosis.suspects.length + diagnosis.ruledOut.length > 0;
  const shorten = (file: string): string => fileName(file, { folder: target.facts.folder });
  const noted = { ...base, timingsMs, notes: [...base.notes, ...refused] };
  return withCauses(noted, weighed, isWalked ? diagnosis : await findRetainers(), {
    suspectOf: (cause, total) => suspectOf(cause, shorten, total),
    openFilesLimit: openFilesLimit(target.pid),
    rested: canRest(context),
  });
}

/** The lines that make each. V8 takes longer to watch what is not JavaScript, the larger its heap is. */
async function madeWhere(
  context: Context,
  { samples }: Measured,
  causes: readonly EndlessGrowth[],
): Promise<{ named: Omit<Cause, 'bytesPerWork' | 'blocks'>[]; notes: Note[] }> {
  const { options, target } = context;
  const heapBytes = samples.at(-1)?.heapUsedBytes ?? 0;
  const ofNative = nativeBreakpointCost(heapBytes);
  // Before breakpoints can be set, V8 lists the scripts.
  const ofAll = refusalOf('script-list', collectionCost(heapBytes), Infinity, options);
  const refusal = ofAll ?? refusalOf('native-makers', ofNative, Infinity, options, LONGEST_FOR_LINES_MS);
  const watched = { makes: causes.map(({ code }) => code), isNativeToo: refusal === null };
  const sites = ofAll
    ? []
    : await recordCalls(target.session, () => someWork(context, enoughFor(causes)), watched);
  const named = await withPlaces(context, causes, sites);
  const isMissing = refusal !== null && named.some(({ site }) => site === null);
  return { named, notes: isMissing ? [{ code: 'makers-refused', refusal }] : [] };
}

const isAmong = (some: readonly LedgerGrowth[], { code }: LedgerGrowth): boolean =>
  some.some((one) => one.code === code);

/** So many requests show what is made at one of fifty; each call that is noted costs up to 0.2 ms. */
const ENOUGH_REQUESTS = 400;
/** Of what is made at one of hundreds, such as a worker, so many calls are seen; not at any price. */
const ENOUGH_CALLS = 8;
const MOST_REQUESTS = 8_000;
const MOST_ROUNDS = 20;

function enoughFor(causes: readonly EndlessGrowth[]): number {
  const rates = causes
    .filter(({ code }) => code !== 'native-memory' && code !== 'children-memory')
    .map(({ verdict }) => verdict.growthRate.estimate);
  const rarest = Math.min(1, ...rates);
  return Math.min(MOST_REQUESTS, Math.max(ENOUGH_REQUESTS, ENOUGH_CALLS / rarest));
}

async function someWork({ work, options }: Context, enough: number): Promise<number> {
  let done = 0;
  for (let round = 1; round <= MOST_ROUNDS && (round === 1 || work.unit === 'request'); round += 1) {
    options.signal.throwIfAborted();
    options.onProgress?.('more work, to see what makes it', Math.min(1, done / enough));
    const did = await unlessEnded(work.round());
    if (did === null) break;
    done += did;
    if (done >= enough) break;
  }
  return done;
}

/** Beside a leak of V8's heap, its tables in malloc grow as well: a fraction of it is not worth a suspect of its own. */
const LEAST_OF_HEAP = 0.3;

function endlessOf(growths: readonly LedgerGrowth[], measured: Measured): EndlessGrowth[] {
  return growths.filter((one) => isEndless(one)).filter((one) => isWorthSaying(one, measured));
}

function isWorthSaying(growth: EndlessGrowth, { verdict }: Measured): boolean {
  if (growth.code !== 'native-memory' || verdict.kind !== 'leak') return true;
  return growth.verdict.growthRate.estimate >= LEAST_OF_HEAP * (verdict.growthRate?.estimate ?? 0);
}

/** The line that makes each, in the author's file where there is a source map. */
async function withPlaces(
  { target }: Context,
  causes: readonly EndlessGrowth[],
  sites: readonly CallSite[],
): Promise<Omit<Cause, 'bytesPerWork' | 'blocks'>[]> {
  const found = causes.map((growth) => ({ growth, fitting: sitesOf(growth, sites) }));
  const files = new Set(
    found.flatMap(({ fitting }) => fitting.flatMap(({ place }) => (place ? [pathOf(place.file)] : []))),
  );
  const scripts = [...(await target.scripts()).values()].filter(({ url }) => files.has(pathOf(url)));
  const maps = new SourceMaps();
  await maps.load(scripts);
  const placeOf = (site: CallSite): CodePlace | null => {
    if (!site.place) return null;
    const { file, line, column } = site.place;
    const script = scripts.find(({ url }) => pathOf(url) === pathOf(file));
    const place = script ? maps.place(script, line, column) : { file: pathOf(file), line, column };
    return { function: site.place.function, ...place };
  };
  const details = await Promise.all(causes.map((growth) => detailOf(growth, target.pid)));
  return found.map(({ growth, fitting }, at) => ({
    growth,
    site: fitting[0] ?? null,
    places: fitting.flatMap((site) => placeOf(site) ?? []),
    makers: [...new Set(fitting.map(({ maker }) => maker))],
    detail: details[at] ?? null,
  }));
}

/** What the system calls most of them. */
async function detailOf({ code }: EndlessGrowth, pid: number): Promise<string | null> {
  const most = await mostOf(code, pid);
  if (most === null) return null;
  if (most.as === 'path') return `most of ${JSON.stringify(most.text)}`;
  return most.as === 'state' ? `most ${most.text}` : `most named ${most.text}`;
}
