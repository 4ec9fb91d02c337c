import { IDLE_DRIFT_BYTES } from '../../verdict/index.js';
import type { Note } from '../model/notes.js';
import type { RuledOut, Suspect } from '../model/result.js';
import { ranked } from '../naming/index.js';
import { joinAlike } from './alike.js';
import type { OverSnapshots } from './over-snapshots.js';
import { judged, leastStep, stepsOf } from './series.js';
import { FEWEST_SHARE } from './suspects.js';

const MOST_SUSPECTS = 5;

/** What follows from suspects that were compared over snapshots. */
export interface Grown {
  suspects: Suspect[];
  ruledOut: RuledOut[];
  notes: Note[];
}

/**
 * Of two snapshots, ranks what gained most, and what has a sign of a bound after the others: two cannot tell it from a
 * leak. One object that was not there before, and that has less, comes last. Of three and more, rules out what stopped, and ranks the rest by the least that it gained in a step.
 *
 * @param heapBytes the sizes of the heaps, the oldest first
 */
export function rankGrown(compared: OverSnapshots, heapBytes: readonly number[]): Grown {
  const grown = joinAlike(compared.suspects).filter((one) => isLarge(one, heapBytes));
  const of = heapBytes.length > 2 ? overSeries(grown, heapBytes) : betweenTwo(grown);
  const replaced = compared.ruledOut.filter((one) => isLarge(one, heapBytes));
  return { ...of, ruledOut: ranked([...of.ruledOut, ...replaced]) };
}

function betweenTwo(grown: readonly Suspect[]): Grown {
  const byGain = grown.toSorted((a, b) => (b.gainedBytes ?? 0) - (a.gainedBytes ?? 0));
  const signed = byGain.flatMap((one) =>
    one.boundSign === undefined ? [] : [{ ...one, sign: one.boundSign }],
  );
  const most = signed[0]?.gainedBytes ?? 0;
  const last = (one: Suspect): number => {
    if (one.boundSign !== undefined) return 1;
    return isThereOnce(one) && (one.gainedBytes ?? 0) < most ? 2 : 0;
  };
  const suspects = ranked(byGain.toSorted((a, b) => last(a) - last(b)).slice(0, MOST_SUSPECTS));
  const containers = signed.map(({ name, sign }) => ({ name, sign }));
  return { suspects, ruledOut: [], notes: containers.length > 0 ? [{ code: 'may-fill', containers }] : [] };
}

/** Whether it is one object that was not there before: nothing has accumulated yet, and a second step would tell. */
function isThereOnce({ inSnapshots = [] }: Suspect): boolean {
  return inSnapshots[0]?.entries === 0 && inSnapshots.at(-1)?.entries === 1;
}

function overSeries(grown: readonly Suspect[], heapBytes: readonly number[]): Grown {
  const steps = grown.map(({ inSnapshots }) => stepsOf(inSnapshots ?? []));
  const [before = 0, last = 0] = heapBytes.slice(-2);
  const ended = last - before < IDLE_DRIFT_BYTES;
  const reasons = judged(steps, ended);
  const all = grown.map((suspect, at) => ({
    suspect,
    least: leastStep(steps[at] ?? { bytes: [], entries: null }),
    reason: reasons[at] ?? null,
  }));
  const suspects = all
    .filter(({ reason }) => reason === null)
    .toSorted((a, b) => b.least - a.least)
    .slice(0, MOST_SUSPECTS)
    .map(({ suspect }) => suspect);
  const ruledOut = all.flatMap(({ suspect, reason }) => (reason === null ? [] : [{ ...suspect, reason }]));
  return {
    suspects: ranked(suspects),
    ruledOut: ranked(ruledOut),
    notes: ended ? [{ code: 'growth-ended', beforeBytes: before, afterBytes: last }] : [],
  };
}

/** Whether it has a share worth naming of the growth in one of the steps, or over all of them. */
function isLarge({ gainedBytes = 0, inSnapshots = [] }: Suspect, heapBytes: readonly number[]): boolean {
  const grownBytes = Math.max(...heapBytes) - Math.min(...heapBytes);
  if (gainedBytes >= FEWEST_SHARE * Math.max(IDLE_DRIFT_BYTES, grownBytes)) return true;
  return stepsOf(inSnapshots).bytes.some((gained, at) => {
    const step = (heapBytes[at + 1] ?? 0) - (heapBytes[at] ?? 0);
    return step >= IDLE_DRIFT_BYTES && gained >= FEWEST_SHARE * step;
  });
}
