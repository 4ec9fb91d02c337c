import type { Allocation } from './allocations.js';
import type { Suspect } from './diagnosis.js';
import { type Accused, type Growth, LEAST_ENTRIES } from './suspects.js';

/** A script that makes so much of the growth makes what is sought. */
const MADE = 0.5;

/**
 * Arrow functions hold the `this` of where they were written, and no inspector shows it: what listeners and timers
 * of such functions keep cannot be weighed entry by entry. Where one of them is added at each request or two, and the
 * file that it is written in makes most of what stays, that is what it keeps.
 *
 * @returns the suspect that was weighed so, with what it comes to; null where there is none
 */
export function weighUnseen(
  { suspects, gains }: Accused,
  allocations: readonly Allocation[],
  { bytesPerWork, work }: Growth,
): Suspect | null {
  const growth = Math.max(1, bytesPerWork * work);
  for (const suspect of suspects) {
    const { calls, gained } = gains.get(suspect)!;
    if (!calls?.usesOuterThis || gained < LEAST_ENTRIES * work) continue;
    const made = allocations
      .filter(({ script }) => script === calls.script)
      .reduce((sum, { bytes }) => sum + bytes, 0);
    if (made < MADE * growth || made < (suspect.share ?? 0) * growth) continue;
    suspect.share = Math.min(1, made / growth);
    suspect.bytesPerRequest = made / work;
    suspect.retainedBytes = Math.round((suspect.entries ?? 0) * (made / gained));
    return suspect;
  }
  return null;
}
