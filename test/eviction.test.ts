import { expect, it } from 'vitest';
import { FixedUserCache } from '../src/service/user-cache.fixed.js';
import { LeakyUserCache } from '../src/service/user-cache.leaky.js';
import { userBytes } from '../src/service/user-bytes.js';
import type { UserCache } from '../src/service/user-cache.js';
import { UserDirectory } from '../src/service/user-directory.js';
import type { User } from '../src/service/user.js';
import { collectAfterTurn, collectGarbage } from './support/collect-garbage.js';

const directory = new UserDirectory({ latencyMs: 0 });
const MAX_BYTES = 1024 * 1024;

/** How many of the users that went through the cache are alive after a collection. */
async function alive(cache: UserCache, users: number): Promise<number> {
  const refs: WeakRef<User>[] = [];
  for (let index = 0; index < users; index += 1) {
    const user = await directory.find(`user ${index}`);
    cache.set(user);
    refs.push(new WeakRef(user));
  }
  await collectAfterTurn();
  return refs.filter((ref) => ref.deref()).length;
}

it('an evicted user is collected, and a user in the leaky cache is not', async () => {
  expect(await alive(new FixedUserCache({ maxEntries: 10, maxBytes: MAX_BYTES }), 1_000)).toBe(10);
  expect(await alive(new LeakyUserCache(), 1_000)).toBe(1_000);
});

it('the fixed cache evicts the least recently used user first', async () => {
  const cache = new FixedUserCache({ maxEntries: 2, maxBytes: MAX_BYTES });
  cache.set(await directory.find('a'));
  cache.set(await directory.find('b'));
  cache.get('a');
  cache.set(await directory.find('c'));
  expect(['a', 'b', 'c'].map((id) => cache.get(id)?.user_id)).toEqual(['a', undefined, 'c']);
  expect(cache.usage()).toMatchObject({ entries: 2, evictions: 1, hits: 3, misses: 1 });
});

it('the byte bound evicts users before the bound on entries is reached if users are large', async () => {
  const cache = new FixedUserCache({ maxEntries: 10_000, maxBytes: 256 * 1024 });
  for (let index = 0; index < 2_000; index += 1)
    cache.set(await directory.find(`${index}${'张'.repeat(250)}`));
  const { entries, bytes } = cache.usage();
  expect(entries).toBeLessThan(300);
  expect(bytes).toBeLessThanOrEqual(256 * 1024);
  expect(bytes).toBeGreaterThan(entries * userBytes(await directory.find('张'.repeat(250))) * 0.9);
});

it('a bound on entries allocates no more memory than the byte bound allows', () => {
  const CACHES = 64; // together far more than the pages of 256 kB in which V8 allocates
  const maxBytes = 64 * 1024;
  collectGarbage();
  const before = process.memoryUsage();
  const caches = Array.from({ length: CACHES }, () => new FixedUserCache({ maxEntries: 2 ** 24, maxBytes }));
  collectGarbage();
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  expect(grown / CACHES).toBeLessThan(maxBytes);
  for (const cache of caches) expect(cache.usage()).toMatchObject({ entries: 0, maxEntries: 2 ** 24 });
});
