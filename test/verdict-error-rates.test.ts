import { expect, test } from 'vitest';
import { errorRates, firstVerdict, overall, power, tableOf } from './support/error-rates.js';
import { realistic, realisticFill, white } from './support/series.js';

const SERIES_PER_FAMILY = 300;
// bench/verdict-power.ts has 200 rounds and more series; this fits into a test run.
const MOST_ROUNDS = 60;

test(
  'at most one verdict in a hundred is wrong, even when evaluated after every reading',
  { timeout: 60_000 },
  () => {
    const rates = errorRates(SERIES_PER_FAMILY, MOST_ROUNDS, 1);
    console.log(tableOf(rates));
    expect(overall(rates, 'single')).toBeLessThanOrEqual(0.01);
    expect(overall(rates, 'sequential')).toBeLessThanOrEqual(0.01);
    // Of 300 series, two in a hundred are six; chance alone makes nine of them one time in ten.
    for (const { family, single, sequential } of rates) {
      expect(single, family).toBeLessThanOrEqual(0.02);
      expect(sequential, family).toBeLessThanOrEqual(0.03);
    }
  },
);

test('a leak of 480 B per request is found within 10 to 12 rounds of 5,000 requests', () => {
  for (const rounds of [10, 11, 12]) {
    const plan = { slope: 480, rounds, requestsPerRound: 5_000 };
    expect(power('leak', plan, realistic, 300)).toBeGreaterThanOrEqual(0.99);
  }
});

test('a service whose memory is flat after its cache is full is bounded within 30 rounds of 5,000 requests', () => {
  const plan = { slope: 0, rounds: 30, requestsPerRound: 5_000 };
  expect(power('bounded', plan, realisticFill, 200, firstVerdict)).toBeGreaterThanOrEqual(0.9);
});

test('a leak of 8.5 B per request is found in 100,000 requests, and one of 3 B in a million', () => {
  const noise = white(100_000, 100_000);
  const short = { slope: 8.5, rounds: 20, requestsPerRound: 5_000 };
  const long = { slope: 3, rounds: 50, requestsPerRound: 20_000 };
  expect(power('leak', short, noise, 300, firstVerdict)).toBeGreaterThanOrEqual(0.95);
  expect(power('leak', long, noise, 100)).toBeGreaterThanOrEqual(0.95);
});
