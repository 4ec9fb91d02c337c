import { reasonText } from '../diagnosis/index.js';
import type { Difference, Rate } from '../verdict/index.js';
import {
  type AnswerDifference,
  type Answers,
  type Comparison,
  type ComparisonReason,
  type Cost,
  type CostName,
  verdictOf,
} from './model.js';

/* The sentences of a comparison. Each is a pure function of the facts. */

/** Why the verdict is what it is, in one to three sentences. */
export function comparisonText(comparison: Comparison): string {
  const { reason } = comparison.verdict;
  const memory = memoryText(comparison);
  if (reason.code === 'answers-differ')
    return `${answersText(comparison.answers)} A version that answers differently is not accepted, whatever its memory does. ${memory}`;
  if (reason.code === 'answers-vary') return `${answersText(comparison.answers)} ${memory}`;
  return reason.code === 'slower' ? `${slowerText(reason)} ${memory}` : memory;
}

/** What became of memory. */
export function memoryText(comparison: Comparison): string {
  const { memory, before, after } = comparison;
  const { difference } = memory;
  const [old, now] = [rateOf(verdictOf(before).growthRate), rateOf(verdictOf(after).growthRate)];
  const change = `The difference is ${rateOf(difference.rate)} bytes per request.${stepsText(difference)}`;
  switch (memory.reason) {
    case 'leak-gone':
      return `The leak is gone: memory grew by ${old} bytes per request before, and by ${now} after. ${change}`;
    case 'leak-smaller':
      return `Memory still leaks, but more slowly: by ${old} bytes per request before, and by ${now} after. ${change}`;
    case 'growth-smaller':
      return `Memory grows more slowly: by ${old} bytes per request before, and by ${now} after. ${change} It is not settled whether what is left is a leak. ${reasonText(verdictOf(after))}`;
    case 'leak-new':
      return `There is a leak that was not there before: memory changed by ${old} bytes per request before, and grows by ${now} after. ${change}`;
    case 'leak-larger':
      return `Memory leaks faster: by ${old} bytes per request before, and by ${now} after. ${change}`;
    case 'growth-larger':
      return `The new version leaks, and grows clearly faster than the old one: by ${old} bytes per request before, and by ${now} after. ${change} It is not settled whether the old version leaks.`;
    case 'suspect-gone':
      return `Memory still leaks, but a suspect is gone, and memory grows more slowly: by ${old} bytes per request before, and by ${now} after. ${change}`;
    case 'suspect-new':
      return `Both versions leak, and the new one has one suspect more: memory grew by ${old} bytes per request before, and by ${now} after. ${change}`;
    case 'both-bounded':
      return `Neither version leaks: memory changed by ${old} bytes per request before, and by ${now} after.${repeatedText(comparison)}`;
    case 'same-leak':
      return `Both versions leak alike: by ${old} bytes per request before, and by ${now} after. ${change} A difference of less than ${figure(difference.smallestBytes)} counts as none.`;
    case 'before-unsettled':
      return `It is not settled whether the old version leaks. ${reasonText(verdictOf(before))}`;
    case 'after-unsettled':
      return `It is not settled whether the new version leaks. ${reasonText(verdictOf(after))}`;
    case 'difference-unsettled':
      return `Each version is judged by itself, but the difference is not settled: memory changed by ${old} bytes per request before, and by ${now} after. ${change} A difference of less than ${figure(difference.smallestBytes)} counts as none. Measure for longer: see --max-seconds.`;
  }
}

/** Where the statistics of a slope do not apply. */
function stepsText({ reason }: Difference): string {
  return reason.code === 'step' ? ' It came in steps, as the table of a Map grows.' : '';
}

/** What grows with new keys does not grow when the same requests come again. */
function repeatedText({ differentRequests, requests }: Comparison): string {
  if (differentRequests === null) return '';
  return ` Only ${differentRequests.toLocaleString('en')} of the ${requests.toLocaleString('en')} requests were different: a container that takes an entry for each new key would not have shown. Put {n} or {random} where a key has to be new.`;
}

function slowerText({ cost, ratio, mostSlowdown }: Extract<ComparisonReason, { code: 'slower' }>): string {
  return `${COSTS[cost].name} is ${times(ratio)} what it was. More than ${mostSlowdown.toFixed(2)} times is not accepted: see --max-slowdown.`;
}

/** What is known of the answers, in one or two sentences. */
export function answersText({ compared, different, kind, differences }: Answers): string {
  const all = compared.toLocaleString('en');
  if (kind === 'same') return `All ${all} answers are the same.`;
  const some = `${different.toLocaleString('en')} of ${all} answers differ`;
  if (kind === 'different') return `${some}.`;
  const [first] = differences;
  const hint =
    first?.part === 'header'
      ? `--ignore-header ${first.at}`
      : first?.part === 'body' && !first.at.startsWith('byte ') && first.at !== ''
        ? `--ignore-field '${first.at}'`
        : '--ignore-field, --ignore-header or --comparer';
  return `${some}. Some of these requests were sent again, and each answer then changed by itself or was the same for both versions: it depends on time, chance or order. Say what may differ with ${hint}, or give each request a fixed meaning, such as {n} in its URL.`;
}

/** `GET /orders/7: body at total: 12 → 13`. */
export function differenceText({ method, path, part, at, before, after }: AnswerDifference): string {
  const where = part === 'answer' && at === '' ? 'answer' : at === '' ? part : `${part} at ${at}`;
  return `${method} ${path}: ${where}: ${before} → ${after}`;
}

export const COSTS: Record<CostName, { name: string; show: (value: number) => string }> = {
  cpuMsPerRequest: { name: 'CPU time per request', show: (ms) => `${figure(ms * 1_000)} µs` },
  p50Ms: { name: 'median latency', show: (ms) => `${figure(ms)} ms` },
  p99Ms: { name: '99th percentile of latency', show: (ms) => `${figure(ms)} ms` },
  requestsPerSecond: { name: 'requests per second', show: (rate) => figure(rate) },
  rssBytes: { name: 'resident set', show: (bytes) => `${figure(bytes / 1e6)} MB` },
};

/** `1.02 (0.98 to 1.07)`. */
export function times({ estimate, low, high }: Rate): string {
  return `${estimate.toFixed(2)} times (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** A cost of one version with its interval. */
export function costText(name: CostName, rate: Cost['before']): string {
  if (rate === null) return 'too few rounds';
  const { show } = COSTS[name];
  return `${show(rate.estimate)} (${show(rate.low)} to ${show(rate.high)})`;
}

/** `484 (482 to 486)`. */
export function rateOf(rate: Rate | null): string {
  if (rate === null) return 'an unknown number of';
  return `${figure(rate.estimate)} (${figure(rate.low)} to ${figure(rate.high)})`;
}

/** 480, 12.3, -0.04: as many digits as a person compares. */
export function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const rounded = Number(value.toFixed(digits));
  return (rounded === 0 ? 0 : rounded).toLocaleString('en-US');
}
