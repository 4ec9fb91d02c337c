import type { Suspect } from '../model/result.js';
import { sizeText } from '../naming/index.js';

/** Two may be of different things, such as a cache of users and one of orders. */
const FEWEST_ALIKE = 3;
/** A key that is data, or a position, as paths write it. */
const KEY = /\[(?:"(?:[^"\\]|\\.)*"|(?:entry )?\d+)\]/;
/** A name or a step of a path with `[…]` for its first key. */
export const withoutKey = (text: string): string => text.replace(KEY, '[…]');
/** `tenants["a"] (Map, 1,000 entries)`. */
const NAMED = /^(?<subject>.*) \((?<type>[\w$]+), [\d,]+ entries\)$/;

/**
 * Makes one suspect of several that differ in nothing but a key: a Map for each tenant. One by one, each may be too small
 * to be named, and they would take the places of the others.
 */
export function joinAlike(suspects: readonly Suspect[]): Suspect[] {
  const groups = new Map<unknown, Suspect[]>();
  for (const one of suspects) {
    const pattern = patternOf(one) ?? one; // what has no key is alone
    groups.set(pattern, [...(groups.get(pattern) ?? []), one]);
  }
  return [...groups.values()].flatMap((alike) => (alike.length < FEWEST_ALIKE ? alike : [joined(alike)]));
}

/** The name without the key; null for what has none, or is no container. */
function patternOf({ name, kind }: Suspect): string | null {
  const { subject = '', type = '' } = NAMED.exec(name)?.groups ?? {};
  return KEY.test(subject) ? `${kind} ${type} ${withoutKey(subject)}` : null;
}

function joined(alike: Suspect[]): Suspect {
  const largest = alike.reduce((most, one) =>
    (one.retainedBytes ?? 0) > (most.retainedBytes ?? 0) ? one : most,
  );
  const { subject = '', type = '' } = NAMED.exec(largest.name)?.groups ?? {};
  const sumOf = (valueOf: (one: Suspect) => number | null | undefined): number =>
    alike.reduce((sum, one) => sum + (valueOf(one) ?? 0), 0);
  const entries = sumOf((one) => one.entries);
  const { boundSign: _, ...other } = largest;
  const share = sumOf((one) => one.growthShare);
  return {
    ...other,
    name: `${withoutKey(subject)} (${sizeText(entries, { type, containers: alike.length })})`,
    path: largest.path.map((step) => withoutKey(step)),
    entries,
    retainedBytes: sumOf((one) => one.retainedBytes),
    growthShare: largest.growthShare === null ? null : Math.min(1, share),
    ...(largest.gainedBytes !== undefined && { gainedBytes: sumOf((one) => one.gainedBytes) }),
    ...(largest.inSnapshots && {
      inSnapshots: largest.inSnapshots.map((_seen, at) => ({
        entries: sumOf(({ inSnapshots }) => inSnapshots?.[at]?.entries),
        retainedBytes: sumOf(({ inSnapshots }) => inSnapshots?.[at]?.retainedBytes),
      })),
    }),
    ...(alike.every(({ boundSign }) => boundSign) && largest.boundSign && { boundSign: largest.boundSign }),
  };
}
