import { describe, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { attach } from '../src/kit/process/attach.js';
import { liveBytes } from '../src/kit/process/sample.js';
import { sampleAfterCollection } from '../src/kit/process/remote-sample.js';
import type { InspectorSession } from '../src/kit/process/session.js';
import { hammer, type Hammer } from './support/hammer.js';
import { withLiveObjects } from './support/inside.js';

const MAX_BYTES = 1024 * 1024;
/** The promise: the bound, and 15 % for what V8 rounds up. */
const PROMISED_BYTES = 1.15 * MAX_BYTES;

const id = (index: number, characters: number, filler: string): string =>
  encodeURIComponent(String(index).padEnd(characters, filler));

/** Ways to make a cache of few bytes keep many. */
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
  'a thousand at a time, from a slow directory': {
    requests: 5_000,
    connections: 1_000,
    flags: ['--directory-latency-ms', '20'],
    request: (index) => ({ path: `/users/${id(index, 40, 'x')}` }),
  },
};

/**
 * Kept bytes once collections find nothing more. V8 lets go of the bytecode of functions that did not run for a few
 * collections: as much as the cache itself, and no part of it.
 */
async function settledBytes(session: InspectorSession, pid: number): Promise<number> {
  let settled = Infinity;
  let unchanged = 0;
  for (let look = 0; look < 10 && unchanged < 2; look++) {
    const now = liveBytes(await sampleAfterCollection(session, pid));
    unchanged = Math.abs(settled - now) < 65_536 ? unchanged + 1 : 0;
    settled = now;
  }
  return settled;
}

/** What the cache alone keeps: how far the heap falls when the process lets go of it. */
async function bytesKeptByCache(mode: 'fixed' | 'leaky', load: (typeof hostile)[string]): Promise<number> {
  // Only the byte bound is in the way: the other one would hide what it does.
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
  it('the fixed cache takes at most 115 % of its byte bound, and the leaky cache takes more', async () => {
    const [fixed, leaky] = [await bytesKeptByCache('fixed', load), await bytesKeptByCache('leaky', load)];
    console.log(`fixed keeps ${fixed}, leaky ${leaky} of ${MAX_BYTES} bytes`);
    expect(fixed).toBeLessThan(PROMISED_BYTES);
    expect(fixed, 'a cache that keeps nothing holds any bound').toBeGreaterThan(MAX_BYTES / 4);
    expect(leaky).toBeGreaterThan(PROMISED_BYTES);
  });
});
