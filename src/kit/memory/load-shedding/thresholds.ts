import type { LoadSheddingOptions } from './load-shedding.options.js';

const DEFAULT_EXIT_AT = 0.9;
/** Requests are accepted again this far below `shedAt`. With a single threshold the state would alternate. */
const HYSTERESIS = 0.1;
/** The allocation profile starts at this part of `shedAt`: earlier allocations do not show what grows now. */
const PROFILE_FROM = 0.75;

/** The share of the limit at which each step of load shedding begins or ends. */
export interface Thresholds {
  shedAt: number;
  acceptBelow: number;
  exitAt: number;
  profileFrom: number;
  stopProfileBelow: number;
}

export function thresholdsOf({ shedAt = 1, exitAt = DEFAULT_EXIT_AT }: LoadSheddingOptions): Thresholds {
  return {
    shedAt,
    acceptBelow: shedAt - HYSTERESIS,
    exitAt: Math.max(shedAt, exitAt),
    profileFrom: PROFILE_FROM * shedAt,
    stopProfileBelow: (PROFILE_FROM - HYSTERESIS) * shedAt,
  };
}
