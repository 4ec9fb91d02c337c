import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { LeakyUserCache } from '../src/service/user-cache.leaky.js';
import { UserDirectory } from '../src/service/user-directory.js';
import { User } from '../src/service/user.js';
import { UsersService } from '../src/service/users.service.js';

/** A directory whose look-ups the test settles. */
class SlowDirectory extends UserDirectory {
  readonly requested: string[] = [];
  private readonly waiting: { resolve: (user: User) => void; reject: (error: Error) => void }[] = [];

  constructor() {
    super({ latencyMs: 0 });
  }

  override find(id: string): Promise<User> {
    this.requested.push(id);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  answer(): void {
    for (const { resolve } of this.waiting.splice(0))
      resolve(new User(this.requested.at(-1) ?? '', 'n', 'e', 'a', 'd'));
  }

  fail(): void {
    for (const { reject } of this.waiting.splice(0)) reject(new Error('the database is away'));
  }
}

function service() {
  const directory = new SlowDirectory();
  const cache = new LeakyUserCache();
  const users = new UsersService(cache, directory);
  const loads = (users as unknown as { loads: Map<string, unknown> }).loads;
  return { directory, cache, users, loads };
}

describe('concurrent misses', () => {
  it('of one id share one load and get the same user', async () => {
    const { directory, users, loads } = service();
    const answers = Array.from({ length: 50 }, async () => users.find('a'));
    directory.answer();
    const got = new Set(await Promise.all(answers));
    expect([directory.requested, got.size, loads.size]).toEqual([['a'], 1, 0]);
  });

  it('of different ids do not wait for each other', () => {
    const { directory, users } = service();
    void users.find('a');
    void users.find('b');
    expect(directory.requested).toEqual(['a', 'b']);
  });
});

it('the service refuses look-ups while 2,000 are under way, and accepts them when those are done', async () => {
  const { directory, users, loads } = service();
  const underWay = Array.from({ length: 2_000 }, async (_, index) => users.find(`${index}`));
  expect(() => users.find('one more')).toThrow(
    '2000 look-ups are under way, which is the limit: try again in a moment',
  );
  expect(loads.size).toBe(2_000);
  directory.answer();
  await Promise.all(underWay);
  void users.find('one more');
  expect(loads.size).toBe(1);
});

describe('a failed load', () => {
  it('rejects for every request that waited, and leaves nothing in memory', async () => {
    const { directory, users, cache, loads } = service();
    const answers = [users.find('a'), users.find('a')].map(async (answer) => answer);
    directory.fail();
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([loads.size, cache.usage().entries]).toEqual([0, 0]);
  });

  it('is tried again by the next request', async () => {
    const { directory, users } = service();
    const failed = users.find('a');
    directory.fail();
    await expect(failed).rejects.toThrow('the database is away');
    const second = users.find('a');
    directory.answer();
    expect(await second).toMatchObject({ user_id: 'a' });
    expect(directory.requested).toEqual(['a', 'a']);
  });

  it('causes no unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { directory, users } = service();
    const answer = users.find('a');
    directory.fail();
    await Promise.allSettled([answer]);
    await setImmediate(); // Node reports unhandled rejections at the end of the turn
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

it('the service returns a cached user at once, without a promise', async () => {
  const { directory, users } = service();
  const first = users.find('a');
  directory.answer();
  const user = await first;
  expect(users.find('a')).toBe(user);
});
