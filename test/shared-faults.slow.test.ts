import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startService, type Service } from '../load/service.js';
import type { SharedUsage } from '../src/service/user-cache.js';
import { liveBytesOf } from './support/live-bytes.js';
import { hasRedis, startRedis, unlessRedis, type Redis } from './support/redis.js';
import { steadyLoad } from './support/steady-load.js';

const PATIENCE = { timeout: 60_000, interval: 20 };
/** Users that the load requests: more than fit the local cache, so that Redis is used all the time. */
const USERS = 2_000;
const LOCAL_ENTRIES = 100;
const CONNECTIONS = 50;

async function sharedOf({ url }: Service): Promise<SharedUsage> {
  return ((await (await fetch(`${url}/memory`)).json()) as { redis: SharedUsage }).redis;
}

interface Fault {
  name: string;
  /** Begins the fault, and waits until the service notices it. */
  begin(redis: Redis, seen: (state: SharedUsage['state']) => Promise<void>): Promise<unknown>;
  end(redis: Redis): Promise<unknown>;
  /** Counters of the service that increase because of the fault. */
  counted: (keyof Omit<SharedUsage, 'state' | 'up'>)[];
}

const overwriteAll = (command: string): string[] => [
  'eval',
  `for _, key in ipairs(redis.call('keys', '*')) do redis.call('del', key) redis.call(${command}) end`,
  '0',
];
const nothing = async (): Promise<void> => {};

const faults: Fault[] = [
  { name: 'no fault', begin: nothing, end: nothing, counted: ['hits'] },
  {
    name: 'Redis is paused until the service closes the connection (SIGSTOP)',
    begin: async (redis, seen) => {
      redis.kill('SIGSTOP');
      await seen('slow');
      await seen('away');
    },
    end: async (redis) => redis.kill('SIGCONT'),
    counted: ['late', 'skipped'],
  },
  {
    name: 'Redis is paused for a second (CLIENT PAUSE)',
    begin: async (redis, seen) => {
      await redis.command('client', 'pause', '1000', 'all');
      await seen('slow');
    },
    end: nothing,
    counted: ['late', 'skipped'],
  },
  {
    name: 'Redis is killed and starts again empty (SIGKILL)',
    begin: async (redis, seen) => {
      await redis.crash();
      await seen('away');
    },
    end: (redis) => redis.start(),
    counted: ['skipped'],
  },
  {
    name: 'Redis requires a password that the service does not have (requirepass)',
    begin: async (redis, seen) => {
      await redis.command('config', 'set', 'requirepass', 'secret');
      await redis.command('--no-auth-warning', '-a', 'secret', 'client', 'kill', 'type', 'normal');
      await seen('away');
    },
    end: (redis) => redis.command('--no-auth-warning', '-a', 'secret', 'config', 'set', 'requirepass', ''),
    counted: ['skipped'],
  },
  {
    name: 'Redis accepts no more clients (maxclients)',
    begin: async (redis, seen) => {
      const other = net.connect(new URL(redis.url).pathname).on('error', () => {});
      await once(other, 'connect');
      const [, id] = /^id=(\d+) .* name=leak-lab /m.exec(await redis.command('client', 'list')) ?? [];
      await redis.commands('config set maxclients 1', `client kill id ${id}`);
      await seen('away');
    },
    end: async (redis) => {
      await redis.crash(); // redis-cli cannot connect either
      await redis.start();
    },
    counted: ['skipped'],
  },
  {
    name: 'Redis is full and evicts nothing (noeviction)',
    begin: async (redis) => {
      await redis.command('config', 'set', 'maxmemory-policy', 'noeviction');
      await redis.command('flushall');
      await redis.command('config', 'set', 'maxmemory', '1mb');
    },
    end: async (redis) => {
      await redis.command('config', 'set', 'maxmemory', '32mb');
      await redis.command('config', 'set', 'maxmemory-policy', 'allkeys-lru');
    },
    counted: ['errors'],
  },
  {
    name: 'every value in Redis has another type',
    begin: (redis) => redis.command(...overwriteAll(`'rpush', key, 'x'`)),
    end: nothing,
    counted: ['errors'],
  },
  {
    name: 'every value in Redis is invalid',
    begin: (redis) => redis.command(...overwriteAll(`'set', key, '["' .. key .. '","mallory"]'`)),
    end: nothing,
    counted: ['damaged'],
  },
];

interface Row {
  fault: string;
  requests: number;
  failed: number;
  wrong: number;
  'p99 ms': number;
  'live MB': number;
}

describe.skipIf(!hasRedis)(`the service in shared mode under load${unlessRedis}`, () => {
  let redis: Redis;
  let service: Service;
  const rows: Row[] = [];

  const shared = (): Promise<SharedUsage> => sharedOf(service);
  const seen = (state: SharedUsage['state']): Promise<void> =>
    vi.waitFor(async () => expect((await shared()).state).toBe(state), PATIENCE);

  beforeAll(async () => {
    redis = await startRedis();
    service = await startService([
      'shared',
      '--redis-url',
      redis.url,
      '--local-entries',
      String(LOCAL_ENTRIES),
    ]);
    await seen('ready');
    const warmUp = steadyLoad(service.url, CONNECTIONS, (index) => `user ${index % USERS}`);
    await warmUp.more(3 * USERS);
    await warmUp.stop();
  });
  afterAll(async () => {
    console.table(rows);
    await service.stop();
    await redis.end();
  });

  it.each(faults)(
    'answers every request correctly during this fault, and uses Redis again after it: $name',
    async (fault) => {
      const load = steadyLoad(service.url, CONNECTIONS, (index) => `user ${(index * 7) % USERS}`);
      await load.more(USERS);
      const before = await shared();
      await fault.begin(redis, seen);
      await load.more(USERS);
      const during = await shared();
      await fault.end(redis);
      await seen('ready');
      await load.more(USERS);
      await vi.waitFor(async () => expect((await shared()).hits).toBeGreaterThan(during.hits), PATIENCE);
      const { sent, statuses, broken, wrong, latencies } = await load.stop();

      rows.push({
        fault: fault.name,
        requests: sent,
        failed: sent - (statuses[200] ?? 0),
        wrong,
        'p99 ms': Math.round(latencies.percentile(99) / 100) / 10,
        'live MB': Math.round((await liveBytesOf(service)) / 1e5) / 10,
      });
      expect({ statuses, broken, wrong }).toEqual({ statuses: { 200: sent }, broken: 0, wrong: 0 });
      for (const count of fault.counted) expect(during[count], count).toBeGreaterThan(before[count]);
    },
  );

  it('retains no memory after these faults', () => {
    // The first row, without a fault, still includes the warm-up.
    const live = rows.slice(1).map((row) => row['live MB']);
    expect(live.length).toBeGreaterThan(0);
    expect(Math.max(...live) - (live[0] ?? 0)).toBeLessThan(4);
  });
});
