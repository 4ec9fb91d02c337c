import { type ErrorRates, errorRates, power, tableOf } from '../test/support/error-rates.js';
import { realistic, realisticFill, white } from '../test/support/series.js';
import type { Figures, Outcome } from './outcome.js';

interface VerdictPower {
  errors: ErrorRates[];
  /** Smallest leak that is found in 95 of 100 series with 0.1 MB of noise, in bytes per request. */
  smallestLeak: { rounds: number; requestsPerRound: number; bytes: number }[];
  /** Share of series settled after so many rounds of 5,000 requests: a leak of 480 bytes per request; flat after a fill. */
  settled: { rounds: number; leak: number; flat: number }[];
}

const NOISE = white(100_000, 100_000);
const WANTED = 0.95;

/** Minutes of work: thousands of drawn series, judged after every round. */
function verdictPower(seriesPerFamily = 1_000, mostRounds = 200): VerdictPower {
  return {
    errors: errorRates(seriesPerFamily, mostRounds, 77),
    smallestLeak: [
      { rounds: 10, requestsPerRound: 5_000 },
      { rounds: 20, requestsPerRound: 5_000 },
      { rounds: 40, requestsPerRound: 5_000 },
      { rounds: 20, requestsPerRound: 20_000 },
      { rounds: 50, requestsPerRound: 20_000 },
      { rounds: 100, requestsPerRound: 10_000 },
    ].map(({ rounds, requestsPerRound }) => ({
      rounds,
      requestsPerRound,
      bytes: smallestLeak({ rounds, requestsPerRound }),
    })),
    settled: [10, 12, 15, 20, 25, 30, 40].map((rounds) => ({
      rounds,
      leak: power('leak', { slope: 480, rounds, requestsPerRound: 5_000 }, realistic, 300),
      flat: power('bounded', { slope: 0, rounds, requestsPerRound: 5_000 }, realisticFill, 300),
    })),
  };
}

/** Tries slopes in steps of 5 %. Not a bisection, because the power of a drawn sample is not monotonic. */
function smallestLeak(plan: { rounds: number; requestsPerRound: number }): number {
  let slope = 2;
  while (power('leak', { ...plan, slope }, NOISE, 300) < WANTED) slope *= 1.05;
  return slope;
}

/** Error rates and power of the verdict. It has no limits here: a test checks the error rates. */
export function verdictBench(): Outcome {
  const { errors, smallestLeak, settled } = verdictPower();
  console.log('Verdicts on simulated series with a known slope');
  console.log(tableOf(errors));
  console.log('\nsmallest leak found in 95 of 100 series, 0.1 MB noise');
  for (const { rounds, requestsPerRound, bytes } of smallestLeak) {
    const work = (rounds * requestsPerRound).toLocaleString('en-US');
    console.log(
      `${work.padStart(10)} requests in ${rounds} rounds`.padEnd(36),
      `${bytes.toFixed(1)} B/request`,
    );
  }
  console.log('\nrounds of 5,000   480 B/request is a leak   flat after a fill is bounded');
  for (const { rounds, leak, flat } of settled)
    console.log(String(rounds).padEnd(18), percent(leak).padEnd(24), percent(flat));
  return { figures: figuresOf(smallestLeak, settled), passed: true };
}

function figuresOf(smallestLeak: VerdictPower['smallestLeak'], settled: VerdictPower['settled']): Figures {
  return Object.fromEntries([
    ...smallestLeak.map(({ rounds, requestsPerRound, bytes }) => [
      `smallest leak in ${rounds} rounds of ${requestsPerRound}, B/request`,
      bytes,
    ]),
    ...settled.flatMap(({ rounds, leak, flat }) => [
      [`share of leaks settled after ${rounds} rounds`, leak],
      [`share of flat series settled after ${rounds} rounds`, flat],
    ]),
  ]) as Figures;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`.padStart(10);
}
