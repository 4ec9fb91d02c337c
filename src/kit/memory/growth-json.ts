import { type Rate, type Unit, type Verdict, type VerdictKind, verdictText } from '../verdict/index.js';
import type { HeapTrend } from './watch/heap-trend.js';
import { type OutsideSeries, outsideText, type OutsideTrend } from './watch/outside-trend.js';

/** What one figure of the process did, by what V8's own major collections left. */
export interface GrowthJson {
  /** `v8`: the heap, and what it owns outside, in bytes. The others are counted. */
  what: 'v8' | OutsideSeries;
  kind: VerdictKind;
  confidence: number;
  /** Growth rate per `unit`; null where there are too few readings. */
  rate: Rate | null;
  unit: Unit;
  /** The same in words. */
  text: string;
}

export function growthJson({ verdict }: HeapTrend, outside: readonly OutsideTrend[]): GrowthJson[] {
  return [
    oneJson('v8', verdict, verdictText(verdict)),
    ...outside.map((trend) => oneJson(trend.what, trend.verdict, outsideText(trend))),
  ];
}

function oneJson(
  what: GrowthJson['what'],
  { kind, confidence, growthRate, unit }: Verdict,
  text: string,
): GrowthJson {
  return { what, kind, confidence, rate: growthRate, unit, text };
}
