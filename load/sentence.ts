import { count, duration, size } from '../src/command/format.js';
import { answersText } from './failed-requests.js';
import type { Measurement } from './measurement.js';
import { outsideSentences, reasonText } from './outside-words.js';

/** The result of a measurement in a few lines. The first one is the verdict. */
export function sentences(measurement: Measurement): string[] {
  const { verdict, judgedBy, toHeapLimit, answers, outside } = measurement;
  const { kind, confidence } = verdict;
  return [
    kind === 'unsettled' ? 'UNSETTLED' : `${kind.toUpperCase()}, ${percent(confidence)} sure`,
    reasonText(measurement),
    ...(toHeapLimit
      ? [
          `The heap reaches its limit of ${size(toHeapLimit.limitBytes)} after ${count(toHeapLimit.requests)} more requests: ${duration(toHeapLimit.ms)} at this rate.`,
        ]
      : []),
    ...(judgedBy === 'process' ? outsideSentences(verdict, outside) : []),
    ...(answers.errors > 0 ? [answersText(answers)] : []),
  ];
}

/** At most 99.9 %: statistics never give certainty. */
export function percent(confidence: number): string {
  return `${(Math.floor(Math.min(confidence, 0.999) * 1000) / 10).toFixed(1)} %`;
}
