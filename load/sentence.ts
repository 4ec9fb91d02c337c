import { count, duration, size } from '../src/command/format.js';
import { growthText } from '../src/kit/diagnosis/index.js';
import { verdictText } from '../src/kit/verdict/index.js';
import { answersText } from './failed-requests.js';
import type { Measurement } from './measurement.js';
import { outsideText } from './outside-growth.js';

/** The result of a measurement in a few lines. The first one is the verdict. */
export function sentences(measurement: Measurement): string[] {
  const { verdict, judgedBy, toHeapLimit, answers, samples } = measurement;
  const { kind, confidence } = verdict;
  const outside = judgedBy === 'live-bytes' ? outsideText(samples) : null;
  return [
    kind === 'unsettled' ? 'UNSETTLED' : `${kind.toUpperCase()}, ${percent(confidence)} sure`,
    reasonText(measurement),
    ...(toHeapLimit
      ? [
          `The heap reaches its limit of ${size(toHeapLimit.limitBytes)} after ${count(toHeapLimit.requests)} more requests: ${duration(toHeapLimit.ms)} at this rate.`,
        ]
      : []),
    ...(outside === null ? [] : [outside]),
    ...(answers.errors > 0 ? [answersText(answers)] : []),
  ];
}

/** What the verdict rests on, in a sentence or two. */
export function reasonText({ verdict, judgedBy }: Pick<Measurement, 'verdict' | 'judgedBy'>): string {
  return judgedBy === 'live-bytes' ? verdictText(verdict) : growthText(judgedBy, verdict);
}

/** At most 99.9 %: statistics never give certainty. */
export function percent(confidence: number): string {
  return `${(Math.floor(Math.min(confidence, 0.999) * 1000) / 10).toFixed(1)} %`;
}
