import { describe, expect, it } from 'vitest';
import { judgedToTheEnd } from '../load/ended-growing.js';
import { addAnswers, answersText, doubtIfFailed } from '../load/failed-requests.js';
import { judgeByWork, verdictText } from '../src/kit/verdict/index.js';

const MB = 1e6;
const LIMIT = 64 * MB;

/** One sample of this many live bytes after each thousand requests. */
function samplesOf(live: number[]) {
  return live.map((bytes, at) => ({
    requests: 1_000 * at,
    pid: 1,
    vszBytes: 0,
    rssBytes: 0,
    heapUsedBytes: bytes,
    heapTotalBytes: bytes,
    heapLimitBytes: 112 * MB,
    codeBytes: 0,
    externalBytes: 0,
    arrayBuffersBytes: 0,
  }));
}

function atTheEnd(live: number[]) {
  const samples = samplesOf(live);
  const readings = samples.map(({ requests, heapUsedBytes }) => ({ work: requests, bytes: heapUsedBytes }));
  return judgedToTheEnd(judgeByWork(readings), samples, LIMIT);
}

describe('a process that ended', () => {
  it('leaks, if its memory had grown at every reading until it was near its heap limit', () => {
    const verdict = atTheEnd([18, 24, 30, 36, 42, 49, 54].map((mb) => mb * MB));
    expect(verdict).toMatchObject({ kind: 'leak', confidence: 0.95, work: 6_000, readings: 7 });
    expect(verdict.growthRate?.estimate).toBeCloseTo(6_000);
    expect(verdictText(verdict)).toMatch(/from 18\.0 MB to 54\.0 MB .* near its heap limit of 64\.0 MB/);
  });

  it('is unsettled, and that is said, if it had grown far from its limit', () => {
    const verdict = atTheEnd([8, 10, 12, 14, 16, 18].map((mb) => mb * MB));
    expect(verdict).toMatchObject({ kind: 'unsettled', reason: { code: 'ended-while-growing' } });
  });

  it.each([
    ['did not grow by much', [40, 41, 42, 43, 44, 50]],
    ['fell in between', [18, 24, 40, 30, 42, 54]],
    ['was seen too seldom', [18, 36, 54]],
  ])('keeps its verdict if it %s', (_why, live) => {
    expect(atTheEnd(live.map((mb) => mb * MB)).reason.code).toBe('too-few-readings');
  });
});

describe('requests that failed', () => {
  const flat = judgeByWork(
    Array.from({ length: 30 }, (_one, at) => ({ work: 10_000 * at, bytes: 40 * MB + (at % 3) * 1_000 })),
  );

  it('leave a verdict as it is, unless most failed and nothing grew', () => {
    expect(flat.kind).toBe('bounded');
    expect(doubtIfFailed(flat, { sent: 100, errors: 50, failures: {} })).toBe(flat);
    expect(doubtIfFailed(flat, { sent: 100, errors: 90, failures: {} })).toMatchObject({
      kind: 'unsettled',
      confidence: 0,
      reason: { code: 'work-failed', share: 0.9 },
    });
    const leak = { ...flat, kind: 'leak' as const };
    expect(doubtIfFailed(leak, { sent: 100, errors: 90, failures: {} })).toBe(leak);
  });

  it('are added up by what they failed with, and told with the most frequent first', () => {
    const round = { answered: 190, durationMs: 1, broken: false };
    const one = { ...round, sent: 198, errors: 12, failures: { '500': 2, aborted: 8, refused: 2 } };
    const sum = addAnswers(addAnswers({ sent: 0, errors: 0, failures: {} }, one), one);
    expect(sum).toEqual({ sent: 400, errors: 24, failures: { '500': 4, aborted: 16, refused: 4 } });
    expect(answersText(sum)).toBe(
      '6 % of 400 requests failed: connection closed by the service (16), 500 Internal Server Error (4), no connection (4).',
    );
  });
});
