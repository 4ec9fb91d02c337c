import { describe, expect, it } from 'vitest';
import { doublesAt } from '../src/kit/diagnosis/measure/index.js';
import { measuredOf } from './support/samples.js';

/** A ring that is replaced by one of twice the size after 1, 2, 4 … times `first` rounds; in megabytes. */
const ring =
  (first: number, most = Infinity) =>
  (round: number) => ({
    buffers: Math.min(most, 2 ** Math.floor(Math.log2(Math.max(1, round / first)))),
  });

describe('memory that doubles in step with the work', () => {
  it('does so next after twice the work of its last step', () => {
    expect(doublesAt(measuredOf(24, ring(2)))).toBe(32 * 500);
    expect(doublesAt(measuredOf(40, ring(2.2)))).toBe(2 * 36 * 500);
  });

  it('may take two readings for a step, and gain a little beside it', () => {
    for (const missing of [1, 3]) {
      const spread = (round: number) => ({
        buffers: ring(2)(round).buffers - (round === 16 ? missing : 0),
        heap: 0.01 * round,
      });
      expect(doublesAt(measuredOf(24, spread))).toBe(2 * 17 * 500);
    }
  });

  it.each([
    ['rises once', (round: number) => ({ buffers: round > 13 ? 8 : 0 })],
    ['rises in equal steps', (round: number) => ({ buffers: 4 * Math.floor(round / 6) })],
    ['rises steadily', (round: number) => ({ heap: round })],
    [
      'doubles with the size of single requests',
      (round: number) => ({ buffers: round < 12 ? 1 : round < 13 ? 2 : round < 14 ? 4 : 8 }),
    ],
    ['doubled until it was large enough', ring(1, 8)],
  ])('is not memory that %s', (_, draw) => {
    expect(doublesAt(measuredOf(24, draw))).toBeNull();
  });
});
