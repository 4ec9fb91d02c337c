import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startService, type Service } from '../load/service.js';
import type { SharedUsage } from '../src/service/user-cache.js';
import { hammer } from './support/hammer.js';
import { liveBytesOf } from './support/live-bytes.js';
import { hasRedis, startRedis, unlessRedis, type Redis } from './support/redis.js';

const PATIENCE = { timeout: 60_000, interval: 50 };
const USERS = 3_000;
const REDIS_MB = 8;
/** Requests for new users that each process answers. More users than fit in Redis. */
const RANDOM = 12_000;
/** The most that they may retain in a process, which has its 1,000 local users before. A Map retains eight times as much. */
const MOST_RETAINED = RANDOM * 64;

async function sharedOf({ url }: Service): Promise<SharedUsage> {
  const sample = (await (await fetch(`${url}/memory`)).json()) as { redis: SharedUsage };
  return sample.redis;
}

const send = async ({ url }: Service, requests: number, path: (index: number) => string): Promise<void> => {
  const statuses = await hammer({
    url,
    requests,
    connections: 20,
    request: (index) => ({ path: path(index) }),
  });
  expect(statuses).toEqual({ 200: requests });
};
const requestAll = (service: Service): Promise<void> =>
  send(service, USERS, (index) => `/users/user${index}`);
const requestRandom = (service: Service): Promise<void> => send(service, RANDOM, () => '/users/random');

describe.skipIf(!hasRedis)(`three replicas with one Redis${unlessRedis}`, () => {
  let redis: Redis;
  let replicas: Service[];
  let leaky: Service;

  beforeAll(async () => {
    redis = await startRedis(['--maxmemory', `${REDIS_MB}mb`, '--maxmemory-policy', 'allkeys-lru']);
    // With this deadline no reply is late, even on a busy machine, so every hit is counted.
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

  it('find every user in Redis that one of them has loaded', async () => {
    const [loader, ...readers] = replicas;
    if (loader) await requestAll(loader);
    await vi.waitFor(async () => expect(await redis.command('dbsize')).toBe(String(USERS)), PATIENCE);
    await Promise.all(readers.map(requestAll));
    const [first, ...others] = await Promise.all(replicas.map(sharedOf));
    expect(first).toMatchObject({ hits: 0, misses: USERS });
    for (const other of others) expect(other).toMatchObject({ hits: USERS, misses: 0 });
  });

  it('have bounded memory, and so has Redis, under a load that makes the leaky service grow', async () => {
    const all = [...replicas, leaky];
    await Promise.all(all.map(requestRandom));
    const before = await Promise.all(all.map(liveBytesOf));
    await Promise.all(all.map(requestRandom));
    const after = await Promise.all(all.map(liveBytesOf));
    const retained = after.map((bytes, index) => bytes - (before[index] ?? 0));
    console.log(
      `retained by ${RANDOM} requests: replicas ${retained.slice(0, 3).join(', ')}, leaky ${retained[3]} bytes`,
    );
    for (const bytes of retained.slice(0, 3)) expect(bytes).toBeLessThan(MOST_RETAINED);
    expect(retained[3]).toBeGreaterThan(4 * MOST_RETAINED);

    const info = await redis.command('info');
    const figure = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
    console.log(`Redis uses ${figure('used_memory')} bytes and evicted ${figure('evicted_keys')} users`);
    expect(figure('evicted_keys')).toBeGreaterThan(0);
    expect(figure('used_memory')).toBeLessThan(1.25 * REDIS_MB * 2 ** 20);
  });
});
