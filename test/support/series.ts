import type { Reading } from '../../src/kit/verdict/reading.js';

/** Same seed, same numbers: mulberry32 (Tommy Ettinger, public domain). Uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal, by Box and Muller (1958). */
export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export interface Plan {
  rounds: number;
  requestsPerRound: number;
  /** The true growth rate, in bytes per request. */
  slope: number;
  random: () => number;
}

/** Changes of memory that are not the leak: bytes to add at each round, 0…rounds. */
export type Disturbance = (plan: Plan) => Float64Array;

const MB = 1_000_000;
const BASE_BYTES = 37 * MB;

const drawn = (plan: Plan, at: (round: number) => number) =>
  Float64Array.from({ length: plan.rounds + 1 }, (_, i) => at(i));
const between = (random: () => number, low: number, high: number) => low + (high - low) * random();
/** Log-uniform: 5 kB is as likely as 300 kB. */
const logBetween = (random: () => number, low: number, high: number) =>
  Math.exp(between(random, Math.log(low), Math.log(high)));

export const white =
  (low = 5_000, high = 300_000): Disturbance =>
  (plan) => {
    const sigma = logBetween(plan.random, low, high);
    return drawn(plan, () => sigma * gaussian(plan.random));
  };

/** AR(1) noise: each deviation contains φ of the previous one. */
export const autocorrelated =
  (most = 0.6): Disturbance =>
  (plan) => {
    const phi = between(plan.random, 0.2, most);
    const sigma = logBetween(plan.random, 5_000, 300_000);
    let level = sigma * gaussian(plan.random);
    return drawn(plan, () => {
      level = phi * level + Math.sqrt(1 - phi * phi) * sigma * gaussian(plan.random);
      return level;
    });
  };

export const randomWalk: Disturbance = (plan) => {
  const step = logBetween(plan.random, 1_000, 20_000);
  let level = 0;
  const walk = drawn(plan, () => {
    level += step * gaussian(plan.random);
    return level;
  });
  return sum(walk, white(5_000, 100_000)(plan));
};

/** Compiled code or discarded bytecode: from time to time, the level changes by up to 0.6 MB. */
export const levelShifts: Disturbance = (plan) => {
  let level = 0;
  const one = Math.floor(between(plan.random, 1, plan.rounds));
  const shifts = drawn(plan, (i) => {
    if (i === one || plan.random() < 1 / 50) level += between(plan.random, -0.6 * MB, 0.6 * MB);
    return level;
  });
  return sum(shifts, white(5_000, 150_000)(plan));
};

export const singleStep: Disturbance = (plan) => {
  const at = Math.floor(between(plan.random, 1, plan.rounds));
  const height = between(plan.random, 0.2, 3) * MB;
  return sum(
    drawn(plan, (i) => (i >= at ? height : 0)),
    white(5_000, 150_000)(plan),
  );
};

export const outliers: Disturbance = (plan) => {
  const wild = drawn(plan, () => (plan.random() < 0.04 ? between(plan.random, -5, 5) * MB : 0));
  return sum(wild, white(5_000, 150_000)(plan));
};

export const sawtooth: Disturbance = (plan) => {
  const period = Math.floor(between(plan.random, 2, 7));
  const phase = Math.floor(plan.random() * period);
  const height = logBetween(plan.random, 0.1, 2) * MB;
  return sum(
    drawn(plan, (i) => (height * ((i + phase) % period)) / period),
    white(5_000, 100_000)(plan),
  );
};

export const warmUp: Disturbance = (plan) => {
  const gain = between(plan.random, 1, 5) * MB;
  const rounds = between(plan.random, 0.5, 2.5);
  return sum(
    drawn(plan, (i) => gain * (1 - Math.exp(-i / rounds))),
    white(5_000, 150_000)(plan),
  );
};

const ENTRIES = 10_000;
const ENTRY_BYTES = 480;
const linearFillOnly: Disturbance = (plan) => {
  // Over many rounds, a straight fill cannot be distinguished from a leak until it ends.
  const perRound = Math.max(plan.requestsPerRound, ENTRIES / 4);
  return drawn(plan, (i) => ENTRY_BYTES * Math.min(ENTRIES, i * perRound));
};

/** An LRU of 10,000 fills, all ids distinct: a straight line, then flat. */
export const linearFill: Disturbance = (plan) => sum(linearFillOnly(plan), warmUp(plan));

/** Ids repeat, so new ones become rarer (the coupon collector) and the cache fills more and more slowly. */
export const concaveFill: Disturbance = (plan) => {
  const ids = ENTRIES * between(plan.random, 0.8, 2);
  const perRound = Math.max(plan.requestsPerRound, ids / 6);
  return sum(
    drawn(plan, (i) => ENTRY_BYTES * Math.min(ENTRIES, ids * (1 - Math.exp((-i * perRound) / ids)))),
    white(5_000, 150_000)(plan),
  );
};

/** A Node service: warm-up, slightly autocorrelated noise, an occasional level shift, an outlier. */
export const realistic: Disturbance = (plan) => {
  const sigma = logBetween(plan.random, 5_000, 60_000);
  const gain = between(plan.random, 1, 5) * MB;
  const rounds = between(plan.random, 0.5, 2);
  let level = 0;
  let noise = 0;
  return drawn(plan, (i) => {
    if (plan.random() < 1 / 80) level += between(plan.random, -0.3, 0.3) * MB;
    noise = 0.3 * noise + sigma * gaussian(plan.random);
    const wild = plan.random() < 1 / 100 ? between(plan.random, -1, 1) * MB : 0;
    return gain * (1 - Math.exp(-i / rounds)) + level + noise + wild;
  });
};

/** The same, while an LRU of 10,000 entries fills. */
export const realisticFill: Disturbance = (plan) => sum(linearFillOnly(plan), realistic(plan));

/** Two disturbances together. */
export const twoAtOnce: Disturbance = (plan) => {
  const pick = [autocorrelated(0.5), randomWalk, levelShifts, outliers, warmUp, concaveFill];
  const first = pick[Math.floor(plan.random() * pick.length)]!;
  const second = pick[Math.floor(plan.random() * pick.length)]!;
  return sum(first(plan), second(plan));
};

export const families: Record<string, Disturbance> = {
  'white noise': white(),
  'autocorrelated noise': autocorrelated(),
  'random walk': randomWalk,
  'level shifts': levelShifts,
  'single step up': singleStep,
  outliers,
  sawtooth,
  'warm-up': warmUp,
  'linear fill': linearFill,
  'concave fill': concaveFill,
  realistic,
  'two at once': twoAtOnce,
};

/** Readings at work 0 and after each round. */
export function seriesOf(plan: Plan, disturbance: Disturbance): Reading[] {
  const disturbed = disturbance(plan);
  return Array.from(disturbed, (extra, i) => {
    const work = i * plan.requestsPerRound;
    return { work, bytes: Math.round(BASE_BYTES + plan.slope * work + extra) };
  });
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]!);
}
