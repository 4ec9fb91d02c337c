import { boundNear, isYoung } from './bound-nearby.js';
import type { Suspect, SuspectKind } from './diagnosis.js';
import type { Gain } from './inside/survey.js';
import { lessonFor } from './lessons.js';
import { type Atlas, nameOf } from './naming.js';

export interface Growth {
  /** Bytes kept for each request (or second), by the verdict. */
  bytesPerWork: number;
  /** Requests (or seconds) between the two walks. */
  work: number;
  heapLimitBytes: number;
}

export interface Accused {
  suspects: Suspect[];
  filling: Suspect[];
  /** The gain that each suspect was made of, for those who ask more of it. */
  gains: Map<Suspect, Gain>;
}

/** What accounts for less is left to "unexplained". */
const LEAST_SHARE = 0.04;
const MOST_SUSPECTS = 5;

/** Names those that gained, by what they gained. */
export function accuse(gains: Gain[], now: number, growth: Growth, atlas: Atlas): Accused {
  const accused: Accused = { suspects: [], filling: [], gains: new Map() };
  const kept: Gain[] = [];
  for (const gain of gains) {
    const share = shareOf(gain, growth);
    if (share < LEAST_SHARE || kept.length >= MOST_SUSPECTS) continue;
    // What stands within entries of somebody accused is part of those entries.
    if (kept.some((other) => isWithin(gain, other))) continue;
    kept.push(gain);
    const suspect = suspectOf(gain, growth, atlas);
    const fills = suspect.bound !== null && canHold(suspect, gain, growth);
    const list = fills || isYoung(gain, now) ? accused.filling : accused.suspects;
    list.push({ ...suspect, rank: list.length + 1 });
    accused.gains.set(list.at(-1)!, gain);
  }
  return accused;
}

function shareOf({ gained, bytesPerEntry }: Gain, { bytesPerWork, work }: Growth): number {
  return (gained * bytesPerEntry) / Math.max(1, bytesPerWork * work);
}

/** A bound that the heap cannot hold is no bound. */
function canHold({ bound }: Suspect, { bytesPerEntry }: Gain, { heapLimitBytes }: Growth): boolean {
  return bound!.limit * bytesPerEntry < heapLimitBytes;
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
  const { kind, className, entries, containers, total, gained, bytesPerEntry, keys } = gain;
  const { owner, text, path } = nameOf(gain.route, atlas);
  const suspectKind = kindOf(gain);
  const bound = boundNear(gain);
  const unit = kind === 'Buffer' ? 'bytes' : suspectKind === 'listeners' ? 'listeners' : 'entries';
  const type = kind === 'List' ? `list of ${className}` : className;
  const size =
    containers > 1
      ? `${containers.toLocaleString('en')} × ${type}, ${total.toLocaleString('en')} ${unit}`
      : `${type}, ${entries.toLocaleString('en')} ${unit}`;
  const bytesPerRequest = (gained * bytesPerEntry) / growth.work;
  return {
    rank: 0,
    kind: suspectKind,
    owner,
    name: `${text} (${size})`,
    path,
    type,
    entries: containers > 1 ? total : entries,
    entriesPerRequest: gained / growth.work,
    retainedBytes: Math.round((containers > 1 ? total : entries) * bytesPerEntry),
    bytesPerRequest,
    share: Math.min(1, shareOf(gain, growth)),
    allocatedAt: [],
    bound,
    lesson: lessonFor({ kind: suspectKind, type, bound, keys }),
  };
}

/** What holds, by the names that lead to it and by what it holds. */
function kindOf({ kind, route, entryClass }: Gain): SuspectKind {
  const names = route.slice(-4).map(({ edge }) => edge.name);
  const last = names.at(-1) ?? '';
  if (kind === 'Buffer') return 'buffers';
  if (/^(Timeout|Immediate|Interval)$/.test(entryClass) || route[0]?.edge.name.startsWith('timers of'))
    return 'timers';
  if (names.slice(-2).includes('_events') || names.some((name) => /^Symbol\((events\.|kEvents)/.test(name)))
    return 'listeners';
  if (/(listener|observer|subscriber|subscription|handler|callback|hook)s?$/i.test(last)) return 'listeners';
  if (entryClass === 'Promise') return 'promises';
  if (kind === 'List') return 'objects';
  return 'container';
}
