import { createHistogram } from 'node:perf_hooks';
import { beforeAll, expect, it } from 'vitest';
import { driveRound } from '../load/drive.js';
import { startService } from '../load/service.js';
import { openTarget } from '../load/target.js';
import { attach } from '../src/kit/process/attach.js';
import { keptBytes } from '../src/kit/process/sample.js';
import { judge, type Reading, type Verdict } from '../src/kit/verdict/index.js';
import { countLive } from './support/inside.js';

const MAX_ENTRIES = 5_000;
const CONNECTIONS = 50;
/** Fills the cache, has the code compiled and the pools of connections filled: what grows after that is kept. */
const WARM_UP = 80_000;
const ROUNDS = 12;
const ROUND = 10_000;
const DISTINCT_USERS = WARM_UP + ROUNDS * ROUND;

interface Facts {
  /** Users alive after all that load: what the collector would keep now. */
  liveUsers: number;
  mostEntries: number;
  verdict: Verdict;
}

/** The real server process, under real HTTP, with 40 times more distinct users than the bound. */
async function factsOf(mode: 'fixed' | 'leaky'): Promise<Facts> {
  const service = await startService([mode, '--max-entries', String(MAX_ENTRIES)]);
  const url = `${service.url}/users/random`;
  const target = await openTarget({ url, pid: service.pid });
  try {
    const drive = (requests: number) =>
      driveRound({
        url,
        requests,
        connections: CONNECTIONS,
        latencies: createHistogram(),
        signal: new AbortController().signal,
      });
    const readings: Reading[] = [];
    let mostEntries = 0;
    // Looked at as well: a collection makes V8 forget code that is not called any more, once.
    for (let round = 0; round < WARM_UP; round += ROUND) await drive(ROUND).then(() => target.sample());
    for (let round = 0; round <= ROUNDS; round += 1) {
      if (round > 0) expect((await drive(ROUND)).errors).toBe(0);
      readings.push({ work: round * ROUND, bytes: keptBytes(await target.sample()) });
      mostEntries = Math.max(mostEntries, (await target.cache())!.entries);
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

/** What "memory stays bounded" means, from what is exact to what is statistics. */
const bounds: [what: string, check: (facts: Facts) => void][] = [
  ['as many users are alive as the bound allows', ({ liveUsers }) => expect(liveUsers).toBe(MAX_ENTRIES)],
  [
    'the cache never has more entries than its bound',
    ({ mostEntries }) => expect(mostEntries).toBeLessThanOrEqual(MAX_ENTRIES),
  ],
  [
    'the growth is under 2 bytes a request',
    ({ verdict }) => expect(verdict.bytesPerRequest!.high).toBeLessThan(2),
  ],
  ['the verdict is bounded', ({ verdict }) => expect(verdict.kind).toBe('bounded')],
];

let fixed: Facts;
let leaky: Facts;

beforeAll(async () => {
  fixed = await factsOf('fixed');
  leaky = await factsOf('leaky');
  console.log('fixed', JSON.stringify(fixed), '\nleaky', JSON.stringify(leaky));
}, 180_000);

it.each(bounds)('in fixed mode %s, and in leaky mode that fails', (_what, check) => {
  check(fixed);
  expect(() => check(leaky)).toThrow();
});

it('in leaky mode every user that was ever asked for is alive, and the verdict says leak', () => {
  const preflight = 1;
  expect(leaky.liveUsers).toBe(DISTINCT_USERS + preflight);
  expect(leaky.verdict.kind).toBe('leak');
  expect(leaky.verdict.bytesPerRequest!.low).toBeGreaterThan(300);
});
