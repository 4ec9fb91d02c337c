import type { ContainerGrowth } from '../watch/container-watch.js';
import type { MonitorSample } from '../watch/monitor-sample.js';

/** From the shortest: a rate is worded per the first of them that makes it one or more. */
const UNITS = [
  { name: 'second', short: 's', seconds: 1 },
  { name: 'minute', short: 'min', seconds: 60 },
  { name: 'hour', short: 'h', seconds: 3_600 },
  { name: 'day', short: 'day', seconds: 86_400 },
];

/** Growth of a container for the table, such as `12 / min`. Only no growth is worded as none. */
export function growthText(perSecond: number): string {
  if (perSecond === 0) return 'none';
  const { figure, unit } = rateOf(perSecond);
  return `${figure} / ${unit.short}`;
}

/** What the verdict of a leak says of containers; empty for other verdicts. */
export function suspectText({ trend, containers }: Pick<MonitorSample, 'trend' | 'containers'>): string {
  if (trend.verdict.kind !== 'leak') return '';
  const suspect = suspectOf(containers);
  if (!suspect) {
    return 'No container without a bound grew steadily in the last minute. If requests were answered in it, the owner may be a closure, a private field, a listener or a timer: run leak-lab diagnose.';
  }
  const { figure, unit } = rateOf(suspect.growthPerSecond);
  return `Fastest-growing container without a bound: ${suspect.name}, ${figure} entries per ${unit.name}.`;
}

/** The fastest-growing container that has no bound, or is at or beyond it. */
export function suspectOf(containers: readonly ContainerGrowth[]): ContainerGrowth | undefined {
  return containers.find(
    ({ bound, growthPerSecond }) => growthPerSecond > 0 && (bound === null || bound.filled >= 1),
  );
}

function rateOf(perSecond: number) {
  const unit = UNITS.find(({ seconds }) => Math.abs(perSecond) * seconds >= 1) ?? UNITS.at(-1)!;
  const rate = perSecond * unit.seconds;
  const rounded = Number(Math.abs(rate) < 100 ? rate.toPrecision(2) : rate.toFixed(0));
  return { figure: rounded.toLocaleString('en-US', { maximumSignificantDigits: 21 }), unit };
}
