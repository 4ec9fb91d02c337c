import type { Verdict } from '../../verdict/index.js';
import type { Reason } from '../model/notes.js';
import type { Diagnosis, Suspect } from '../model/result.js';
import { ranked } from '../naming/index.js';
import { mergedWith, type Retainers, ruledOutBy, sameLeak } from './retained.js';
import type { Cause } from './suspects.js';

/** A counter leads where V8's objects weigh no more than this for each: they are its wrappers. */
const WRAPPER_BYTES = 2_000;

/** What is known besides the causes. */
interface Naming {
  suspectOf: (cause: Cause, totalPerWork: number) => Suspect;
  openFilesLimit: number | null;
  /** Whether the target was given a rest that gave nothing back. */
  rested: boolean;
}

/** The diagnosis with what grows outside V8's heap: its verdict, its suspects and their shares of all growth. */
export function withCauses(
  diagnosis: Diagnosis,
  all: readonly Cause[],
  retainers: Retainers,
  { suspectOf, openFilesLimit, rested }: Naming,
): Diagnosis {
  const { verdict, triage } = diagnosis;
  const bounded = all.flatMap((cause) => {
    const by = ruledOutBy(cause, retainers);
    return by ? [{ ...suspectOf(cause, 0), path: by.path, bound: by.bound, reason: by.reason }] : [];
  });
  const causes = all.filter((cause) => ruledOutBy(cause, retainers) === null);
  const ruledOut = ranked([...diagnosis.ruledOut, ...bounded]);
  if (causes.length === 0 || !verdict) return { ...diagnosis, ruledOut };
  const inV8 = verdict.kind === 'leak' ? Math.max(0, verdict.growthRate?.estimate ?? 0) : 0;
  const outsideV8 = causes.reduce((sum, { bytesPerWork }) => sum + Math.max(0, bytesPerWork ?? 0), 0);
  const total = inV8 + outsideV8;
  const isOwned = diagnosis.suspects[0]?.owner !== NO_OWNER;
  const merged = new Set<Suspect>();
  const suspects = causes.map((cause) => {
    const retainer = sameLeak(cause, retainers);
    if (retainer) merged.add(retainer);
    const suspect = mergedWith(suspectOf(cause, total), retainer);
    const growthShare = inV8 === 0 || !retainer ? suspect.growthShare : shareOf(suspect.bytesPerWork, total);
    return { suspect: { ...suspect, growthShare }, leads: retainer !== null || leads(cause, inV8, isOwned) };
  });
  const scaled = diagnosis.suspects
    .filter((suspect) => !merged.has(suspect))
    .map((suspect) => scaledTo(suspect, inV8, total));
  const ofOutside = (lead: boolean): Suspect[] =>
    suspects.filter(({ leads }) => leads === lead).map(({ suspect }) => suspect);
  const isLed = verdict.kind !== 'leak' || suspects.some(({ leads }) => leads);
  return {
    ...diagnosis,
    verdict: isLed ? leak(verdict, causes, outsideV8, { openFilesLimit, rested }) : verdict,
    triage: triage && (isLed ? { ...triage, grows: 'outside V8' } : triage),
    ruledOut,
    suspects: ranked([...ofOutside(true), ...scaled, ...ofOutside(false)]),
  };
}

function scaledTo(suspect: Suspect, inV8: number, total: number): Suspect {
  const { growthShare } = suspect;
  return { ...suspect, growthShare: growthShare === null ? null : shareOf(inV8 * growthShare, total) };
}

const shareOf = (bytes: number | null, total: number): number | null =>
  bytes === null || total <= 0 ? null : Math.min(1, bytes / total);

/** What the snapshots call the owner of objects that nothing of the program retains: the handles themselves do. */
const NO_OWNER = '(root)';

function leads({ growth, bytesPerWork, places }: Cause, inV8: number, isOwned: boolean): boolean {
  const isCounter = growth.code !== 'native-memory' && growth.code !== 'children-memory';
  const each = inV8 / growth.verdict.growthRate.estimate;
  return (
    (bytesPerWork ?? 0) > inV8 || (isCounter && places.length > 0 && (each <= WRAPPER_BYTES || !isOwned))
  );
}

function leak(
  verdict: Verdict<Reason>,
  causes: readonly Cause[],
  outsideV8: number,
  { openFilesLimit, rested }: Pick<Naming, 'openFilesLimit' | 'rested'>,
): Verdict<Reason> {
  const [first] = causes;
  if (!first) return verdict;
  const { growth } = first;
  const wasLeak = verdict.kind === 'leak';
  const heap = wasLeak ? verdict.growthRate : null;
  const low = causes.reduce((sum, cause) => sum + shareOfRate(cause, 'low'), heap?.low ?? 0);
  const high = causes.reduce((sum, cause) => sum + shareOfRate(cause, 'high'), heap?.high ?? 0);
  const growthRate =
    outsideV8 > 0 ? { estimate: (heap?.estimate ?? 0) + outsideV8, low, high } : (heap ?? verdict.growthRate);
  return {
    ...growth.verdict,
    growthRate,
    confidence: growth.verdict.confidence,
    reason: {
      code: 'leaks-outside-v8',
      what: growth.code,
      perWork: growth.verdict.growthRate,
      gained: growth.last - growth.first,
      heapGrows: wasLeak,
      rested,
      limit: growth.code === 'files' || growth.code === 'sockets' ? openFilesLimit : null,
    },
  };
}

/** The bound of a rate: of memory, as it was judged; of a counter, in the proportion of its own. */
function shareOfRate({ growth, bytesPerWork }: Cause, end: 'low' | 'high'): number {
  const { growthRate } = growth.verdict;
  return ((bytesPerWork ?? 0) * growthRate[end]) / growthRate.estimate;
}
