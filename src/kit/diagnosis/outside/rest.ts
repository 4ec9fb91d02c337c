import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EndlessGrowth,
  type LedgerReader,
  type LedgerReading,
  ledgerValue,
} from '../../outside/index.js';
import { sampleAfterCollection } from '../../process/remote-sample.js';
import type { Context } from '../model/context.js';

/** As the heap's growth is given a rest: six seconds, and up to three times as long while something comes back. */
const RESTS = 3;
const MOST_RESTS = 9;
const USUAL_REST_MS = 6_000;
const STILL_RETURNING = 0.05;
const GIVEN_BACK = 0.5;

/** Existing traffic does not rest, and without collections a rest shows nothing. */
export const canRest = ({ work, options }: Pick<Context, 'work' | 'options'>): boolean =>
  work.unit === 'request' && options.collect;

/** The growths that a rest does not give back: pools that close what is idle, and bursts, do. */
export async function lastingGrowths(
  { target, work, options }: Context,
  reader: LedgerReader,
  growths: readonly EndlessGrowth[],
): Promise<EndlessGrowth[]> {
  if (!canRest({ work, options })) return [...growths];
  const pauseMs = (options.doubt?.restMs ?? USUAL_REST_MS) / RESTS;
  const backs = new Map<EndlessGrowth, number>();
  for (let rest = 1; rest <= MOST_RESTS; rest += 1) {
    options.onProgress?.('resting, to see what is given back', rest / MOST_RESTS);
    await sleep(pauseMs, undefined, { signal: options.signal });
    const sample = await sampleAfterCollection(target.session, target.pid);
    const ledger = await reader.read();
    if (!ledger) break;
    const returned = returnedSince(growths, backs, { work: 0, ledger, externalBytes: sample.externalBytes });
    if (rest >= RESTS && returned < STILL_RETURNING) break;
  }
  return growths.filter((growth) => (backs.get(growth) ?? 0) <= GIVEN_BACK);
}

/** Notes which share of each growth came back. @returns the most that came back since the reading before */
function returnedSince(
  growths: readonly EndlessGrowth[],
  backs: Map<EndlessGrowth, number>,
  reading: LedgerReading,
): number {
  let most = 0;
  for (const growth of growths) {
    const now = ledgerValue(growth.code, reading);
    if (now === null) continue;
    const back = (growth.last - now) / Math.max(1, growth.last - growth.first);
    most = Math.max(most, back - (backs.get(growth) ?? 0));
    backs.set(growth, back);
  }
  return most;
}
