import { IDLE_DRIFT_BYTES } from '../../verdict/index.js';

/** Growth that did not go on: how much was expected and how much came. */
export interface Stopped {
  expectedBytes: number;
  grownBytes: number;
}

/** Null while memory grows by half of what was expected, or lacks no more than an idle process may lose. */
export function stoppedGrowth(expectedBytes: number, grownBytes: number): Stopped | null {
  const isFarLess = expectedBytes - grownBytes > Math.max(expectedBytes / 2, IDLE_DRIFT_BYTES);
  return isFarLess ? { expectedBytes, grownBytes } : null;
}
