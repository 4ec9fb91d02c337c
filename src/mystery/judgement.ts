import { type Comparison, verdictOf } from '../kit/compare/index.js';

/** By how much the CPU time per request may rise. */
export const MOST_SLOWDOWN = 1.2;

export type Grade = 'right' | 'wrong' | 'unknown';

/** What is right and wrong with a fix. */
export interface Judgement {
  memory: Grade;
  answers: Grade;
  cpu: Grade;
}

/** Judges a fix by the comparison with the leaky original. */
export function judge(comparison: Comparison): Judgement {
  return { memory: memoryOf(comparison), answers: answersOf(comparison), cpu: cpuOf(comparison) };
}

/** One thing that is wrong is enough; to be mended takes all. */
export function outcome(judgement: Judgement): Grade {
  const grades: Grade[] = Object.values(judgement);
  return grades.find((grade) => grade === 'wrong') ?? grades.find((grade) => grade === 'unknown') ?? 'right';
}

function memoryOf({ memory, after }: Comparison): Grade {
  if (verdictOf(after).kind === 'leak') return 'wrong';
  // Bounded says nothing where the original did not leak either: the load then did not show the leak.
  return memory.kind === 'fixed' ? 'right' : 'unknown';
}

function answersOf({ answers: { kind, differences } }: Comparison): Grade {
  if (kind === 'same') return 'right';
  // The original answers as a function of the id, so what varies is the other. A connection may break by chance.
  const isByChance = kind === 'varies' && differences.every(({ part }) => part === 'answer');
  return isByChance ? 'unknown' : 'wrong';
}

function cpuOf({ costs: { cpuMsPerRequest } }: Comparison): Grade {
  const { ratio } = cpuMsPerRequest;
  if (ratio === null) return 'unknown';
  // As `compare` does, a version is refused only where its whole interval is above the limit.
  if (ratio.low > MOST_SLOWDOWN) return 'wrong';
  return ratio.estimate <= MOST_SLOWDOWN ? 'right' : 'unknown';
}
