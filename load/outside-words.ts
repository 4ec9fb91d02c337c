import { size } from '../src/command/format.js';
import {
  growthName,
  growthText,
  growthValue,
  isOutsideReason,
  type LedgerGrowth,
  mallocNotReadText,
  missingText,
  outsideNotReadText,
  outsideReasonText,
} from '../src/kit/outside/index.js';
import { type Verdict, verdictText } from '../src/kit/verdict/index.js';
import type { Measurement } from './measurement.js';
import type { LoadReason, OutsideGrowth } from './outside-growth.js';

/** The verdict of `load` in sentences. */
export function loadVerdictText(verdict: Verdict<LoadReason>): string {
  const { reason, unit } = verdict;
  return isOutsideReason(reason) ? outsideReasonText(reason, unit) : verdictText({ ...verdict, reason });
}

/** What the verdict rests on, in a sentence or two. */
export function reasonText({ verdict, judgedBy }: Pick<Measurement, 'verdict' | 'judgedBy'>): string {
  return judgedBy === 'process' || judgedBy === 'live-bytes'
    ? loadVerdictText(verdict)
    : growthText(judgedBy, verdict);
}

/** What is to be said of memory outside V8, beside the verdict: nothing where all of it was judged, and does not grow. */
export function outsideSentences(verdict: Verdict<LoadReason>, outside: OutsideGrowth): string[] {
  const { causes, endless, kept, isMallocRead, allocator, missing } = outside;
  const isSaid = verdict.reason.code === 'leaks-outside-v8';
  const isSaidWhy = missing.some(({ part }) => part === 'memory');
  const said = new Set(isSaid && causes[0] ? [causes[0].code] : []);
  const others = endless.filter(({ code }) => !said.has(code));
  const also = isSaid && verdict.kind === 'leak' ? 'With it grew' : "Outside V8's memory grew";
  return [
    ...(others.length > 0 ? [`${also}: ${others.map((one) => changeText(one)).join(', ')}.`] : []),
    ...(endless.length > 0
      ? [`leak-lab diagnose says which line makes it, and whether it is given back.`]
      : []),
    ...(kept
      ? [
          `malloc has ${size(kept.freeBytes)} free and does not give them back, ${size(kept.keptBytes)} more than at first; what is in use does not grow. That is no leak.`,
        ]
      : []),
    ...missing.map((one) => missingText(one)),
    ...(isMallocRead || isSaidWhy || verdict.kind === 'leak' ? [] : [notReadText(allocator)]),
  ];
}

function notReadText(allocator: OutsideGrowth['allocator']): string {
  return allocator === null ? outsideNotReadText() : mallocNotReadText(allocator);
}

function changeText({ code, first, last }: LedgerGrowth): string {
  return `${growthName(code)} ${growthValue(code, first)} to ${growthValue(code, last)}`;
}
