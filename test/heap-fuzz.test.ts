import { describe, expect, it } from 'vitest';
import { fuzz } from './support/heap-fuzz.js';

describe('a damaged snapshot', () => {
  it('is analysed, or refused with a HeapSnapshotError and the byte offset', async () => {
    const figures = await fuzz(1, 4000);
    expect(figures.refused + figures.read).toBe(4000);
    expect(figures.refused).toBeGreaterThan(1000);
    expect(figures.read).toBeGreaterThan(100);
    // The reader did not allocate by wrong counts.
    expect(figures.largestBytes).toBeLessThan(20e6);
  });
});
