import { percent } from '../../load/sentence.js';
import { count, round, size } from '../command/format.js';
import type { Diagnosis, Suspect } from '../kit/diagnosis/result.js';

/** What screen and page both say of a diagnosis, in the same words. */

/** The verdict in a few words; of files there is none. */
export function headline({ verdict, target, suspects }: Diagnosis): string {
  if (verdict === null) {
    if (target.files.length > 1)
      return suspects.length > 0 ? 'WHO GREW between two snapshots' : 'NOBODY GREW';
    return 'WHO HOLDS the memory of one snapshot';
  }
  return verdict.kind === 'unsettled'
    ? 'UNSETTLED'
    : `${verdict.kind.toUpperCase()}, ${percent(verdict.confidence)} sure`;
}

/** `97 % of the growth, 48.4 MB held, 1 entry and 469 B a request`. */
export function weight(suspect: Suspect, { target, verdict }: Diagnosis): string {
  const { share, retainedBytes, gainedBytes, entriesPerRequest, bytesPerRequest } = suspect;
  const whole = isOfGrowth({ target, verdict }) ? 'growth' : 'heap';
  const unit = target.urls.length > 0 ? 'request' : 'second';
  const rates = [
    entriesPerRequest === null
      ? ''
      : `${round(entriesPerRequest)} ${round(entriesPerRequest) === '1' ? 'entry' : 'entries'}`,
    bytesPerRequest === null ? '' : size(bytesPerRequest),
  ].filter(Boolean);
  return [
    share === null ? '' : `accounts for ${shareOf(share)} of the ${whole}`,
    gainedBytes === undefined ? '' : `+${size(gainedBytes)}`,
    retainedBytes === null ? '' : `${size(retainedBytes)} held`,
    rates.length > 0 ? `${rates.join(' and ')} a ${unit}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** What the suspects do not account for, in a sentence; null where there is nothing to explain. */
export function unexplained(diagnosis: Diagnosis): string | null {
  const { suspects } = diagnosis;
  if (suspects.length === 0) return null;
  const rest = 1 - suspects.reduce((sum, { share }) => sum + (share ?? 0), 0);
  if (rest < 0.01) return null;
  return isOfGrowth(diagnosis)
    ? `The other ${shareOf(rest)} of the growth is not explained.`
    : `The other ${shareOf(rest)} of the heap is code, Node's own, and much that is small.`;
}

/** Where a path begins, and the steps that are near to what holds. */
const LAST_STEPS = 5;

/** A path that a person reads: the middle of a long one is counted, not told. */
export function shortPath(path: readonly string[]): string[] {
  const leftOut = path.length - 1 - LAST_STEPS;
  if (leftOut <= 1) return [...path];
  return [path[0]!, `… ${leftOut} steps …`, ...path.slice(-LAST_STEPS)];
}

/** How full a container is that declares a bound. */
export function filled({ bound }: Suspect): string {
  if (bound === null) return 'emptied now and then, good for a while yet, or of few keys';
  return `${Math.round(100 * bound.filled)} % of its ${bound.declaredBy} of ${count(bound.limit)}`;
}

export function shareOf(share: number): string {
  const points = 100 * share;
  return `${points >= 10 || points === 0 ? Math.round(points) : points.toFixed(1)} %`;
}

function isOfGrowth({ target, verdict }: Pick<Diagnosis, 'target' | 'verdict'>): boolean {
  return verdict !== null || target.files.length > 1;
}

/** `src/users.service.ts:34:12`, without a scheme, and from the folder that the process was started in. */
export function placeName(file: string, line: number, column: number): string {
  const path = file.replace(/^file:\/\//, '');
  const here = `${process.cwd()}/`;
  return `${path.startsWith(here) ? path.slice(here.length) : path}:${line}:${column}`;
}
