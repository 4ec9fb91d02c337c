import { describe, expect, it } from 'vitest';
import type { Answers, Comparison } from '../src/kit/compare/index.js';
import { judge, outcome } from '../src/mystery/judgement.js';
import { checkedText } from '../src/mystery/words.js';
import { aDiagnosis, aSuspect } from './support/diagnoses.js';

const FOLDER = '/tmp/mystery-4';
const rate = (estimate: number, spread = 0.05) => ({
  estimate,
  low: estimate - spread,
  high: estimate + spread,
});
const cost = (ratio: Comparison['costs']['p50Ms']['ratio']) => ({ before: rate(1), after: rate(1), ratio });

const leaking = aDiagnosis();
const verdict = leaking.verdict!;
const bounded = aDiagnosis({
  suspects: [],
  verdict: {
    ...verdict,
    kind: 'bounded',
    growthRate: rate(2),
    reason: { code: 'flat', smallestLeakBytes: 15 },
  },
});
const unsettled = aDiagnosis({
  suspects: [],
  verdict: { ...verdict, kind: 'unsettled', confidence: 0, reason: { code: 'slowing' } },
});
const same: Answers = { compared: 9_000, different: 0, kind: 'same', differences: [] };
const difference = {
  number: 7,
  method: 'GET',
  path: '/orders/7',
  part: 'body' as const,
  at: 'cents',
  before: '12',
  after: '13',
};

/** The comparison of a fix; without changes, of one that is right. */
function aComparison(
  changes: Partial<Comparison> & { cpu?: Comparison['costs']['p50Ms']['ratio'] } = {},
): Comparison {
  const { cpu = rate(1.02), ...other } = changes;
  return {
    verdict: { kind: 'fixed', confidence: 0.999, reason: { code: 'leak-gone' } },
    memory: {
      kind: 'fixed',
      confidence: 0.999,
      reason: 'leak-gone',
      difference: {
        kind: 'lower',
        unit: 'request',
        rate: rate(-480),
        confidence: 0.999,
        work: 8_000,
        readings: 16,
        smallestBytes: 30,
        reason: { code: 'steady-growth' },
      },
    },
    before: leaking,
    after: bounded,
    suspects: { gone: [aSuspect()], remaining: [], new: [], unmatched: [] },
    answers: same,
    costs: {
      cpuMsPerRequest: cost(cpu),
      p50Ms: cost(rate(1)),
      p99Ms: cost(rate(1)),
      requestsPerSecond: cost(rate(1)),
      rssBytes: cost(rate(1)),
    },
    requests: 9_000,
    differentRequests: null,
    rounds: 20,
    durationMs: 41_000,
    ...other,
  };
}

const stillLeaking: Partial<Comparison> = {
  memory: { ...aComparison().memory, kind: 'unchanged', reason: 'same-leak' },
  after: leaking,
  suspects: {
    gone: [],
    remaining: [
      aSuspect({
        name: 'OrdersModule › OrdersService.entries (Array, 32,001 entries)',
        allocatedAt: [{ function: 'handle', file: `${FOLDER}/service.ts`, line: 14, column: 3 }],
      }),
    ],
    new: [],
    unmatched: [],
  },
};
const differing: Partial<Comparison> = {
  answers: { compared: 9_000, different: 23, kind: 'different', differences: [difference] },
};

describe('a fix', () => {
  it('is mended when its memory is bounded, its answers are the same and it is about as fast', () => {
    const comparison = aComparison();
    expect(judge(comparison)).toEqual({ memory: 'right', answers: 'right', cpu: 'right' });
    expect(outcome(judge(comparison))).toBe('right');
    const text = checkedText(4, FOLDER, comparison);
    expect(text).toMatch(/^MENDED, after 9,000 requests to each service in 41 s\n/);
    expect(text).toContain('The pattern is unbounded-map');
    expect(text).toContain(`rm -r ${FOLDER}`);
  });

  it.each([
    ['still leaks', stillLeaking, 'memory'],
    ['answers differently', differing, 'answers'],
    [
      'answers differently from time to time',
      { answers: { compared: 9_000, different: 2, kind: 'varies', differences: [difference] } },
      'answers',
    ],
    ['takes twice the CPU time', { cpu: rate(2) }, 'cpu'],
  ] as const)('that %s is not mended, and the text says so', (_what, changes, wrong) => {
    const comparison = aComparison(changes as Partial<Comparison>);
    const judgement = judge(comparison);
    expect(Object.entries(judgement).filter(([, grade]) => grade !== 'right')).toEqual([[wrong, 'wrong']]);
    expect(outcome(judgement)).toBe('wrong');
    const text = checkedText(4, FOLDER, comparison);
    expect(text).toMatch(/^NOT YET, /);
    expect(text).toMatch(new RegExp(`^${wrong} +WRONG `, 'im'));
    expect(text).not.toContain('unbounded-map');
    // The hints are about the leak.
    expect(text.endsWith('npm run mystery -- --seed 4 --hint 1')).toBe(wrong === 'memory');
  });

  it.each([
    ['whose memory is unsettled', { memory: unsettledMemory('after-unsettled'), after: unsettled }, 'memory'],
    [
      'beside whose original no leak was seen',
      { memory: { ...aComparison().memory, kind: 'unchanged', reason: 'both-bounded' }, before: bounded },
      'memory',
    ],
    [
      'one of whose connections broke',
      {
        answers: {
          compared: 9_000,
          different: 1,
          kind: 'varies',
          differences: [{ ...difference, part: 'answer', at: '', before: 'answered', after: 'none' }],
        },
      },
      'answers',
    ],
    ['whose CPU time is above the limit, but not with its whole interval', { cpu: rate(1.25, 0.1) }, 'cpu'],
    ['of too few rounds', { cpu: null }, 'cpu'],
  ] as const)('%s cannot be judged', (_what, changes, unknown) => {
    const comparison = aComparison(changes as unknown as Partial<Comparison>);
    const judgement = judge(comparison);
    expect(Object.entries(judgement).filter(([, grade]) => grade !== 'right')).toEqual([
      [unknown, 'unknown'],
    ]);
    expect(outcome(judgement)).toBe('unknown');
    expect(checkedText(4, FOLDER, comparison)).toMatch(/^COULD NOT TELL, /);
  });

  it('that is wrong in one way and unclear in another is not mended', () => {
    expect(
      outcome(
        judge(aComparison({ ...differing, after: unsettled, memory: unsettledMemory('after-unsettled') })),
      ),
    ).toBe('wrong');
  });
});

function unsettledMemory(reason: Comparison['memory']['reason']): Comparison['memory'] {
  return { ...aComparison().memory, kind: 'unsettled', confidence: 0, reason };
}

it('a check names every fault at once, the suspect in the file of the learner, and the first answers that differ', () => {
  const text = checkedText(4, FOLDER, aComparison({ ...stillLeaking, ...differing, cpu: rate(2.4) }));
  expect(text).toMatch(/memory +WRONG +Memory grew by 483 bytes per request/);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'What grows: OrdersModule › OrdersService.entries (Array, 32,001 entries), allocated at service.ts:14',
  );
  expect(text).toContain('23 of 9,000 are not those of the original.');
  expect(text).toContain('GET /orders/7: body at cents: 12 → 13');
  expect(text).toMatch(/CPU +WRONG +A request takes 2\.40 times/);
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});
