import { describe, expect, it } from 'vitest';
import { collectionCost, refusalOf, refusalText } from '../src/kit/process/cost-limit.js';

const unlimited = { maxPauseMs: undefined, force: false };

describe('a step that costs too much', () => {
  it('is refused when its pause is longer than --max-pause-ms, with both figures', () => {
    const cost = collectionCost(100e6);
    expect(refusalOf('collection', cost, Infinity, unlimited)).toBeNull();
    const refusal = refusalOf('collection', cost, Infinity, { maxPauseMs: 50, force: false });
    expect(refusalText(refusal!)).toBe(
      `A forced collection would stop the process for about ${cost.pauseMs} ms. --max-pause-ms allows 50 ms, so it was not done.`,
    );
    expect(refusalOf('collection', cost, Infinity, { maxPauseMs: 50, force: true })).toBeNull();
  });

  it('is refused when its pause is longer than the default limit, with the options that allow it', () => {
    const refusal = refusalOf('collection', { pauseMs: 9_000, bytes: 0 }, Infinity, unlimited);
    expect(refusalText(refusal!)).toMatch(
      /about 9\.0 s\. It was not done: allow it with --max-pause-ms or --force/,
    );
  });

  it('is refused when it takes more memory than is free', () => {
    const cost = { pauseMs: 1, bytes: 2e9 };
    const refusal = refusalOf('snapshot', cost, 1e9, unlimited);
    expect(refusalText(refusal!)).toMatch(/take about 2,000 MB of memory\. Only 1,000 MB are free/);
    expect(refusalOf('snapshot', cost, 3e9, unlimited)).toBeNull();
  });
});
