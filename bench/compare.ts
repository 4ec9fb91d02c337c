import { pairPower, pairRates, pairTable } from '../test/support/pairs.js';
import { white } from '../test/support/series.js';
import type { Figures, Outcome } from './outcome.js';

/** What fits into 60 s on two cores beside the start, the rest and the naming of suspects. */
const ROUNDS = [20, 40];
const REQUESTS_PER_ROUND = 1_000;
const PAIRS = 200;
/** The noise of live bytes after collections: 20 kB. */
const NOISE = white(20_000, 20_000);
const WANTED = 0.95;
const MOST_WRONG = 0.01;

/**
 * The smallest difference that a comparison finds, and how often its verdict is wrong, on thousands of drawn pairs of
 * versions. Minutes of work.
 */
export function compareBench(): Outcome {
  const rates = pairRates(500, 60, 5);
  console.log('Verdicts on drawn pairs of versions, judged after every round');
  console.log(pairTable(rates));
  const wrong = rates.reduce((sum, rate) => sum + rate.wrong, 0) / rates.length;
  console.log('\nsmallest difference found in 95 of 100 pairs within 60 s: from bounded to a leak, and back');
  const figures: Figures = { 'wrong verdicts, share': wrong };
  for (const rounds of ROUNDS) {
    const plan = { rounds, requestsPerRound: REQUESTS_PER_ROUND };
    const regressed = smallest((bytes) =>
      pairPower('regressed', { before: 0, after: bytes }, plan, PAIRS, NOISE),
    );
    const fixed = smallest((bytes) => pairPower('fixed', { before: bytes, after: 0 }, plan, PAIRS, NOISE));
    const requests = (rounds * REQUESTS_PER_ROUND).toLocaleString('en-US');
    console.log(
      `${requests.padStart(8)} requests to each in ${rounds} rounds: ${show(regressed)} regressed, ${show(fixed)} fixed, B/request`,
    );
    if (regressed !== null) figures[`smallest leak that is new, ${rounds} rounds, B/request`] = regressed;
    if (fixed !== null) figures[`smallest leak that is fixed, ${rounds} rounds, B/request`] = fixed;
  }
  return { figures, passed: wrong <= MOST_WRONG };
}

const show = (bytes: number | null): string => (bytes === null ? 'none' : bytes.toFixed(0));

/** Tries leaks in steps of 10 %. @returns null where none up to 10 kB is found */
function smallest(share: (bytes: number) => number): number | null {
  for (let bytes = 5; bytes < 10_000; bytes *= 1.1) if (share(bytes) >= WANTED) return bytes;
  return null;
}
