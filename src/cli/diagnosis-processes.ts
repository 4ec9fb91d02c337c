import { percent } from '../../load/sentence.js';
import { count, size } from '../command/format.js';
import type { Diagnosis, ProcessResult, Suspect } from '../kit/diagnosis/index.js';
import { memberName } from '../kit/members/index.js';
import { unitOf } from './diagnosis-words.js';

/** The cells of one row: what it is, what it did, how it grew. */
export type ProcessCells = Record<'pid' | 'name' | 'answered' | 'rate' | 'verdict', string>;

const NONE = '–';

/** What the service is made of, one row for each part; empty for one process without threads. */
export function processRows({ processes = [] }: Pick<Diagnosis, 'processes'>): ProcessCells[] {
  return processes.length < 2 ? [] : processes.map((one) => cells(one));
}

export function processTitles(diagnosis: Pick<Diagnosis, 'trend'>): ProcessCells {
  return {
    pid: 'process',
    name: 'what it is',
    answered: 'answered',
    rate: `growth per ${unitOf(diagnosis)}`,
    verdict: 'verdict',
  };
}

function cells(one: ProcessResult): ProcessCells {
  const { pid, answered, verdict } = one;
  const rate = verdict?.growthRate?.estimate;
  return {
    pid: String(pid),
    name: memberName(one),
    answered: answered === null ? NONE : count(answered),
    rate: rate === undefined ? NONE : signedSize(rate),
    verdict: verdictOf(verdict),
  };
}

function verdictOf(verdict: ProcessResult['verdict']): string {
  if (verdict === null) return 'not measured';
  return verdict.kind === 'unsettled' ? 'unsettled' : `${verdict.kind}, ${percent(verdict.confidence)}`;
}

/** Less than a byte is noise. */
function signedSize(bytes: number): string {
  if (Math.abs(bytes) < 1) return '0 B';
  return `${bytes < 0 ? '−' : '+'}${size(Math.abs(bytes))}`;
}

/** Where a suspect was found: `cluster worker 2, process 4711; 3 others run the same and leak as well`. */
export function foundInText({ foundIn }: Suspect): string | null {
  if (!foundIn) return null;
  const { name, pid, alike } = foundIn;
  const others = alike === 1 ? '1 other runs' : `${alike} others run`;
  return `${name}, process ${pid}${alike === 0 ? '' : `; ${others} the same and leak${alike === 1 ? 's' : ''} as well`}`;
}
