import { createHistogram } from 'node:perf_hooks';
import { beforeAll, expect, it } from 'vitest';
import { sendRound } from '../load/round.js';
import { startService } from '../load/service.js';
import { openTarget } from '../load/target.js';
import { attach } from '../src/kit/process/attach.js';
import { liveBytes } from '../src/kit/process/sample.js';
import { judge, type Reading, type Verdict } from '../src/kit/verdict/index.js';
import { countLive } from './support/inside.js';

const MAX_ENTRIES = 5_000;
const CONNECTIONS = 50;
const ROUNDS = 13;
const { signal } = new AbortController();

interface Load {
  requestsPerRound: number;
  /** Rounds before the judged ones. */
  warmUpRounds: number;
}

/** The warm-up fills the cache and the pools of connections and compiles the code, so growth after it is a leak. */
const FIXED: Load = { requestsPerRound: 20_000, warmUpRounds: 7 };
/** Judged between 65,536 and 131,072 users, because the table of a Map doubles at both, in a step. */
const LEAKY: Load = { requestsPerRound: 4_700, warmUpRounds: 14 };

interface Facts {
  /** Live users after the load. */
  liveUsers: number;
  mostEntries: number;
  verdict: Verdict;
}

/** Sends load with distinct users to the real service over HTTP, and measures its memory. */
async function factsOf(mode: 'fixed' | 'leaky', { requestsPerRound, warmUpRounds }: Load): Promise<Facts> {
  const service = await startService([mode, '--max-entries', String(MAX_ENTRIES)]);
  const url = `${service.url}/users/random`;
  const target = await openTarget({ url, pid: service.pid, signal });
  const readings: Reading[] = [];
  let mostEntries = 0;
  const round = async (): Promise<number> => {
    const load = {
      url,
      requests: requestsPerRound,
      connections: CONNECTIONS,
      latencies: createHistogram(),
      signal,
    };
    expect((await sendRound(load)).errors).toBe(0);
    mostEntries = Math.max(mostEntries, (await target.containers()).get('cache')!.entries);
    return liveBytes(await target.sample());
  };
  try {
    for (let warmUp = 0; warmUp < warmUpRounds; warmUp += 1) await round();
    for (let index = 0; index < ROUNDS; index += 1) {
      readings.push({ work: index * requestsPerRound, bytes: await round() });
    }
    await target.release();
    const session = await attach(service.pid);
    const liveUsers = await countLive(session, 'User');
    await session.close();
    return { liveUsers, mostEntries, verdict: judge(readings, { smallestLeakBytes: 2 }) };
  } finally {
    await service.stop();
  }
}

/** What "memory stays bounded" means: exact counts first, then statistics. */
const bounds: [what: string, check: (facts: Facts) => void][] = [
  ['as many users are alive as the cache may have', ({ liveUsers }) => expect(liveUsers).toBe(MAX_ENTRIES)],
  [
    'the cache never has more entries than its bound',
    ({ mostEntries }) => expect(mostEntries).toBeLessThanOrEqual(MAX_ENTRIES),
  ],
  [
    'the growth rate is below 2 bytes per request',
    ({ verdict }) => expect(verdict.growthRate!.high).toBeLessThan(2),
  ],
  ['the verdict is bounded', ({ verdict }) => expect(verdict.kind).toBe('bounded')],
];

let fixed: Facts;
let leaky: Facts;

beforeAll(async () => {
  fixed = await factsOf('fixed', FIXED);
  leaky = await factsOf('leaky', LEAKY);
  console.log('fixed', JSON.stringify(fixed), '\nleaky', JSON.stringify(leaky));
}, 1_800_000); // half a million requests, on a machine that may be busy with other tests

it.each(bounds)('%s in fixed mode, and that check fails in leaky mode', (_what, check) => {
  check(fixed);
  expect(() => check(leaky)).toThrow();
});

it('every requested user is alive in leaky mode, and the verdict is leak', () => {
  const preflight = 1;
  expect(leaky.liveUsers).toBe((LEAKY.warmUpRounds + ROUNDS) * LEAKY.requestsPerRound + preflight);
  expect(leaky.verdict.kind).toBe('leak');
  expect(leaky.verdict.growthRate!.low).toBeGreaterThan(300);
});
