import type { EndlessGrowth } from '../../outside/index.js';
import type { CallSite } from './record-calls.js';

/**
 * A maker that is called this much less often than things stay cannot have made them. Of sockets, both ends may be in
 * the same process.
 */
const LEAST_CALLS = 0.8;
const LEAST_CALLS_OF_SOCKETS = 0.4;
/** Made objects that die are not what stays: of a leak, all that were followed are alive. */
const LEAST_ALIVE = 0.5;
/** Where what is made cannot be followed, and weighs this much more or less than what stays, another line made it. */
const MOST_MISFIT = Math.log(5);
/** Where it fits this well, it is taken for alive. */
const GOOD_FIT = Math.log(2.5);

/** Lines that fit as well as the best within this factor are not told apart. */
const AS_WELL = Math.log(2);

/**
 * The lines that make what grows: of the makers that can make it, the one whose rate fits best, and after it those that
 * fit as well. Counters fit where calls and gains agree, or where the calls are more, because some are closed again.
 * Memory fits by what one usually takes.
 */
export function sitesOf(growth: EndlessGrowth, sites: readonly CallSite[]): CallSite[] {
  const rate = growth.verdict.growthRate.estimate;
  const able = sites.filter(
    ({ known, aliveShare, place }) =>
      place !== null &&
      (aliveShare === null || aliveShare >= LEAST_ALIVE) &&
      (known === null ? growth.code === 'native-memory' : known.makes.includes(growth.code)),
  );
  const fitting = able
    .map((site) => ({ site, misfit: misfitOf(site, growth, rate) }))
    .filter(({ misfit }) => Number.isFinite(misfit))
    .toSorted((a, b) => a.misfit - b.misfit);
  const least = fitting[0]?.misfit ?? 0;
  const best = fitting.filter(({ misfit }) => misfit <= least + AS_WELL).map(({ site }) => site);
  // One call may pass through several makers, such as createHash and Hash.
  return best.filter((site, at) => best.findIndex((other) => lineOf(other) === lineOf(site)) === at);
}

const lineOf = ({ place }: CallSite): string => `${place?.file}:${place?.line}`;

/** Zero for a perfect fit; infinite where it cannot be. */
function misfitOf(
  { known, calls, callsPerWork, aliveShare }: CallSite,
  { code }: EndlessGrowth,
  rate: number,
): number {
  if (code !== 'native-memory' && code !== 'children-memory') {
    // So many calls are expected; few of them come by chance, with a deviation of their root.
    const expected = (rate * calls) / callsPerWork;
    const least = (code === 'sockets' ? LEAST_CALLS_OF_SOCKETS : LEAST_CALLS) * expected;
    return calls < least - 2 * Math.sqrt(expected) ? Infinity : Math.abs(Math.log(callsPerWork / rate));
  }
  // What was followed and is alive stays; of the rest that is not known.
  const doubt = aliveShare === null && !known?.isStored ? 1 : 0;
  const misfit = weightMisfit({ known, callsPerWork }, rate);
  if (misfit === null) return 1 + doubt;
  return doubt > 0 && misfit > MOST_MISFIT ? Infinity : misfit + doubt;
}

/** How far what the calls usually take is from what grows; null where that depends on their arguments. */
function weightMisfit(
  { known, callsPerWork }: Pick<CallSite, 'known' | 'callsPerWork'>,
  rate: number,
): number | null {
  if (known === null || known.bytes === null) return null;
  return Math.abs(Math.log((known.bytes * callsPerWork) / rate));
}

/** Whether what a line makes is known to stay: some was followed and is alive, or its weight is that of the growth. */
export function isKnownToStay(site: CallSite, growth: EndlessGrowth): boolean {
  if (site.aliveShare !== null) return site.aliveShare >= LEAST_ALIVE;
  const misfit = weightMisfit(site, growth.verdict.growthRate.estimate);
  return misfit !== null && misfit <= GOOD_FIT;
}
