import { describe, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { attach } from '../src/kit/process/attach.js';
import { liveBytes } from '../src/kit/process/sample.js';
import { sampleAfterCollection } from '../src/kit/process/remote-sample.js';
import type { InspectorSession } from '../src/kit/process/session.js';
import { hammer, type Hammer } from './support/hammer.js';
import { withLiveObjects } from './support/inside.js';

const MAX_BYTES = 1024 * 1024;
/** The bound, and 15 % because V8 rounds sizes up. */
const ALLOWED_BYTES = 1.15 * MAX_BYTES;

const id = (index: number, characters: number, filler: string): string =>
  encodeURIComponent(String(index).padEnd(characters, filler));

/** Requests that make a small cache retain much memory, if it counts bytes wrongly. */
const hostile: Record<string, Pick<Hammer, 'requests' | 'connections' | 'request'> & { flags?: string[] }> = {
  'ids of one character or a few': {
    requests: 6_000,
    connections: 50,
    request: (index) => ({ path: `/users/${index.toString(36)}` }),
  },
  'the longest ids of ASCII': {
    requests: 5_000,
    connections: 50,
    request: (index) => ({ path: `/users/${id(index, 256, 'x')}` }),
  },
  'the longest ids of two bytes a character': {
    requests: 4_000,
    connections: 50,
    request: (index) => ({ path: `/users/${id(index, 256, '张')}` }),
  },
  'the longest ids of four bytes a character': {
    requests: 4_000,
    connections: 50,
    request: (index) => ({ path: `/users/${id(index, 6, '')}${encodeURIComponent('😀'.repeat(250))}` }),
  },
  'short ids in URLs with long queries': {
    requests: 5_000,
    connections: 50,
    request: (index) => ({ path: `/users/${id(index, 20, 'x')}?${'q'.repeat(8_000)}` }),
  },
  'headers of 12 kB': {
    requests: 4_000,
    connections: 50,
    request: (index) => ({ path: `/users/${id(index, 20, 'x')}`, headers: { evil: 'h'.repeat(12_000) } }),
  },
  'a thousand concurrent requests to a slow directory': {
    requests: 5_000,
    connections: 1_000,
    flags: ['--directory-latency-ms', '20'],
    request: (index) => ({ path: `/users/${id(index, 40, 'x')}` }),
  },
};

/**
 * Live bytes when further collections free nothing more. V8 frees the bytecode of functions that have not run for a few
 * collections; it is as large as the cache and no part of it.
 */
async function settledBytes(session: InspectorSession, pid: number): Promise<number> {
  let settled = Infinity;
  let unchanged = 0;
  for (let collections = 0; collections < 10 && unchanged < 2; collections++) {
    const now = liveBytes(await sampleAfterCollection(session, pid));
    unchanged = Math.abs(settled - now) < 65_536 ? unchanged + 1 : 0;
    settled = now;
  }
  return settled;
}

/** The retained size of the cache: how many bytes are freed when the process drops it. */
async function retainedByCache(mode: 'fixed' | 'leaky', load: (typeof hostile)[string]): Promise<number> {
  // The bound on entries is out of reach, so that only the byte bound has an effect.
  const service = await startService([
    mode,
    '--max-bytes',
    String(MAX_BYTES),
    '--max-entries',
    '1000000',
    ...(load.flags ?? []),
  ]);
  const session = await attach(service.pid);
  try {
    const statuses = await hammer({ ...load, url: service.url });
    expect(statuses).toEqual({ 200: load.requests });
    const before = await settledBytes(session, service.pid);
    const className = mode === 'fixed' ? 'FixedUserCache' : 'LeakyUserCache';
    const caches = await withLiveObjects(session, className, (objects: { users: unknown }[]) => {
      for (const cache of objects) cache.users = null;
      return objects.length;
    });
    expect(caches).toBe(1);
    return before - (await settledBytes(session, service.pid));
  } finally {
    await session.close();
    await service.stop();
  }
}

describe.each(Object.entries(hostile))('under load with %s', (_name, load) => {
  it('the fixed cache retains no more than its byte bound, and the leaky cache retains more', async () => {
    const [fixed, leaky] = [await retainedByCache('fixed', load), await retainedByCache('leaky', load)];
    console.log(`fixed retains ${fixed} bytes, leaky ${leaky}; the bound is ${MAX_BYTES}`);
    expect(fixed).toBeLessThan(ALLOWED_BYTES);
    expect(fixed, 'a cache that stores nothing would keep any bound').toBeGreaterThan(MAX_BYTES / 4);
    expect(leaky).toBeGreaterThan(ALLOWED_BYTES);
  });
});
