import { beforeAll, expect, it } from 'vitest';
import { measure } from '../load/measure.js';
import type { Measurement } from '../load/measurement.js';
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

/** Measures the service with its defaults, as `npm run load -- --requests N` does. */
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
  ['10,000 users are live objects', ({ liveUsers }) => expect(liveUsers).toBe(MAX_ENTRIES)],
  [
    'the cache never has more entries than its bound',
    ({ measurement }) => {
      for (const { cacheEntries } of measurement.samples)
        expect(cacheEntries).toBeLessThanOrEqual(MAX_ENTRIES);
    },
  ],
  ['the verdict is bounded', ({ measurement }) => expect(measurement.verdict.kind).toBe('bounded')],
  [
    'memory grows by less than 2 bytes per request',
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
    console.log(measurement.target.mode, liveUsers, 'live users', JSON.stringify(measurement.verdict));
    console.table(measurement.rows);
  }
}, 900_000);

it.each(bounds)(
  'after a million requests in fixed mode %s; after 200,000 requests in leaky mode this does not hold',
  (_what, check) => {
    check(fixed);
    expect(() => check(leaky)).toThrow();
  },
);
