import { describe, expect, it } from 'vitest';
import { fuzz } from './support/heap-fuzz.js';

describe('a snapshot with something wrong in it', () => {
  it('is read and answered, or refused with one class of error and the place', async () => {
    const figures = await fuzz(1, 4000);
    expect(figures.refused + figures.read).toBe(4000);
    expect(figures.refused).toBeGreaterThan(1000);
    expect(figures.read).toBeGreaterThan(100);
    // What was lied about was never allocated.
    expect(figures.largestBytes).toBeLessThan(20e6);
  });
});
