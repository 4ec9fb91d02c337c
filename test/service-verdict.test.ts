import { describe, expect, it } from 'vitest';
import { growTogether } from '../src/kit/diagnosis/measure-service.js';
import { attributed, SharedRounds, serviceVerdict, surerOf } from '../src/kit/diagnosis/parts/index.js';
import type { ServiceFacts } from '../src/kit/diagnosis/parts/index.js';
import type { Measured } from '../src/kit/diagnosis/model/context.js';
import type { ProcessResult } from '../src/kit/diagnosis/model/result.js';
import { Problem } from '../src/kit/problem.js';
import { PartWork } from '../src/kit/diagnosis/parts/part-work.js';
import { ProcessAnswers } from '../src/kit/diagnosis/parts/process-answers.js';
import type { Part } from '../src/kit/diagnosis/parts/part.js';
import { measuredOf } from './support/samples.js';

const BOUNDED = measuredOf(20, () => ({})).verdict;
const LEAK = measuredOf(20, (round) => ({ heap: round })).verdict;
const UNSETTLED = measuredOf(5, () => ({})).verdict;

const part = (given: Partial<ProcessResult>): ProcessResult => ({
  pid: 10,
  role: 'process',
  script: 'a.js',
  number: null,
  answered: 10_000,
  liveBytes: 40e6,
  verdict: BOUNDED,
  ...given,
});

const verdictOf = (processes: ProcessResult[], facts: Partial<ServiceFacts> = {}) =>
  serviceVerdict({
    processes,
    sum: null,
    unit: 'request',
    work: 10_000,
    busyMs: 5_000,
    accepting: [10],
    isNamed: false,
    ...facts,
  });

const measuredAs = (confidence: number): Measured => ({
  samples: [],
  startMs: 0,
  verdict: { ...LEAK, confidence },
});
const measuredPart = (role: ProcessResult['role'], rss: number) => ({
  part: { member: part({ role }) } as never,
  measured: measuredOf(3, (round) => ({ heap: role === 'process' ? 0 : 10 * round, rss: rss * round })),
});
const outside = (measured: Measured): number[] =>
  measured.samples.map(({ rssBytes, heapTotalBytes, externalBytes }) =>
    Math.round((rssBytes - heapTotalBytes - externalBytes) / 1e6),
  );
const worked = () => {
  let rounds = 0;
  return { unit: 'request' as const, round: async () => ++rounds * 100 };
};

describe('the verdict of a service', () => {
  it('of one process that answers what is sent is that of the process', () => {
    for (const verdict of [BOUNDED, LEAK, UNSETTLED]) expect(verdictOf([part({ verdict })])).toEqual(verdict);
  });

  it('is leak if any part leaks, and bounded only if all are', () => {
    expect(verdictOf([part({}), part({ pid: 11, verdict: LEAK })]).kind).toBe('leak');
    expect(verdictOf([part({}), part({ pid: 11, verdict: UNSETTLED })]).kind).toBe('unsettled');
    expect(verdictOf([part({}), part({ pid: 11 })]).kind).toBe('bounded');
  });

  it('needs a second measurement where each part is bounded and all together grow, and only there', () => {
    const parts = (...verdicts: (typeof BOUNDED)[]) => verdicts.map((verdict) => ({ measured: { verdict } }));
    expect(growTogether(parts(BOUNDED, BOUNDED), LEAK)).toBe(true);
    expect(growTogether(parts(BOUNDED, UNSETTLED), LEAK)).toBe(false);
    expect(growTogether(parts(BOUNDED, BOUNDED), BOUNDED)).toBe(false);
    expect(growTogether(parts(BOUNDED, BOUNDED), null)).toBe(false);
  });

  it('is never bounded where the sum of all parts grows', () => {
    expect(verdictOf([part({}), part({ pid: 11 })], { sum: LEAK })).toMatchObject({
      kind: 'unsettled',
      reason: { code: 'grows-together', parts: 2 },
    });
  });

  it('is not bounded if a part was not measured', () => {
    expect(verdictOf([part({}), part({ pid: 11, verdict: null, answered: null })]).reason).toEqual({
      code: 'part-not-measured',
      names: ['process (process 11)'],
    });
  });

  it('is not bounded if the process answered none of the requests, and names who did', () => {
    expect(verdictOf([part({ answered: 0 })], { accepting: [12], isNamed: true })).toMatchObject({
      kind: 'unsettled',
      reason: { code: 'did-not-work', answered: 0, work: 10_000, by: [12] },
    });
    expect(verdictOf([part({ answered: 0 })], { accepting: [] }).kind).toBe('unsettled');
  });

  it('is not bounded if others answered some, unless the operator named the process', () => {
    const third = [part({ answered: 3_000 })];
    expect(verdictOf(third).reason).toMatchObject({ code: 'did-not-work', answered: 3_000 });
    expect(verdictOf(third, { isNamed: true }).kind).toBe('bounded');
  });

  it('is bounded of a server whose requests cannot be counted, if it is seen to accept them', () => {
    expect(verdictOf([part({ answered: 0 })], { accepting: [10] }).kind).toBe('bounded');
  });

  it('adds up what workers answer, and does not add a proxy to what is behind it', () => {
    const worker = (pid: number): ProcessResult => part({ pid, role: 'cluster worker', answered: 5_000 });
    expect(verdictOf([part({ role: 'cluster primary', answered: 0 }), worker(11), worker(12)]).kind).toBe(
      'bounded',
    );
    const behind = part({ pid: 11, role: 'upstream process', answered: 4_000 });
    expect(verdictOf([part({ answered: 5_000 }), behind]).kind).toBe('unsettled');
  });

  it('of existing traffic is not bounded if nothing happened', () => {
    const watched = { unit: 'second', work: 100, busyMs: 15 } as const;
    expect(verdictOf([part({ answered: 0 })], watched).reason).toEqual({ code: 'idle', work: 100 });
    expect(verdictOf([part({ answered: 0 })], { ...watched, busyMs: 900 }).kind).toBe('bounded');
    expect(verdictOf([part({ answered: 30 })], watched).kind).toBe('bounded');
  });
});

it('a leak among many parts has to be surer than one alone', () => {
  expect(surerOf(1, measuredAs(0.991)).verdict.kind).toBe('leak');
  expect(surerOf(5, measuredAs(0.991)).verdict.kind).toBe('unsettled');
  expect(surerOf(5, measuredAs(0.9985)).verdict.kind).toBe('leak');
});

it('the resident set of a process is not counted for a worker thread, nor its heap for the main thread', () => {
  const [main, thread] = [measuredPart('process', 10), measuredPart('worker thread', 10)];
  expect(new Set(outside(attributed([main, thread], thread)))).toEqual(new Set([0]));
  const [first, ...rest] = outside(attributed([main, thread], main));
  expect(rest.every((bytes) => bytes <= (first ?? 0))).toBe(true);
  expect(attributed([main], main)).toBe(main.measured);
});

describe('shared rounds', () => {
  it('do one round when all have asked, and tell each of it', async () => {
    const rounds = new SharedRounds(worked(), ['a', 'b']);
    const first = rounds.round('a');
    await expect(Promise.race([first, Promise.resolve('waits')])).resolves.toBe('waits');
    expect(await Promise.all([first, rounds.round('b')])).toEqual([100, 100]);
    expect(rounds.done).toEqual([0, 100]);
  });

  it('go on when one leaves, and are quiet when all have', async () => {
    const rounds = new SharedRounds(worked(), ['a', 'b', 'c']);
    const order: string[] = [];
    const quiet = rounds.quiet('a').then(() => order.push('quiet'));
    const waiting = rounds.round('b');
    rounds.leave('c');
    expect(await waiting).toBe(100);
    order.push('round');
    rounds.leave('b');
    await quiet;
    expect(order).toEqual(['round', 'quiet']);
    expect(await rounds.round('a')).toBe(200); // later stages ask alone
  });

  it('fail for all when the service stops answering', async () => {
    const rounds = new SharedRounds({ unit: 'request', round: () => Promise.reject(new Error('gone')) }, [
      'a',
      'b',
    ]);
    const all = await Promise.allSettled([rounds.round('a'), rounds.round('b')]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

it('a process that answers a third of the requests is sent three times of what it asks for', async () => {
  let answered = 0;
  const asked: (number | undefined)[] = [];
  const counter = { read: async () => ({ answered, busyMs: answered }), stop: async () => {} };
  const one = { counter } as unknown as Part;
  const work = new PartWork(new ProcessAnswers([one]), {
    unit: 'request',
    rounds: () => null,
    round: async (most) => {
      asked.push(most);
      const sent = most ?? 0;
      answered += sent / 3;
      return sent;
    },
    quiet: async () => {},
  });
  const done = [await work.round(30), await work.round(40), await work.round(160)];
  expect(asked).toEqual([30, 120, 480]);
  expect(done).toEqual([10, 40, 160]);
});

it('work goes on without a thread of the process that does not answer any more, and counts what it did', async () => {
  const counts = [0, 0];
  let asked = 0;
  const reading = (at: number) => async () => {
    asked += at;
    if (at === 1 && counts[1]! >= 60) throw new Problem('LEAK_LAB_NO_INSPECTOR', 'it does not answer');
    return { answered: counts[at]!, busyMs: 0 };
  };
  const threads = counts.map((_, at) => ({ counter: { read: reading(at), stop: async () => {} } }) as Part);
  const work = new PartWork(new ProcessAnswers(threads), {
    unit: 'request',
    rounds: () => null,
    round: async (most = 0) => {
      for (const at of [0, 1]) counts[at]! += most / 4;
      return most;
    },
    quiet: async () => {},
  });
  expect([await work.round(100), await work.round(100), await work.round(100)]).toEqual([50, 50, 75]);
  expect(asked).toBe(4); // before and after two rounds
});

it('asks each thread once after a round, although all threads of the process ask for it', async () => {
  const asked = [0, 0, 0];
  const threads = asked.map((_, at) => {
    const read = async () => ({ answered: (asked[at]! += 1), busyMs: 0 });
    return { counter: { read, stop: async () => {} } } as unknown as Part;
  });
  const answers = new ProcessAnswers(threads);
  let rounds = 0;
  const ask = (): Promise<number[]> => Promise.all(threads.map(() => answers.read(rounds)));
  expect(await ask()).toEqual([3, 3, 3]);
  rounds = 1;
  expect(await ask()).toEqual([6, 6, 6]);
  expect(await ask()).toEqual([6, 6, 6]); // before the next round
  expect(await answers.read(null)).toBe(9);
  expect(asked).toEqual([3, 3, 3]);
});
