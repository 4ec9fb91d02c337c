import { describe, expect, it } from 'vitest';
import { fuzz } from './support/heap-fuzz.js';

const COUNT = Number(process.env['HEAP_FUZZ_COUNT'] ?? 20_000);

describe(`${COUNT} damaged snapshots`, () => {
  it('are each analysed, or refused with a HeapSnapshotError and the byte offset', async () => {
    const figures = await fuzz(1_000_000, COUNT);
    expect(figures.refused + figures.read).toBe(COUNT);
    console.log(figures);
  });
});
