import { percent } from '../../load/sentence.js';
import { round, size } from '../command/format.js';
import { type Diagnosis, type RuledOut, ruledOutText, type Suspect } from '../kit/diagnosis/index.js';

/* The words that the terminal and the page share. The sentences of the diagnosis itself are in the kit. */

/** The verdict in a few words. Files have none. */
export function headline(diagnosis: Diagnosis): string {
  const { verdict } = diagnosis;
  if (verdict === null) return headlineOfFiles(diagnosis);
  return verdict.kind === 'unsettled'
    ? 'UNSETTLED'
    : `${verdict.kind.toUpperCase()}, ${percent(verdict.confidence)} sure`;
}

function headlineOfFiles({ target, suspects, ruledOut, notes }: Diagnosis): string {
  const { length } = target.files;
  const isNamed = suspects.length > 0;
  if (length < 2) return isNamed ? 'LARGEST RETAINERS in the snapshot' : 'NO LARGE RETAINER of the program';
  const hasStopped = notes.some(({ code }) => code === 'nothing-grew' || code === 'growth-ended');
  if (!isNamed && !hasStopped && ruledOut.length === 0)
    return `GROWTH WITHOUT A KNOWN OWNER over ${length} snapshots`;
  if (length === 2)
    return isNamed ? 'LARGEST GROWTH between two snapshots' : 'NO GROWTH between two snapshots';
  return isNamed
    ? `STILL GROWING in the last of ${length} snapshots`
    : `NOTHING GOES ON GROWING over ${length} snapshots`;
}

/** What work is counted in: `request` or `second`. */
export function unitOf({ trend }: Pick<Diagnosis, 'trend'>): 'request' | 'second' {
  return trend?.unit ?? 'request';
}

/** `97 % of the growth, 48.4 MB retained, 1 entry and 469 B per request`. */
export function weight(suspect: Suspect, diagnosis: Pick<Diagnosis, 'trend'>): string {
  const { growthShare, heapShare, retainedBytes, gainedBytes, entriesPerWork, bytesPerWork } = suspect;
  const entries = entriesPerWork === null ? null : round(entriesPerWork);
  const rates = [
    entries === null ? '' : `${entries} ${entries === '1' ? 'entry' : 'entries'}`,
    bytesPerWork === null ? '' : size(bytesPerWork),
  ].filter(Boolean);
  return [
    growthShare === null ? '' : `${shareOf(growthShare)} of the growth`,
    heapShare === undefined ? '' : `${shareOf(heapShare)} of the heap`,
    gainedBytes === undefined ? '' : `+${size(gainedBytes)}`,
    retainedBytes === null ? '' : `${size(retainedBytes)} retained`,
    rates.length > 0 ? `${rates.join(' and ')} per ${unitOf(diagnosis)}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** `500, 3,500, 6,500 entries`, or their bytes, at each of several snapshots; null where there are not so many. */
export function seriesText({ inSnapshots = [] }: Pick<Suspect, 'inSnapshots'>): string | null {
  if (inSnapshots.length < 2) return null;
  const counts = inSnapshots.flatMap(({ entries }) => entries ?? []);
  const bytes = inSnapshots.map(({ retainedBytes }) => size(retainedBytes)).join(', ');
  return counts.length < inSnapshots.length
    ? bytes
    : `${counts.map((one) => one.toLocaleString('en')).join(', ')} entries; ${bytes}`;
}

/** What is inside of an entry, from it inwards: `Object → .notify() → view (PriceView)`; null where that is not known. */
export function contentsLine({ contents = [] }: Pick<Suspect, 'contents'>): string | null {
  return contents.length === 0 ? null : contents.join(' → ');
}

/** What the suspects do not account for, in a sentence; null where there is nothing to explain. */
export function unexplained({ suspects, ruledOut, verdict, target }: Diagnosis): string | null {
  const [first] = suspects;
  if (!first) {
    return verdict?.kind === 'leak'
      ? 'The growth is not explained: no retainer of 4 % of it or more and no allocation site of 10 % was found.'
      : null;
  }
  const isOfGrowth = first.heapShare === undefined;
  // Of open files, the process pays nothing: there is no share to be explained.
  if (isOfGrowth && first.growthShare === null) return null;
  // Over a series, what has stopped is part of the growth as well.
  const all = target.files.length > 2 ? [...suspects, ...ruledOut] : suspects;
  const explained = all.reduce((sum, { growthShare, heapShare }) => sum + (growthShare ?? heapShare ?? 0), 0);
  const rest = 1 - explained;
  if (rest < 0.01) return null;
  if (verdict?.reason.code === 'goes-on-beside') {
    const isGone = verdict.reason.names.length === 0;
    return `The other ${shareOf(rest)} of the growth ${isGone ? 'came before it slowed down' : 'is in what fills or is emptied'}.`;
  }
  return isOfGrowth
    ? `The other ${shareOf(rest)} of the growth is not explained.`
    : `The other ${shareOf(rest)} of the heap is code, Node's own objects, and small objects.`;
}

/** Steps shown of a long path, counted from its end; its first step is always shown. */
const LAST_STEPS = 5;

/** A path for a person: the middle of a long one is counted instead of shown. */
export function shortPath(path: readonly string[]): string[] {
  const leftOut = path.length - 1 - LAST_STEPS;
  const [first] = path;
  if (leftOut <= 1 || first === undefined) return [...path];
  return [first, `… ${leftOut} steps …`, ...path.slice(-LAST_STEPS)];
}

/** Why a container is ruled out: `NAME: it is at 40 % of its bound, max (10,000)`. */
export function ruledOutLine({ name, reason, bound }: RuledOut, diagnosis: Pick<Diagnosis, 'trend'>): string {
  return `${name}: ${ruledOutText(reason, bound, unitOf(diagnosis))}`;
}

/** A share as a percentage: `97 %`, `4.3 %`. */
export function shareOf(share: number): string {
  const points = 100 * share;
  return `${points >= 10 || points === 0 ? Math.round(points) : points.toFixed(1)} %`;
}

/** Of a script that is written in its own address. */
const MOST_OF_ADDRESS = 40;

/** `src/users.service.ts:34:12`: without a scheme, and relative to the folder that the command runs in. */
export function placeName(file: string, line: number, column: number): string {
  const path = file.startsWith('data:')
    ? `${file.slice(0, MOST_OF_ADDRESS)}…`
    : file.replace(/^file:\/\//, '');
  const here = `${process.cwd()}/`;
  return `${path.startsWith(here) ? path.slice(here.length) : path}:${line}:${column}`;
}
