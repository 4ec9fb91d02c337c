import { boundNear, isSweptSeldom, isYoung, wasEmptied } from './bounds.js';
import type { Suspect, SuspectKind } from '../result.js';
import { kindOf } from '../naming/kinds.js';
import type { Gain, RouteStep } from '../probe/inside/container-growth.js';
import { lessonFor } from '../naming/advice.js';
import { type Atlas, fileName, nameOf } from '../naming/owner-name.js';
import { isOfPackage } from '../naming/scripts.js';

export interface Growth {
  /** Bytes kept for each request (or second), by the verdict. */
  bytesPerWork: number;
  /** Requests (or seconds) between the two walks. */
  work: number;
  /** Requests (or seconds) between the first look at the memory and the second walk. */
  workInAll: number;
  heapLimitBytes: number;
  /** Since the first look at the memory. */
  watchedMs: number;
}

export interface Accused {
  suspects: Suspect[];
  filling: Suspect[];
  /** The gain that each suspect was made of, for those who ask more of it. */
  gains: Map<Suspect, Gain>;
}

/** What accounts for less is left to "unexplained". */
const LEAST_SHARE = 0.04;
/**
 * Containers at one place are counted by a sample, as if each entry of a large one had as many behind it. Where that
 * comes to more than there is, they are shared, and the count says nothing.
 */
const MOST_SHARE = 3;
/**
 * Where nobody accounts for that much: entries for each request (or second) that are a lead all the same. What an
 * entry keeps is estimated from what can be seen of it, and may be more.
 */
export const LEAST_ENTRIES = 0.5;
/** How many new entries of somebody there have to be for each new container, where both are counted by samples. */
const ENTRIES_FOR_BORN = 1 / 3;
const MOST_SUSPECTS = 5;

/** Names those that gained, by what they gained. */
export function accuse(gains: Gain[], now: number, growth: Growth, atlas: Atlas): Accused {
  const accused: Accused = { suspects: [], filling: [], gains: new Map() };
  const kept: Gain[] = [];
  const possible = gains.filter((gain) => gain.containers <= 1 || shareOf(gain, growth) <= MOST_SHARE);
  const heavy = outermost(possible.filter((gain) => shareOf(gain, growth) >= LEAST_SHARE));
  const steady = possible.filter(({ gained }) => gained >= LEAST_ENTRIES * growth.work);
  for (const gain of heavy.length > 0 ? heavy : steady) {
    if (kept.length >= MOST_SUSPECTS) break;
    // What stands within entries of somebody accused is part of those entries.
    if (kept.some((other) => isWithin(gain, other))) continue;
    kept.push(gain);
    const suspect = suspectOf(gain, growth, atlas);
    const fills = suspect.bound !== null && canHold(suspect, gain, growth);
    const mayGo =
      isYoung(gain, now) ||
      isSweptSeldom(gain, growth.watchedMs) ||
      wasEmptied(gain, growth.work, growth.workInAll);
    const list = fills || mayGo ? accused.filling : accused.suspects;
    list.push({ ...suspect, rank: list.length + 1 });
    accused.gains.set(list.at(-1)!, gain);
  }
  return withCompanions(accused, atlas);
}

/**
 * Without containers that came into being together with the entries of somebody else: whatever way the walk came by
 * them, they are in these entries, as are their own.
 */
function outermost(gains: Gain[]): Gain[] {
  const holders = gains.filter(({ born }) => born < 1);
  return gains.filter(
    ({ born }) => born < 1 || !holders.some(({ gained }) => gained >= ENTRIES_FOR_BORN * born),
  );
}

/** What a package's bounded thing keeps beside it, entry by entry, goes when that goes. */
function withCompanions({ suspects, filling, gains }: Accused, atlas: Atlas): Accused {
  const free: Suspect[] = [];
  const bound = [...filling];
  for (const suspect of suspects) {
    const leader = filling.find((one) => goesWith(gains.get(suspect)!, gains.get(one)!, atlas));
    if (leader) bound.push({ ...suspect, bound: leader.bound, rank: bound.length + 1 });
    else free.push({ ...suspect, rank: free.length + 1 });
    gains.set((leader ? bound : free).at(-1)!, gains.get(suspect)!);
  }
  return { suspects: free, filling: bound, gains };
}

export function isAsMany(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(2, b / 100);
}

/** As many entries and as many new ones, and both are variables inside of one thing that packages made. */
function goesWith(one: Gain, other: Gain, { scripts }: Atlas): boolean {
  if (!isAsMany(one.entries, other.entries) || !isAsMany(one.gained, other.gained)) return false;
  const apart = one.route.findIndex(({ edge }, at) => {
    const there = other.route[at]?.edge;
    return edge.kind !== there?.kind || edge.name !== there.name || edge.script !== there.script;
  });
  const isInPackage = ({ edge }: RouteStep): boolean =>
    edge.kind === 'variable' && edge.scope !== '' && isOfPackage(scripts.get(edge.script ?? '')?.url ?? '');
  return apart > 0 && [one.route[apart], other.route[apart]].every((step) => step && isInPackage(step));
}

function shareOf({ gained, bytesPerEntry }: Gain, { bytesPerWork, work }: Growth): number {
  return (gained * bytesPerEntry) / Math.max(1, bytesPerWork * work);
}

/** A bound that the heap cannot hold is no bound. */
function canHold({ bound }: Suspect, { entries, bytesPerEntry }: Gain, { heapLimitBytes }: Growth): boolean {
  return (entries * bytesPerEntry) / bound!.filled < heapLimitBytes;
}

function isWithin(inner: Gain, outer: Gain): boolean {
  return (
    inner.route.length > outer.route.length &&
    outer.route.every(({ edge }, at) => {
      const other = inner.route[at]!.edge;
      return edge.kind === other.kind && edge.name === other.name;
    })
  );
}

function suspectOf(gain: Gain, growth: Growth, atlas: Atlas): Suspect {
  const { kind, entries, containers, total, gained, bytesPerEntry, keys } = gain;
  const type = kind === 'List' ? `list of ${gain.className}` : gain.className;
  const suspectKind = kindOf({
    path: gain.route
      .slice(-3)
      .map(({ edge }) => keyed(edge.name))
      .join(''),
    type: gain.className,
    members: [gain.entryClass],
    container: kind === 'List' ? null : kind === 'Array' || kind === 'Set' ? 'listed' : 'keyed',
  });
  const handles = handlesOf(gain);
  const registry = registryOf(suspectKind, gain.route);
  const { owner, text, path, rawPath } = nameOf(registry?.route ?? gain.route, atlas);
  // Numbers that stand near an emitter, such as a highWaterMark, are not of its listeners.
  const bound = registry ? null : boundNear(gain, atlas.sources);
  const many = containers > 1;
  const count = (many ? total : entries).toLocaleString('en');
  // Bytes and characters are no entries.
  const isOfBytes = kind === 'Buffer' || kind === 'String';
  const unit = kind === 'Buffer' ? 'bytes' : kind === 'String' ? 'characters' : 'entries';
  const of = many ? `${containers.toLocaleString('en')} × ${type}` : type;
  const called = gain.calls && /^(timers|listeners)$/.test(suspectKind) ? calledAt(gain.calls, atlas) : null;
  const held = registry ? `${count} ${registry.what}` : handles ? count : `${of}, ${count} ${unit}`;
  return {
    rank: 0,
    kind: suspectKind,
    owner,
    name: `${text} (${held}${called ? `, of ${called.said}` : ''})`,
    path,
    rawPath,
    type: handles ?? type,
    entries: isOfBytes ? null : many ? total : entries,
    entriesPerRequest: isOfBytes ? null : gained / growth.work,
    retainedBytes: Math.round((many ? total : entries) * bytesPerEntry),
    bytesPerRequest: (gained * bytesPerEntry) / growth.work,
    share: Math.min(1, shareOf(gain, growth)),
    allocatedAt: called ? [called.place] : [],
    bound,
    ...(kind === 'Map' || kind === 'Object' || kind === 'Set' ? { sampleKeys: keys } : {}),
    lesson: lessonFor({ kind: suspectKind, type, bound, keys, handles: handles !== null }),
  };
}

/** Of what the event loop holds: the class of the handles, which were opened and not closed. */
export function handlesOf({ route }: Gain): string | null {
  return route.length === 1 ? (/^open handles of (.+)$/.exec(route[0]!.edge.name)?.[1] ?? null) : null;
}

/** Whoever wrote the callback is the one to ask. */
function calledAt(calls: NonNullable<Gain['calls']>, { scripts, maps, folder }: Atlas) {
  const script = scripts.get(calls.script);
  if (!script || script.url.startsWith('node:')) return null;
  const { file, line, column } = maps.place(script, calls.line, calls.column);
  const name = calls.name || '(anonymous)';
  return {
    said: `${calls.name ? `${calls.name} at ` : ''}${fileName(file, folder)}:${line}`,
    place: { function: name, file, line, column },
  };
}

function keyed(name: string): string {
  if (name === '') return '[]'; // an entry
  return name.startsWith('Symbol(') ? `[<symbol ${name.slice(7, -1)}>]` : `.${name}`;
}

/** Who the listeners listen to, or how long the timers are, without the tables that these are kept in. */
function registryOf(kind: SuspectKind, route: RouteStep[]): { route: RouteStep[]; what: string } | null {
  if (kind === 'timers' && route[0]!.edge.name.startsWith('timers of ') && route.length === 2) {
    return { route: route.slice(0, 1), what: 'timers' };
  }
  const at = route.findLastIndex(({ edge }) => edge.name === '_events' || edge.name === 'Symbol(kEvents)');
  if (kind !== 'listeners' || at < 1 || at < route.length - 4) return null;
  const below = route[at + 1]?.edge;
  const event = below?.kind === 'property' ? `${below.name} ` : '';
  return { route: route.slice(0, at), what: `${event}listeners` };
}
