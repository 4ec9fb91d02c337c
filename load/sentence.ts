import { count, duration, size } from '../src/command/format.js';
import { verdictText } from '../src/kit/verdict/index.js';
import type { Measurement } from './measure.js';

/** What a measurement comes to, in a few lines for a person. The first is the verdict. */
export function sentences({ verdict, toHeapLimit }: Measurement): string[] {
  const { kind, confidence } = verdict;
  return [
    kind === 'unsettled' ? 'UNSETTLED' : `${kind.toUpperCase()}, ${percent(confidence)} sure`,
    verdictText(verdict),
    ...(toHeapLimit
      ? [
          `The heap limit of ${size(toHeapLimit.limitBytes)} is ${count(toHeapLimit.requests)} more requests away: ${duration(toHeapLimit.ms)} at this pace.`,
        ]
      : []),
  ];
}

/** Never "100 %": statistics do not say that. */
export function percent(confidence: number): string {
  return `${(Math.floor(Math.min(confidence, 0.999) * 1000) / 10).toFixed(1)} %`;
}
