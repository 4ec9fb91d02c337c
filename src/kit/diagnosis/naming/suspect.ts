import type { DeclaredBound, Suspect } from '../model/result.js';
import { adviceFor, type AdviceFacts } from '../../advice/index.js';

/** What is known of a suspect before it is named: the same for a live process and for a snapshot. */
export interface SuspectFacts extends Omit<Suspect, 'rank' | 'name' | 'advice'> {
  /** What it is called, such as `UsersModule › LeakyUserCache.users`. */
  subject: string;
  /** What it is and how large, such as `Map, 100,002 entries`. */
  size: string;
  /** What makes the advice more exact. */
  slices?: boolean;
  handles?: boolean;
  ofNode?: boolean;
  compared?: number;
  perRequest?: number;
}

/** The one place that makes a suspect: its name and its advice follow from its facts. Its rank is given later. */
export function suspectFrom({
  subject,
  size,
  slices,
  handles,
  ofNode,
  compared,
  perRequest,
  ...facts
}: SuspectFacts): Suspect {
  const { kind, type, bound, sampleKeys } = facts;
  const ofSnapshots = { slices, ofNode, compared };
  const about: AdviceFacts = { kind, type, bound, keys: sampleKeys, handles, perRequest, ...ofSnapshots };
  return { ...facts, rank: 0, name: `${subject} (${size})`, advice: adviceFor(about) };
}

/** The same suspect with a bound that was found later: its advice follows from it. */
export function withBound(suspect: Suspect, bound: DeclaredBound | null): Suspect {
  if (bound === null) return { ...suspect, bound };
  const { kind, type, sampleKeys } = suspect;
  return { ...suspect, bound, advice: adviceFor({ kind, type, bound, keys: sampleKeys }) };
}

/** The same suspects, ranked from 1 in this order. */
export function ranked<S extends Suspect>(suspects: readonly S[]): S[] {
  return suspects.map((suspect, at) => ({ ...suspect, rank: at + 1 }));
}

/** `Map, 100,002 entries`; `300 entries in 12 Maps` of several containers; `14,501 SIGTERM listeners` with a noun alone. */
export function sizeText(
  count: number,
  { type, containers = 1, noun = 'entries' }: { type?: string; containers?: number; noun?: string },
): string {
  const counted = `${count.toLocaleString('en')} ${noun}`;
  if (type === undefined) return counted;
  if (containers <= 1) return `${type}, ${counted}`;
  return `${counted} in ${containers.toLocaleString('en')} ${type.endsWith('s') ? `objects of ${type}` : `${type}s`}`;
}
