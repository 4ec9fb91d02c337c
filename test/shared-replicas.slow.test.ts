import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startService, type Service } from '../load/service.js';
import type { SharedUsage } from '../src/service/user-cache.js';
import { hammer } from './support/hammer.js';
import { liveBytesOf } from './support/live-bytes.js';
import { hasRedis, startRedis, unlessRedis, type Redis } from './support/redis.js';

const PATIENCE = { timeout: 60_000, interval: 50 };
const USERS = 3_000;
const REDIS_MB = 8;
/** Requests for somebody new that each process answers. More than fits the Redis. */
const RANDOM = 12_000;
/** What they may leave in a process: its 1,000 local users are there before. A Map keeps eight times as much. */
const KEPT_AT_MOST = RANDOM * 64;

async function sharedOf({ url }: Service): Promise<SharedUsage> {
  const sample = (await (await fetch(`${url}/memory`)).json()) as { redis: SharedUsage };
  return sample.redis;
}

const ask = async ({ url }: Service, requests: number, path: (index: number) => string): Promise<void> => {
  const statuses = await hammer({
    url,
    requests,
    connections: 20,
    request: (index) => ({ path: path(index) }),
  });
  expect(statuses).toEqual({ 200: requests });
};
const askAll = (service: Service): Promise<void> => ask(service, USERS, (index) => `/users/user${index}`);
const askRandom = (service: Service): Promise<void> => ask(service, RANDOM, () => '/users/random');

describe.skipIf(!hasRedis)(`three replicas with one Redis${unlessRedis}`, () => {
  let redis: Redis;
  let replicas: Service[];
  let leaky: Service;

  beforeAll(async () => {
    redis = await startRedis(['--maxmemory', `${REDIS_MB}mb`, '--maxmemory-policy', 'allkeys-lru']);
    // No answer is late, however busy this machine is: hits can be counted.
    const flags = ['shared', '--redis-url', redis.url, '--redis-deadline-ms', '60000'];
    replicas = await Promise.all([1, 2, 3].map(() => startService(flags)));
    leaky = await startService(['leaky']);
    for (const replica of replicas)
      await vi.waitFor(async () => expect((await sharedOf(replica)).state).toBe('ready'), PATIENCE);
  });
  afterAll(async () => {
    await Promise.all([...replicas, leaky].map((one) => one.stop()));
    await redis.end();
  });

  it('hit what the first has loaded', async () => {
    await askAll(replicas[0]!);
    await vi.waitFor(async () => expect(await redis.command('dbsize')).toBe(String(USERS)), PATIENCE);
    await Promise.all(replicas.slice(1).map(askAll));
    const [first, ...others] = await Promise.all(replicas.map(sharedOf));
    expect(first).toMatchObject({ hits: 0, misses: USERS });
    for (const other of others) expect(other).toMatchObject({ hits: USERS, misses: 0 });
  });

  it('stay flat, and so does Redis, under a load that makes the leaky service grow', async () => {
    const all = [...replicas, leaky];
    await Promise.all(all.map(askRandom));
    const before = await Promise.all(all.map(liveBytesOf));
    await Promise.all(all.map(askRandom));
    const after = await Promise.all(all.map(liveBytesOf));
    const kept = after.map((bytes, index) => bytes - before[index]!);
    console.log(
      `kept by ${RANDOM} requests: replicas ${kept.slice(0, 3).join(', ')}, leaky ${kept[3]} bytes`,
    );
    for (const bytes of kept.slice(0, 3)) expect(bytes).toBeLessThan(KEPT_AT_MOST);
    expect(kept[3]).toBeGreaterThan(4 * KEPT_AT_MOST);

    const info = await redis.command('info');
    const figure = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)![1]);
    console.log(`Redis holds ${figure('used_memory')} bytes and evicted ${figure('evicted_keys')} users`);
    expect(figure('evicted_keys')).toBeGreaterThan(0);
    expect(figure('used_memory')).toBeLessThan(1.25 * REDIS_MB * 2 ** 20);
  });
});
