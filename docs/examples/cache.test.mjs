// Lesson 7: a test that fails when memory grows. Run it with `node --test --test-reporter=tap docs/examples/cache.test.mjs`.
import { test } from 'node:test';
import { staysBounded } from 'leak-lab/testing';
import { FixedUserCache } from '../../dist/src/service/user-cache.fixed.js';
import { LeakyUserCache } from '../../dist/src/service/user-cache.leaky.js';

class Somebody {
  constructor(call) {
    Object.assign(this, { user_id: `user-${call}`, name: 'A', email: 'B', address: 'C', desc: 'D' });
  }
}

const caches = {
  fixed: new FixedUserCache({ maxEntries: 100, maxBytes: 1_000_000 }),
  leaky: new LeakyUserCache(),
};

for (const [name, cache] of Object.entries(caches)) {
  void test(`the ${name} cache keeps at most 100 users`, async () => {
    await staysBounded((call) => cache.set(new Somebody(call)), {
      instancesOf: [Somebody],
      atMost: 100,
      atMostMs: 60_000,
    });
  });
}
