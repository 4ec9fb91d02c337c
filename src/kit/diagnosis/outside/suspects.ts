import { adviceFor } from '../../advice/index.js';
import type { EndlessGrowth } from '../../outside/index.js';
import type { CodePlace, NativeBlocks, Suspect } from '../model/result.js';
import { mainType } from './blocks.js';
import { kindOfGrowth, nounOf } from './kinds.js';
import type { CallSite } from './record-calls.js';

/** Growth outside V8's heap, what made it, and what it weighs. */
export interface Cause {
  growth: EndlessGrowth;
  /** The calls that fit best; null where no line was found. */
  site: CallSite | null;
  /** Its line, and those that fit as well; empty where no line was found. */
  places: readonly CodePlace[];
  /** What is called there. */
  makers: readonly string[];
  /** Such as the path of most of the open files, or the name of most of the threads. */
  detail: string | null;
  /** Null where that is not known: a file is the kernel's. */
  bytesPerWork: number | null;
  /** Blocks of malloc that become more with it; empty where they were not looked at, or belong to another cause. */
  blocks: readonly NativeBlocks[];
}

/** A cause as a suspect. @param totalPerWork the growth of the process, in bytes per unit of work */
export function suspectOf(cause: Cause, fileName: (file: string) => string, totalPerWork: number): Suspect {
  const { growth, site, places, makers, detail, bytesPerWork, blocks } = cause;
  const noun = nounOf(growth.code);
  const maker = oneOf(makers);
  const kind = kindOfGrowth(growth.code, maker);
  const type = mainType(blocks)?.name ?? null;
  const lines = places.map(({ file, line }) => `${fileName(file)}:${line}`);
  const what =
    noun?.many ??
    (growth.code === 'children-memory'
      ? 'memory of child processes'
      : `${describeMaker(maker ?? type)}native memory`);
  const size = noun
    ? `${growth.last.toLocaleString('en')} open now`.replace(
        ' open now',
        noun.many.startsWith('open') ? '' : ' now',
      )
    : `${(growth.last / 1e6).toFixed(1)} MB`;
  return {
    rank: 0,
    kind,
    owner: places[0] ? fileName(places[0].file) : 'the process',
    name: `${what}${madeAt(lines)} (${[size, detail].filter(Boolean).join(', ')})`,
    path: [],
    type: maker ?? noun?.one ?? type ?? 'malloc',
    entries: noun ? growth.last : null,
    entriesPerWork: noun ? growth.verdict.growthRate.estimate : (site?.callsPerWork ?? null),
    retainedBytes: noun ? null : growth.last,
    bytesPerWork,
    growthShare: bytesPerWork === null || totalPerWork <= 0 ? null : Math.min(1, bytesPerWork / totalPerWork),
    allocatedAt: [...places],
    bound: null,
    ...(blocks.length > 0 && { nativeBlocks: [...blocks] }),
    advice: adviceFor({ kind, type: maker ?? undefined }),
  };
}

/** Where several fit, what it is is not known either; of functions of one addon, that it is the addon's. */
function oneOf(makers: readonly string[]): string | null {
  const [first = null] = makers;
  if (first === null || makers.length === 1) return first;
  const [addon] = /^.+\.node(?=\.|$)/.exec(first) ?? [];
  return addon !== undefined && makers.every((maker) => maker.startsWith(`${addon}.`)) ? addon : null;
}

const LINES_SHOWN = 3;

/** Two lines that make as much at the same rate are both named: which of them it is was not measured. */
function madeAt(lines: readonly string[]): string {
  if (lines.length < 2) return lines.length === 0 ? '' : ` made at ${lines[0]}`;
  const more = lines.length > LINES_SHOWN ? ` or ${lines.length - LINES_SHOWN} more` : '';
  return ` made at ${lines.slice(0, LINES_SHOWN).join(' or ')}${more}, which were not told apart`;
}

const describeMaker = (maker: string | null): string => (maker === null ? '' : `${maker}: `);
