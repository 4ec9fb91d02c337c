import { residentGrowth } from '../../outside/index.js';
import type { Verdict } from '../../verdict/index.js';
import type { Context, Growth, Measured } from '../model/context.js';
import type { Reason } from '../model/notes.js';
import type { Triage, WorkUnit } from '../model/result.js';
import { doublesAt } from './doubling.js';
import { afterRest } from './rest.js';
import { steppedGrowth, unevenGrowth } from './uneven-growth.js';

/** What the measurement comes to: which memory grew, and which growth the later stages have to explain. */
export interface Triaged {
  verdict: Verdict<Reason>;
  triage: Triage;
  /** Null when there is nothing to explain. */
  growth: Growth | null;
}

/** Decides which memory grew and whether the growth is worth explaining. Uneven growth is given a rest first. */
export async function triage(context: Context, measured: Measured): Promise<Triaged> {
  const { unit } = context.work;
  const { verdict } = measured;
  if (verdict.kind === 'leak' && verdict.growthRate) {
    const growth = { bytesPerWork: verdict.growthRate.estimate, isUneven: false };
    return { verdict, triage: triageOf(measured, 'V8'), growth };
  }
  const uneven = unevenGrowth(measured);
  if (uneven !== null && context.options.collect) {
    const rested = await afterRest(context, measured);
    if (rested !== verdict) return { verdict: rested, triage: triageOf(measured, null), growth: null };
    const growth = { bytesPerWork: uneven, isUneven: true };
    return { verdict, triage: triageOf(measured, 'V8'), growth };
  }
  const outside = growthOutsideV8(measured, unit);
  const stepped = outside ? null : steppedGrowth(measured);
  if (stepped !== null && context.options.collect) {
    const doubles = unit === 'request' ? doublesAt(measured) : null;
    return {
      verdict,
      triage: triageOf(measured, null),
      growth: { bytesPerWork: stepped, isUneven: true, ...(doubles !== null && { doublesAt: doubles }) },
    };
  }
  return {
    verdict: outside ?? verdict,
    triage: triageOf(measured, outside ? 'outside V8' : null),
    growth: null,
  };
}

/** Which memory grew in the second half of the samples. @param where the growth is, by the verdicts; null for none */
export function triageOf({ samples }: Measured, where: 'V8' | 'outside V8' | null): Triage {
  const [from, to] = [samples.at(samples.length >> 1), samples.at(-1)];
  if (!from || !to) throw new Error('triage needs the samples of a measurement');
  const heapBytes = to.heapUsedBytes - to.codeBytes - (from.heapUsedBytes - from.codeBytes);
  const arrayBuffersBytes = to.arrayBuffersBytes - from.arrayBuffersBytes;
  const externalBytes = to.externalBytes - from.externalBytes - arrayBuffersBytes;
  const rssBytes = to.rssBytes - from.rssBytes;
  const most = Math.max(heapBytes, arrayBuffersBytes, externalBytes);
  const inV8 = most === heapBytes ? 'heap' : most === arrayBuffersBytes ? 'array buffers' : 'external';
  const grows = where === 'V8' ? inV8 : (where ?? 'nothing');
  return { grows, heapBytes, arrayBuffersBytes, externalBytes, rssBytes };
}

/** The verdict where live bytes are bounded and the process grows all the same; null where it does not. */
export function growthOutsideV8(
  { samples, verdict, ledgers }: Pick<Measured, 'samples' | 'verdict' | 'ledgers'>,
  unit: WorkUnit,
): Verdict<Reason> | null {
  const isRead = ledgers?.readings.some(({ ledger }) => ledger.malloc !== null) ?? false;
  const malloc = { allocator: ledgers?.allocator ?? null, isRead };
  return verdict.kind === 'bounded' ? residentGrowth(samples, unit, malloc) : null;
}
