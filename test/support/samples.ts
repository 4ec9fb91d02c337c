import type { Measured } from '../../src/kit/diagnosis/model/context.js';
import { judgeByWork } from '../../src/kit/verdict/index.js';

const MB = 1e6;

/** One sample for each round of 500 requests: memory as `draw` gives it, in MB over 40 MB. */
export function measuredOf(
  rounds: number,
  draw: (round: number) => Partial<Record<'heap' | 'external' | 'buffers' | 'rss', number>>,
): Measured {
  const samples = Array.from({ length: rounds + 1 }, (_, round) => {
    const { heap = 0, external = 0, buffers = 0, rss = 0 } = draw(round);
    return {
      work: 500 * round,
      pid: 1,
      vszBytes: 1_000 * MB,
      rssBytes: (100 + rss + heap + external + buffers) * MB,
      heapUsedBytes: (40 + heap) * MB,
      heapTotalBytes: (50 + heap) * MB,
      heapLimitBytes: 4_000 * MB,
      codeBytes: 2 * MB,
      externalBytes: (2 + external + buffers) * MB,
      arrayBuffersBytes: (1 + buffers) * MB,
    };
  });
  const readings = samples.map(({ work, heapUsedBytes, codeBytes, externalBytes }) => ({
    work,
    bytes: heapUsedBytes - codeBytes + externalBytes,
  }));
  return { samples, verdict: judgeByWork(readings), startMs: 0 };
}
