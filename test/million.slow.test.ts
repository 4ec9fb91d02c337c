import { beforeAll, expect, it } from 'vitest';
import { measure, type Measurement } from '../load/measure.js';
import { startService } from '../load/service.js';
import { openTarget } from '../load/target.js';
import { attach } from '../src/kit/process/attach.js';
import { countLive } from './support/inside.js';

const MAX_ENTRIES = 10_000;
const { signal } = new AbortController();

interface Run {
  measurement: Measurement;
  liveUsers: number;
}

/** As `npm run load -- --requests N` does it, on the service as it starts by default. */
async function load(mode: 'fixed' | 'leaky', requests: number): Promise<Run> {
  const service = await startService([mode]);
  try {
    const target = await openTarget({ url: `${service.url}/users/random`, pid: service.pid, signal });
    const measurement = await measure(target, { requests, connections: 100, maxRequests: requests, signal });
    await target.release();
    const session = await attach(service.pid);
    const liveUsers = await countLive(session, 'User');
    await session.close();
    return { measurement, liveUsers };
  } finally {
    await service.stop();
  }
}

const bounds: [what: string, check: (run: Run) => void][] = [
  ['10,000 users are alive', ({ liveUsers }) => expect(liveUsers).toBe(MAX_ENTRIES)],
  [
    'the cache never has more entries than its bound',
    ({ measurement }) => {
      for (const { cacheEntries } of measurement.looks) expect(cacheEntries).toBeLessThanOrEqual(MAX_ENTRIES);
    },
  ],
  ['the verdict is bounded', ({ measurement }) => expect(measurement.verdict.kind).toBe('bounded')],
  [
    'the growth is under 2 bytes a request',
    ({ measurement }) => expect(measurement.verdict.growthRate!.high).toBeLessThan(2),
  ],
  [
    'the resident set grows by less than 32 MB once the cache is full',
    ({ measurement: { rows } }) => expect(rows.at(-1)!.rssBytes - rows[1]!.rssBytes).toBeLessThan(32e6),
  ],
];

let fixed: Run;
let leaky: Run;
beforeAll(async () => {
  fixed = await load('fixed', 1_000_000);
  leaky = await load('leaky', 200_000);
  for (const { measurement, liveUsers } of [fixed, leaky]) {
    console.log(measurement.target.mode, liveUsers, 'users alive', JSON.stringify(measurement.verdict));
    console.table(measurement.rows);
  }
}, 900_000);

it.each(bounds)(
  'after a million requests in fixed mode %s; after 200,000 in leaky mode that fails',
  (_what, check) => {
    check(fixed);
    expect(() => check(leaky)).toThrow();
  },
);
