import type { Allocation } from './allocation-profile.js';
import type { Suspect } from '../result.js';
import type { Gain } from '../probe/inside/container-growth.js';
import { type Accused, type Growth, LEAST_ENTRIES } from './suspects.js';

/** A script that makes so much of the growth makes what is sought. */
const MADE = 0.5;

/** What cannot be weighed entry by entry: in which scripts it is made, and why it is not to be seen. */
interface Unseen {
  scripts: string[];
  why: string;
}

function unseenIn(gain: Gain, { work }: Growth): Unseen | null {
  const { kind, calls, gained, route, nearby } = gain;
  // Arrow functions hold the `this` of where they were written, and no inspector shows it.
  if (calls?.usesOuterThis && gained >= LEAST_ENTRIES * work)
    return { scripts: [calls.script], why: 'what its functions hold as their `this` is not to be seen' };
  if (kind === 'String') {
    const scripts = [...nearby.scripts, ...route.flatMap(({ edge }) => edge.script ?? [])];
    return { scripts, why: 'of a text that is appended to V8 keeps the pieces, which are not to be seen' };
  }
  return null;
}

/**
 * Where the file of what cannot be weighed makes most of what stays, that is what it keeps.
 *
 * @returns the suspect that was weighed so, and why; null where there is none
 */
export function weighUnseen(
  { suspects, filling, gains }: Accused,
  allocations: readonly Allocation[],
  growth: Growth,
): { suspect: Suspect; why: string } | null {
  const { bytesPerWork, work } = growth;
  const bytes = Math.max(1, bytesPerWork * work);
  const accused = [...suspects, ...filling];
  for (const suspect of accused) {
    const gain = gains.get(suspect)!;
    const unseen = unseenIn(gain, growth);
    if (!unseen) continue;
    // What is seen of others in that file is not made twice.
    const others = gain.kind === 'String' ? accused.filter((one) => one !== suspect) : [];
    const made = allocations
      .filter(({ script }) => unseen.scripts.includes(script))
      .reduce(
        (sum, one) => sum + one.bytes,
        -bytes * others.reduce((sum, { share }) => sum + (share ?? 0), 0),
      );
    if (made < MADE * bytes || made < (suspect.share ?? 0) * bytes) continue;
    suspect.share = Math.min(1, made / bytes);
    suspect.bytesPerRequest = made / work;
    suspect.retainedBytes = Math.round(gain.entries * (made / gain.gained));
    return { suspect, why: unseen.why };
  }
  return null;
}
