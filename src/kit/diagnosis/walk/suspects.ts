import { kindOf, type SuspectKind } from '../../advice/index.js';
import { isNodeFile, isPackageFile } from '../../heap/index.js';
import { type Candidate, isAsMany, isOutweighed, type Ranking, suspectsOf } from '../model/context.js';
import { fileName, nameOf, type NameSource, sizeText, suspectFrom, withBound } from '../naming/index.js';
import { type GrownContainer, handlesOf, type RouteStep } from '../probe/index.js';
import { FEWEST_LEAKED, isConnection } from '../model/connections.js';
import type { CodePlace, RuledOutReason, Suspect } from '../model/result.js';
import { type BetweenWalks, grownBytes } from './between-walks.js';
import { mayAge } from './ages-in-code.js';
import { areReplaced, boundNear, expiresInMs, isCleanedByTimer, wasEmptied } from './bounds.js';

/** A container that accounts for less of the growth is no suspect. */
const LEAST_SHARE = 0.04;
/**
 * Containers at one place are counted by a sample, as if each entry of a large one had as many behind it. Where that
 * comes to more than this share of the growth, they are shared, and the count says nothing.
 */
const MOST_SHARE = 3;
/**
 * Where no container accounts for LEAST_SHARE: entries for each unit of work that make a suspect all the same. The
 * size of an entry is estimated from what the walk can see of it, and may be larger.
 */
export const LEAST_ENTRIES = 0.5;
/** The least share of a container that takes entries beside what fills. */
const LEAST_BESIDE = 0.004;
/** New entries of one container for each new container, where both are counted by samples. */
const ENTRIES_FOR_BORN = 1 / 3;
/** New entries of a container for each new entry of another inside of them, where one brings the other. */
const ENTRIES_BROUGHT = 0.9;
const MOST_SUSPECTS = 5;

/** Ranks the containers that grew between the two walks, and rules out those that have a bound or an end. */
export function rank(
  grown: readonly GrownContainer[],
  now: number,
  between: BetweenWalks,
  source: NameSource,
): Ranking {
  const suspects: Candidate[] = [];
  const ruledOut: Ranking['ruledOut'] = [];
  const sort = (one: GrownContainer): void => {
    const suspect = suspectOf(one, between, source);
    const reason = reasonToRuleOut(suspect, one, now, between, source.sources);
    if (reason === null) suspects.push({ suspect, grown: one, mayAge: mayAge(one, source.sources) });
    else ruledOut.push({ suspect: { ...suspect, reason }, grown: one });
  };
  const named = worthNaming(grown, between);
  named.forEach(sort);
  // A leak beside a cache that fills is a small part of the growth, and all that remains when the cache is full.
  const soFar = suspectsOf({ suspects, ruledOut });
  if (isOutweighed(soFar.suspects, soFar.ruledOut)) besideWhatFills(grown, named, between).forEach(sort);
  return withCompanions({ suspects, ruledOut }, source);
}

/** Containers that take entries steadily, and whose share is small for what others take. */
function besideWhatFills(
  grown: readonly GrownContainer[],
  named: readonly GrownContainer[],
  between: BetweenWalks,
): GrownContainer[] {
  return grown
    .filter((one) => one.containers <= 1 && one.gained >= LEAST_ENTRIES * between.work)
    .filter((one) => shareOf(one, between) >= LEAST_BESIDE && !named.some((other) => other === one))
    .filter((one) => !named.some((outer) => isWithin(one, outer)))
    .slice(0, MOST_SUSPECTS);
}

/** The containers that explain enough, without those that stand within the entries of another. */
function worthNaming(grown: readonly GrownContainer[], between: BetweenWalks): GrownContainer[] {
  const possible = grown.filter(
    (one) => (one.containers <= 1 || shareOf(one, between) <= MOST_SHARE) && !isOfConnections(one, between),
  );
  const heavy = outermost(possible.filter((one) => shareOf(one, between) >= LEAST_SHARE));
  const steady = possible.filter(({ gained }) => gained >= LEAST_ENTRIES * between.work);
  const named: GrownContainer[] = [];
  for (const one of heavy.length > 0 ? heavy : steady) {
    if (named.length >= MOST_SUSPECTS) break;
    if (!named.some((outer) => isWithin(one, outer)) && !possible.some((outer) => brings(outer, one)))
      named.push(one);
  }
  return named;
}

/** Connections that are kept alive, and what is inside of them: fewer come than requests over them. */
function isOfConnections({ route, gained }: GrownContainer, { work, unit }: BetweenWalks): boolean {
  const [root] = route;
  const name = root?.edge.kind === 'root' ? root.edge.name.replace('open handles of ', '') : '';
  return unit === 'request' && isConnection(name) && gained < FEWEST_LEAKED * work;
}

/** Null for a suspect that stays one. A bound that the heap cannot hold is no bound. */
function reasonToRuleOut(
  { bound }: Suspect,
  grown: GrownContainer,
  now: number,
  between: BetweenWalks,
  sources: NameSource['sources'],
): RuledOutReason | null {
  const { heapLimitBytes, measuredMs, work } = between;
  const bytesWhenFull = bound === null ? Infinity : (grown.entries * grown.heldBytesPerEntry) / bound.filled;
  if (bytesWhenFull < heapLimitBytes) return { code: 'has-bound' };
  const inMs = expiresInMs(grown, now, sources);
  if (inMs !== null) return { code: 'not-expired-yet', inMs };
  if (isCleanedByTimer(grown, measuredMs)) return { code: 'cleaned-by-timer' };
  if (areReplaced(grown, work)) return { code: 'replaced', containers: grown.replaced };
  return wasEmptied(grown, between) ? { code: 'was-emptied' } : null;
}

/**
 * Without containers that were created together with the entries of another: whatever path the walk reached them by,
 * they are part of these entries, as are their own.
 */
function outermost(grown: readonly GrownContainer[]): GrownContainer[] {
  const lasting = grown.filter(({ born }) => born < 1);
  return grown.filter(
    ({ born }) => born < 1 || !lasting.some(({ gained }) => gained >= ENTRIES_FOR_BORN * born),
  );
}

/** A second container of a package, with the same entries as a bounded one, shrinks with it. */
function withCompanions({ suspects, ruledOut }: Ranking, source: NameSource): Ranking {
  const stay: Candidate[] = [];
  const all = [...ruledOut];
  for (const candidate of suspects) {
    const leader = ruledOut.find((one) => growsWith(candidate.grown, one.grown, source));
    if (leader) {
      const { bound, name } = leader.suspect;
      const reason: RuledOutReason = bound ? { code: 'has-bound' } : { code: 'grows-with', name };
      all.push({ suspect: { ...withBound(candidate.suspect, bound), reason }, grown: candidate.grown });
    } else stay.push(candidate);
  }
  return { suspects: stay, ruledOut: all };
}

/** As many entries and as many new ones, and both are variables inside one object that a package created. */
function growsWith(one: GrownContainer, other: GrownContainer, { scripts }: NameSource): boolean {
  if (!isAsMany(one.entries, other.entries) || !isAsMany(one.gained, other.gained)) return false;
  const apart = one.route.findIndex(({ edge }, at) => {
    const there = other.route[at]?.edge;
    return edge.kind !== there?.kind || edge.name !== there.name || edge.script !== there.script;
  });
  const isInPackage = ({ edge }: RouteStep): boolean =>
    edge.kind === 'variable' && edge.scope !== '' && isPackageFile(scripts.get(edge.script ?? '')?.url ?? '');
  return apart > 0 && [one.route[apart], other.route[apart]].every((step) => step && isInPackage(step));
}

function shareOf({ gained, bytesPerEntry }: GrownContainer, between: BetweenWalks): number {
  return (gained * bytesPerEntry) / grownBytes(between);
}

function isWithin(inner: GrownContainer, outer: GrownContainer): boolean {
  return (
    inner.route.length > outer.route.length &&
    outer.route.every(({ edge }, at) => {
      const other = inner.route[at]?.edge;
      return edge.kind === other?.kind && edge.name === other.name;
    })
  );
}

/** Whether the entries of one container bring the other with them, such as the timers that its entries have. */
function brings(outer: GrownContainer, inner: GrownContainer): boolean {
  return isWithin(inner, outer) && outer.gained >= ENTRIES_BROUGHT * inner.gained;
}

function suspectOf(grown: GrownContainer, between: BetweenWalks, source: NameSource): Suspect {
  const { kind, entries, containers, total, gained, bytesPerEntry, heldBytesPerEntry, keys } = grown;
  const className = writtenClass(grown, source);
  const suspectKind = kindOf({
    path: grown.route
      .slice(-3)
      .map(({ edge }) => keyed(edge.name))
      .join(''),
    type: className,
    members: [grown.entryClass],
    container: kind === 'List' ? null : kind === 'Array' || kind === 'Set' ? 'listed' : 'keyed',
  });
  const handles = handlesOf(grown);
  const registry = registryOf(suspectKind, grown.route);
  const { owner, text, path, rawPath } = nameOf(registry?.route ?? grown.route, source);
  const type = kind === 'List' ? `list of ${className}` : className;
  const count = containers > 1 ? total : entries;
  // Bytes and characters are no entries.
  const noun = kind === 'Buffer' ? 'bytes' : kind === 'String' ? 'characters' : 'entries';
  const isCounted = noun === 'entries';
  const called =
    grown.calls && /^(timers|listeners)$/.test(suspectKind) ? calledAt(grown.calls, source) : null;
  const size = registry
    ? sizeText(count, { noun: registry.noun })
    : handles
      ? count.toLocaleString('en')
      : sizeText(count, { type, containers, noun });
  return suspectFrom({
    kind: suspectKind,
    owner,
    subject: text,
    size: called ? `${size}, of ${called.text}` : size,
    path,
    rawPath,
    type: handles ?? type,
    entries: isCounted ? count : null,
    entriesPerWork: isCounted ? gained / between.work : null,
    retainedBytes: Math.round(gained * bytesPerEntry + Math.max(0, count - gained) * heldBytesPerEntry),
    bytesPerWork: (gained * bytesPerEntry) / between.work,
    growthShare: shareOf(grown, between),
    allocatedAt: called ? [called.place] : [],
    // Numbers near an emitter, such as a highWaterMark, are not about its listeners.
    bound: registry ? null : boundNear(grown, source.sources),
    ...(kind === 'Map' || kind === 'Object' || kind === 'Set' ? { sampleKeys: keys } : {}),
    handles: handles !== null,
    ...(isCounted && between.unit === 'request' && { perRequest: gained / between.work }),
  });
}

function writtenClass({ className, route }: GrownContainer, { maps }: NameSource): string {
  const at = route.at(-1)?.classAt;
  return at ? maps.functionName(className, at, 'class') : className;
}

/** Where a callback was written: its author is the one to ask. */
function calledAt(
  calls: NonNullable<GrownContainer['calls']>,
  source: NameSource,
): { text: string; place: CodePlace } | null {
  const script = source.scripts.get(calls.script);
  if (!script || isNodeFile(script.url)) return null;
  const { file, line, column } = source.maps.place(script, calls.line, calls.column);
  const name = source.maps.functionName(calls.name, calls, 'function');
  const at = `${fileName(file, source)}:${line}`;
  return {
    text: name ? `${name} at ${at}` : at,
    place: { function: name || '(anonymous)', file, line, column },
  };
}

function keyed(name: string): string {
  if (name === '') return '[]'; // an entry
  return name.startsWith('Symbol(') ? `[<symbol ${name.slice(7, -1)}>]` : `.${name}`;
}

/** The emitter that listeners belong to, or the length of timers, without the tables that keep them. */
function registryOf(kind: SuspectKind, route: RouteStep[]): { route: RouteStep[]; noun: string } | null {
  if (kind === 'timers' && route[0]?.edge.name.startsWith('timers of ') && route.length === 2) {
    return { route: route.slice(0, 1), noun: 'timers' };
  }
  const at = route.findLastIndex(({ edge }) => edge.name === '_events' || edge.name === 'Symbol(kEvents)');
  if (kind !== 'listeners' || at < 1 || at < route.length - 4) return null;
  const below = route[at + 1]?.edge;
  const event = below?.kind === 'property' ? `${below.name} ` : '';
  return { route: route.slice(0, at), noun: `${event}listeners` };
}
