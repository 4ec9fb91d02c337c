import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FixedUserCache } from '../src/service/user-cache.fixed.js';
import { LeakyUserCache } from '../src/service/user-cache.leaky.js';
import { userBytes } from '../src/service/user-bytes.js';
import type { UserCache } from '../src/service/user-cache.js';
import { UserDirectory } from '../src/service/user-directory.js';
import type { User } from '../src/service/user.js';

const directory = new UserDirectory({ latencyMs: 0 });
const MAX_BYTES = 1024 * 1024;
const collect = (globalThis as unknown as { gc: () => void }).gc;

/** How many of the users that went through the cache the collector still cannot have. */
async function alive(cache: UserCache, users: number): Promise<number> {
  const refs: WeakRef<User>[] = [];
  for (let index = 0; index < users; index += 1) {
    const user = await directory.find(`user ${index}`);
    cache.set(user);
    refs.push(new WeakRef(user));
  }
  await sleep(0); // a WeakRef holds its target until the end of the turn
  collect();
  return refs.filter((ref) => ref.deref()).length;
}

it('an evicted user can be collected, and one in the leaky cache cannot', async () => {
  expect(await alive(new FixedUserCache({ maxEntries: 10, maxBytes: MAX_BYTES }), 1_000)).toBe(10);
  expect(await alive(new LeakyUserCache(), 1_000)).toBe(1_000);
});

it('the user that was asked for longest ago leaves first', async () => {
  const cache = new FixedUserCache({ maxEntries: 2, maxBytes: MAX_BYTES });
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((id) => directory.find(id)));
  cache.set(a!);
  cache.set(b!);
  cache.get('a');
  cache.set(c!);
  expect(['a', 'b', 'c'].map((id) => cache.get(id)?.user_id)).toEqual(['a', undefined, 'c']);
  expect(cache.usage()).toMatchObject({ entries: 2, evictions: 1, hits: 3, misses: 1 });
});

it('the byte bound evicts before the bound on entries when users are large', async () => {
  const cache = new FixedUserCache({ maxEntries: 10_000, maxBytes: 256 * 1024 });
  for (let index = 0; index < 2_000; index += 1)
    cache.set(await directory.find(`${index}${'张'.repeat(250)}`));
  const { entries, bytes } = cache.usage();
  expect(entries).toBeLessThan(300);
  expect(bytes).toBeLessThanOrEqual(256 * 1024);
  expect(bytes).toBeGreaterThan(entries * userBytes(await directory.find('张'.repeat(250))) * 0.9);
});

it('a bound on entries that bytes can never fill costs no memory', () => {
  const CACHES = 64; // together far more than the pages of 256 kB that V8 takes at once
  const maxBytes = 64 * 1024;
  collect();
  const before = process.memoryUsage();
  const caches = Array.from({ length: CACHES }, () => new FixedUserCache({ maxEntries: 2 ** 24, maxBytes }));
  collect();
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  expect(grown / CACHES).toBeLessThan(maxBytes);
  for (const cache of caches) expect(cache.usage()).toMatchObject({ entries: 0, maxEntries: 2 ** 24 });
});
