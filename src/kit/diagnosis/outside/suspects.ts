import { adviceFor } from '../../advice/index.js';
import type { EndlessGrowth } from '../../outside/index.js';
import type { CodePlace, Suspect } from '../model/result.js';
import { kindOfGrowth, nounOf } from './kinds.js';
import type { CallSite } from './record-calls.js';

/** Growth outside V8's heap, what made it, and what it weighs. */
export interface Cause {
  growth: EndlessGrowth;
  /** Null where no line was found. */
  site: CallSite | null;
  place: CodePlace | null;
  /** Such as the path of most of the open files, or the name of most of the threads. */
  detail: string | null;
  /** Null where that is not known: a file is the kernel's. */
  bytesPerWork: number | null;
}

/** A cause as a suspect. @param totalPerWork the growth of the process, in bytes per unit of work */
export function suspectOf(cause: Cause, fileName: (file: string) => string, totalPerWork: number): Suspect {
  const { growth, site, place, detail, bytesPerWork } = cause;
  const noun = nounOf(growth.code);
  const maker = site?.maker ?? null;
  const kind = kindOfGrowth(growth.code, maker);
  const file = place ? fileName(place.file) : null;
  const what =
    noun?.many ??
    (growth.code === 'children-memory'
      ? 'memory of child processes'
      : `${describeMaker(maker)}native memory`);
  const madeBy = place && file ? ` made at ${file}:${place.line}` : '';
  const size = noun
    ? `${growth.last.toLocaleString('en')} open now`.replace(
        ' open now',
        noun.many.startsWith('open') ? '' : ' now',
      )
    : `${(growth.last / 1e6).toFixed(1)} MB`;
  return {
    rank: 0,
    kind,
    owner: file ?? 'the process',
    name: `${what}${madeBy} (${[size, detail].filter(Boolean).join(', ')})`,
    path: [],
    type: maker ?? noun?.one ?? 'malloc',
    entries: noun ? growth.last : null,
    entriesPerWork: noun ? growth.verdict.growthRate.estimate : (site?.callsPerWork ?? null),
    retainedBytes: noun ? null : growth.last,
    bytesPerWork,
    growthShare: bytesPerWork === null || totalPerWork <= 0 ? null : Math.min(1, bytesPerWork / totalPerWork),
    allocatedAt: place ? [place] : [],
    bound: null,
    advice: adviceFor({ kind, type: maker ?? undefined }),
  };
}

const describeMaker = (maker: string | null): string => (maker === null ? '' : `${maker}: `);
