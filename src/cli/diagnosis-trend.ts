import { chart, type Series } from '../../load/chart.js';
import type { Diagnosis } from '../kit/diagnosis/index.js';

/** A chart of the readings, with the growth rate as a line through those that were judged; null without readings. */
export function trendChart({ trend, verdict }: Diagnosis): string | null {
  if (!trend || trend.readings.length < 2 || !verdict) return null;
  const tone = verdict.kind === 'leak' ? 'leaky' : 'fixed';
  const series: Series[] = [
    { name: 'live bytes', tone, dots: true, points: trend.readings.map(({ work, bytes }) => [work, bytes]) },
  ];
  const judged = trend.readings.slice(-Math.max(2, verdict.readings));
  // The rate of a leak outside V8 is not that of live bytes.
  if (verdict.growthRate && verdict.reason.code !== 'leaks-outside-v8') {
    const { estimate } = verdict.growthRate;
    // The slope is the median of slopes (Theil and Sen), so its line passes through the median of the offsets.
    const offset = median(judged.map(({ work, bytes }) => bytes - estimate * work));
    const ends = [judged[0]!.work, judged.at(-1)!.work];
    series.push({
      name: `${signed(estimate)} B per ${trend.unit}`,
      tone,
      points: ends.map((work) => [work, offset + estimate * work]),
    });
  }
  return chart(series, `Live memory by ${trend.unit}s, with its growth rate`, `${trend.unit}s`);
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function signed(number: number): string {
  return `${number > 0 ? '+' : ''}${Number(number.toPrecision(3)).toLocaleString('en')}`;
}
