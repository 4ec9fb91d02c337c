import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Snapshots, snapshots } from './support/heap-snapshots.js';

/** A worker thread cannot run TypeScript, so that the built one is tested. */
const built = new URL('../dist/src/kit/heap/index.js', import.meta.url).href;
const { HeapSnapshotError, analyzeInWorker, heapReport } = (await import(
  built
)) as typeof import('../src/kit/heap/index.js');

describe('the analysis of a snapshot in a worker', () => {
  let taken: Snapshots;
  let file: string;
  beforeAll(async () => {
    taken = await snapshots();
    file = await taken.take('heap-nest-app.mjs');
  });
  afterAll(() => taken[Symbol.asyncDispose]());

  it('returns what heapReport returns, while this thread goes on', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const { timingsMs, ...report } = await analyzeInWorker(file, { limit: 5 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
    expect(timingsMs.read).toBeGreaterThan(0);
    expect(report.largest.map(({ path }) => path?.text)).toContain(
      'AppModule › UsersModule › LeakyUserCache.users',
    );
    const { timingsMs: _, ...here } = await heapReport(file, { limit: 5 });
    expect(report).toEqual(here);
  });

  it('compares the snapshot with an earlier one', async () => {
    const { growth } = await analyzeInWorker(file, { before: file, limit: 5 });
    expect(growth).toEqual({ classes: [], containers: [] });
  });

  it('fails with the same error class, code and byte offset as in this thread', async () => {
    const error: unknown = await analyzeInWorker(new URL(import.meta.url).pathname).catch(
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(HeapSnapshotError);
    expect(error).toMatchObject({ code: 'HEAP_SYNTAX', byteOffset: 0 });
  });

  it('ends on an abort with an AbortError', async () => {
    const rejection = analyzeInWorker(file, { signal: AbortSignal.timeout(50) });
    await expect(rejection).rejects.toMatchObject({ name: 'AbortError' });
  });
});
