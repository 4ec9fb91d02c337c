import { growthShareOf } from '../model/context.js';
import type { RuledOut, Suspect } from '../model/result.js';
import { ARROW } from '../naming/index.js';
import { withoutKey } from './alike.js';

/**
 * The suspects of the snapshots, and those of the walk that have at least the growth share of each of them. The others
 * are most likely the same memory under another name. What both found is one suspect: the walk knows its rate, and the
 * snapshots what it retains.
 */
export function combined(found: readonly Suspect[], known: readonly Suspect[]): Suspect[] {
  const both = known.flatMap((one) => {
    const same = found.find((other) => isSame(one, other) || isInside(one, other));
    return same === undefined ? [] : [{ same, one, merged: mergedOf(one, same) }];
  });
  const alone = found.filter((other) => !both.some(({ same }) => same === other));
  const remaining = known
    .filter((one) => !both.some((pair) => pair.one === one))
    .filter(({ growthShare }) => !found.some((other) => (other.growthShare ?? 0) > (growthShare ?? 0)));
  const all = [...both.map(({ merged }) => merged), ...alone, ...remaining];
  const total = Math.max(1, growthShareOf(all));
  return all
    .map((one) =>
      one.growthShare === null ? one : Object.assign({}, one, { growthShare: one.growthShare / total }),
    )
    .toSorted((a, b) => (b.growthShare ?? 0) - (a.growthShare ?? 0));
}

/**
 * Without the buffers that the walk saw being emptied: two snapshots between two flushes show one that only grows, and
 * not what it is emptied into.
 */
export function withoutEmptied<S extends Suspect>(found: readonly S[], ruledOut: readonly RuledOut[]): S[] {
  const emptied = ruledOut.filter(({ reason }) => reason.code === 'was-emptied');
  return found.filter((one) => !emptied.some((other) => isSame(one, other)));
}

/** Of what it took: a container with less was emptied before the first snapshot. */
const LEFT_OF_TAKEN = 0.5;
/** Fewer new entries say nothing of a rate. */
const FEWEST_ENTRIES = 20;

/**
 * Whether a container has far fewer entries than it took since the first sample, at its rate between the snapshots.
 *
 * @param work between the snapshots
 * @param inAll work since the first sample
 */
export function hasLost({ inSnapshots = [] }: Suspect, work: number, inAll: number): boolean {
  const [before, after] = [inSnapshots[0]?.entries ?? null, inSnapshots.at(-1)?.entries ?? null];
  if (before === null || after === null || after - before < FEWEST_ENTRIES) return false;
  return after < LEFT_OF_TAKEN * ((after - before) / work) * inAll;
}

/** A walk names a file as it was written, by its source map: that of a snapshot may have the folder of a build before it. */
function isOneFile(file: string, other: string): boolean {
  return file === other || file.endsWith(`/${other}`) || other.endsWith(`/${file}`);
}

function isSame(one: Suspect, other: Suspect): boolean {
  const [[file = '', ...path], [otherFile = '', ...otherPath]] = [one.path, other.path];
  return (
    one.type === other.type &&
    isOneFile(file, otherFile) &&
    path.length > 0 &&
    path.join(' ') === otherPath.join(' ')
  );
}

/**
 * The suspects of a walk without those that the snapshots rule out, and all that is ruled out: a walk names the
 * containers of one place together, and snapshots name each by its key.
 */
export function ruledOutByBoth(
  known: readonly Suspect[],
  ruledOut: readonly RuledOut[],
): { suspects: Suspect[]; ruledOut: RuledOut[] } {
  const suspects = known.filter((one) => !ruledOut.some((other) => isSamePlace(one, other)));
  const both = known.flatMap((one) => {
    const same = ruledOut.find((other) => isSamePlace(one, other));
    return same ? [{ ...one, reason: same.reason }] : [];
  });
  return {
    suspects,
    ruledOut: [...both, ...ruledOut.filter((one) => !known.some((other) => isSamePlace(other, one)))],
  };
}

/** Whether two suspects have one name, but for the size and the key of one of several. */
function isSamePlace(one: Suspect, other: Suspect): boolean {
  const [file = '', ...own] = withoutKey(subjectOf(one.name)).split(ARROW);
  const [otherFile = '', ...others] = withoutKey(subjectOf(other.name)).split(ARROW);
  const isOne = own.length > 0 && own.join(ARROW) === others.join(ARROW);
  return one.type === other.type && isOneFile(file, otherFile) && isOne;
}

const subjectOf = (name: string): string => name.replace(/ \([^()]*\)$/, '');

/** Whether one is in the entries of another that has no more entries than before: what grew in there is the first. */
function isInside(one: Suspect, { path, inSnapshots = [] }: Suspect): boolean {
  const [before, after] = [inSnapshots[0]?.entries ?? 0, inSnapshots.at(-1)?.entries ?? null];
  const [[file = '', ...within], [outerFile = '', ...outer]] = [one.path, path];
  const isAbove =
    outer.length > 0 && outer.length < within.length && outer.every((step, at) => step === within[at]);
  return before > 0 && after !== null && after <= before && isOneFile(file, outerFile) && isAbove;
}

/** With the larger of both shares: a walk does not see all that an entry has, nor snapshots what is shared. */
function mergedOf(one: Suspect, other: Suspect): Suspect {
  const contents = isSame(one, other) ? other.contents : undefined;
  const larger = (other.growthShare ?? 0) > (one.growthShare ?? 0) ? other : one;
  const { growthShare, bytesPerWork } = larger;
  const retainedBytes = Math.max(one.retainedBytes ?? 0, other.retainedBytes ?? 0);
  return { ...one, growthShare, bytesPerWork, retainedBytes, ...(contents && { contents }) };
}
