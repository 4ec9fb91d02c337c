import { execFile } from 'node:child_process';
import net from 'node:net';
import { promisify } from 'node:util';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createClient } from '@redis/client';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startService, type Service } from '../load/service.js';
import { RedisLink } from '../src/service/redis-link.js';
import { UserCache, type SharedUsage, type UserCacheUsage } from '../src/service/user-cache.js';
import { UserDirectory } from '../src/service/user-directory.js';
import { toText } from '../src/service/user-text.js';
import { User } from '../src/service/user.js';
import { appWith } from './support/app.js';
import { collectAfterTurn, collectGarbage } from './support/collect-garbage.js';
import { hasRedis, startRedis, unlessRedis, type Redis } from './support/redis.js';
import { steadyLoad } from './support/steady-load.js';

const PATIENCE = { timeout: 30_000, interval: 20 };
const key = (id: string): string => `leak-lab:user:1:${id}`;
const directory = new UserDirectory({ latencyMs: 0 });

const usage = (app: NestFastifyApplication): UserCacheUsage & { shared: SharedUsage } => {
  const cache = app.get(UserCache, { strict: false });
  const shared = cache.sharedUsage?.();
  if (!shared) throw new Error('the service does not run in shared mode');
  return { ...cache.usage(), shared };
};
const get = (app: NestFastifyApplication, id: string) => request(app.getHttpServer()).get(`/users/${id}`);

async function stateOf({ url }: Service): Promise<string> {
  const sample = (await (await fetch(`${url}/memory`)).json()) as { redis: SharedUsage };
  return sample.redis.state;
}

describe.skipIf(!hasRedis)(`the service in shared mode${unlessRedis}`, () => {
  let redis: Redis;
  const endings: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const end of endings.splice(0).toReversed()) await end();
  });
  afterAll(() => redis.end());

  const isThere = (id: string): Promise<void> =>
    vi.waitFor(async () => expect(await redis.command('exists', key(id))).toBe('1'), PATIENCE);

  /** A replica in this process that is connected to Redis. */
  async function replica(...flags: string[]): Promise<NestFastifyApplication> {
    // With this deadline no reply is late, even on a busy machine.
    const app = await appWith('shared', '--redis-url', redis.url, '--redis-deadline-ms', '60000', ...flags);
    endings.push(() => app.close());
    await vi.waitFor(() => expect(usage(app).shared.state).toBe('ready'), PATIENCE);
    return app;
  }
  /** A replica in a process of its own. */
  async function service(...flags: string[]): Promise<Service> {
    const started = await startService(['shared', ...flags]);
    endings.push(() => started.stop());
    return started;
  }
  async function ownRedis(...settings: Parameters<typeof startRedis>): Promise<Redis> {
    const own = await startRedis(...settings);
    endings.push(() => own.end());
    return own;
  }

  it('finds in Redis a user that another replica has loaded, and stores users with a time to live', async () => {
    const [one, other] = [await replica('--redis-ttl-ms', '600000'), await replica()];
    const first = await get(one, 'somebody').expect(200);
    await isThere('somebody');
    const left = Number(await redis.command('pttl', key('somebody')));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(600_000);

    expect((await get(other, 'somebody').expect(200)).text).toBe(first.text);
    expect(usage(other)).toMatchObject({ hits: 0, shared: { hits: 1, misses: 0 } });
    await get(other, 'somebody').expect(200);
    expect(usage(other)).toMatchObject({ hits: 1, shared: { hits: 1, misses: 0 } });
  });

  it('reads a user from Redis again when its local cache has evicted the user', async () => {
    const app = await replica('--local-entries', '2');
    for (const id of ['a', 'b', 'c', 'a']) {
      await get(app, id).expect(200);
      await isThere(id);
    }
    expect(usage(app)).toMatchObject({ entries: 2, maxEntries: 2, shared: { hits: 1, misses: 3 } });
  });

  const stranger = new User('a stranger', 'n', 'e', 'a', 'd');
  const damage: [what: string, count: 'damaged' | 'errors', command: (right: string) => string[]][] = [
    ['has another type', 'errors', () => ['rpush', 'KEY', 'x']],
    ['is empty', 'damaged', () => ['set', 'KEY', '']],
    ['is the text of another program', 'damaged', () => ['set', 'KEY', '{"user_id":"x"}']],
    ['is another user', 'damaged', () => ['set', 'KEY', toText(stranger)]],
    ['is truncated', 'damaged', (right) => ['set', 'KEY', right.slice(0, -20)]],
    ['differs by one letter', 'damaged', (right) => ['setrange', 'KEY', String(right.length - 5), '!']],
  ];
  it.each(damage)(
    'reads a user from the directory if the value in Redis %s, and replaces the value',
    async (what, count, command) => {
      const app = await replica();
      const user = await directory.find(what);
      await redis.command('set', key(what), toText(user));
      const [verb = '', , ...values] = command(toText(user));
      if (verb !== 'setrange') await redis.command('del', key(what));
      await redis.command(verb, key(what), ...values);

      expect((await get(app, what).expect(200)).text).toBe(JSON.stringify(user));
      expect(usage(app).shared[count]).toBe(1);
      await vi.waitFor(
        async () => expect(await redis.command('get', key(what))).toBe(toText(user)),
        PATIENCE,
      );
    },
  );

  it('reads users from the directory while Redis is not running, and uses Redis once it has started', async () => {
    const own = await ownRedis();
    await own.crash();
    const one = await service('--redis-url', own.url);
    expect((await fetch(`${one.url}/users/somebody`)).status).toBe(200);
    await vi.waitFor(() => expect(one.errorOutput()).toContain('[LEAK_LAB_REDIS_AWAY]'), PATIENCE);
    expect(await stateOf(one)).toBe('away');

    await own.start();
    await vi.waitFor(async () => expect(await stateOf(one)).toBe('ready'), PATIENCE);
    await fetch(`${one.url}/users/somebody-else`);
    await vi.waitFor(async () => expect(await own.command('dbsize')).toBe('1'), PATIENCE);
    expect(one.errorOutput()).toMatch(
      /^leak-lab: Redis at \S+ does not answer \(E\w+\): .* --redis-url \[LEAK_LAB_REDIS_AWAY\]\nleak-lab: Redis at \S+ answers again\n$/,
    );
  });

  it('warns of a Redis without bounds, and prints commands that set them', async () => {
    const own = await ownRedis([]);
    const before = await service('--redis-url', own.url);
    await vi.waitFor(
      () => expect(before.errorOutput().match(/\[LEAK_LAB_REDIS_UNBOUNDED\]\n/g)).toHaveLength(2),
      PATIENCE,
    );
    for (const [, command] of before.errorOutput().matchAll(/ Run: (redis-cli .*) \[/g))
      await promisify(execFile)('sh', ['-c', command ?? '']);
    expect(await own.command('config', 'get', 'maxmemory*')).toContain('allkeys-lru');

    const after = await service('--redis-url', own.url);
    await vi.waitFor(async () => expect(await stateOf(after)).toBe('ready'), PATIENCE);
    await fetch(`${after.url}/users/somebody`);
    await vi.waitFor(async () => expect(await own.command('dbsize')).toBe('1'), PATIENCE); // by now it has checked the bounds
    expect(after.errorOutput()).toBe('');
  });

  it('answers every request while Redis hangs, and uses Redis when it goes on', async () => {
    const own = await ownRedis();
    const one = await service('--redis-url', own.url, '--local-entries', '10');
    await vi.waitFor(async () => expect(await stateOf(one)).toBe('ready'), PATIENCE);
    const load = steadyLoad(one.url, 20, (index) => `user ${index % 500}`);
    await load.more(1_000);
    own.kill('SIGSTOP');
    await vi.waitFor(async () => expect(await stateOf(one)).toBe('slow'), PATIENCE);
    await load.more(2_000);
    own.kill('SIGCONT');
    await vi.waitFor(async () => expect(await stateOf(one)).toBe('ready'), PATIENCE);
    await load.more(1_000);
    const { sent, statuses, broken, wrong } = await load.stop();
    expect({ statuses, broken, wrong }).toEqual({ statuses: { 200: sent }, broken: 0, wrong: 0 });
  });

  it.each([
    ['never replies', () => {}],
    ['is not Redis', (socket: net.Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['closes the connection', (socket: net.Socket) => void socket.destroy()],
  ])('reads users from the directory if the server at the address of Redis %s', async (_what, treat) => {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      sockets.add(socket.on('error', () => {}));
      socket.once('data', () => treat(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endings.push(async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const app = await appWith(
      'shared',
      '--redis-url',
      `redis://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    );
    endings.push(() => app.close());
    for (const id of ['a', 'b', 'c'])
      expect((await get(app, id).expect(200)).text).toBe(JSON.stringify(await directory.find(id)));
    expect(usage(app).shared).toMatchObject({ state: 'away', hits: 0 });
  });

  it('exports hits, misses and failures of Redis, and whether it answers, to Prometheus', async () => {
    const app = await replica();
    await get(app, 'counted').expect(200);
    // The metrics show the latest sample, and there is one per second.
    const metrics = await vi.waitFor(async () => {
      const { text } = await request(app.getHttpServer()).get('/metrics').expect(200);
      expect(text).toMatch(/^memory_cache_misses_total\{.*cache="redis".*\} 1$/m);
      return text;
    }, PATIENCE);
    expect(metrics).toMatch(/^memory_cache_failures_total\{.*cache="redis".*\} 0$/m);
    expect(metrics).toMatch(/^memory_cache_up\{.*cache="redis".*\} 1$/m);
    expect(metrics).not.toMatch(/^memory_cache_up\{.*cache="cache".*\}/m); // a local cache cannot be away
  });

  it('ends on SIGTERM and closes its connection, also while Redis hangs', async () => {
    const own = await ownRedis();
    const one = await service('--redis-url', own.url);
    await vi.waitFor(async () => expect(await stateOf(one)).toBe('ready'), PATIENCE);
    const clients = async (): Promise<number> => (await own.command('client', 'list')).split('\n').length;
    const withOne = await clients();
    const two = await service('--redis-url', own.url);
    await vi.waitFor(async () => expect(await clients()).toBe(withOne + 1), PATIENCE);
    expect(await two.stop()).toBe(0);
    await vi.waitFor(async () => expect(await clients()).toBe(withOne), PATIENCE);
    own.kill('SIGSTOP');
    expect(await one.stop()).toBe(0);
  });
});

describe.skipIf(!hasRedis)(`the link to a Redis that does not answer${unlessRedis}`, () => {
  let redis: Redis;
  let link: RedisLink;
  beforeAll(async () => {
    redis = await startRedis();
    link = new RedisLink({ url: redis.url, deadlineMs: 200 });
    link.open();
    await vi.waitFor(() => expect(link.state).toBe('ready'), PATIENCE);
  });
  afterAll(async () => {
    link.close();
    await redis.end();
  });

  it('lets at most 2,000 commands wait, and sends no more until Redis answers', async () => {
    redis.kill('SIGSTOP');
    const replies = await Promise.all(Array.from({ length: 5_000 }, (_, index) => link.get(`${index}`)));
    const count = (kind: string): number => replies.filter((reply) => reply.kind === kind).length;
    // One less if the client's own ping waits as well.
    expect(count('late')).toBeGreaterThanOrEqual(1_999);
    expect(count('late')).toBeLessThanOrEqual(2_000);
    expect(count('late') + count('errors')).toBe(5_000);
    expect(await link.get('more')).toEqual({ kind: 'skipped' });
    redis.kill('SIGCONT');
    await vi.waitFor(() => expect(link.state).toBe('ready'), PATIENCE);
    await vi.waitFor(async () => expect(await link.get('more')).toEqual({ kind: 'misses' }), PATIENCE);
  });

  const COMMANDS = 20_000;
  /** The memory in bytes that this many commands without a reply retain. */
  async function retainedBy(send: (key: string) => Promise<unknown>): Promise<number> {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < COMMANDS; index += 1) send(`user ${index}`).catch(() => {});
    await collectAfterTurn();
    return process.memoryUsage().heapUsed - before;
  }

  it('queues no commands while Redis is away, unlike the client with its default options', async () => {
    await redis.crash();
    await vi.waitFor(() => expect(link.state).toBe('away'), PATIENCE);
    // By default the client drops a queued command after five seconds. Then the queue retains the commands of five
    // seconds; without that deadline it retains all of them.
    const standard = createClient({ url: redis.url, commandOptions: { timeout: undefined } }).on(
      'error',
      () => {},
    );
    standard.connect().catch(() => {});
    const bound = COMMANDS * 50;
    expect(await retainedBy((key) => link.get(key))).toBeLessThan(bound);
    expect(await retainedBy((key) => standard.get(key))).toBeGreaterThan(4 * bound);
    standard.destroy();
  });
});
