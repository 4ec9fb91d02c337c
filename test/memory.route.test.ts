import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appWith } from './support/app.js';
import { schemaErrors } from './support/schema.js';

describe.each(['fixed', 'leaky'])('GET /memory of the %s service', (mode) => {
  let app: NestFastifyApplication;
  const get = (path: string) => request(app.getHttpServer()).get(path);

  beforeAll(async () => {
    app = await appWith(mode, '--max-entries', '2');
  });
  afterAll(() => app.close());

  it('answers with the process, the mode and every kind of memory in bytes, as its schema says', async () => {
    const { body } = await get('/memory').expect(200);
    expect(body).toMatchObject({ pid: process.pid, mode });
    expect(await schemaErrors('memory', body)).toEqual([]);
    expect(await schemaErrors('memory', { ...body, rssBytes: 'many' })).toHaveLength(1);
    const {
      vszBytes,
      rssBytes,
      heapLimitBytes,
      heapTotalBytes,
      heapUsedBytes,
      externalBytes,
      arrayBuffersBytes,
    } = body;
    expect(vszBytes).toBeGreaterThan(rssBytes);
    expect(rssBytes).toBeGreaterThan(heapUsedBytes);
    expect(Math.abs(rssBytes - process.memoryUsage.rss())).toBeLessThan(32e6);
    expect(heapLimitBytes).toBeGreaterThan(heapTotalBytes);
    expect(heapTotalBytes).toBeGreaterThan(heapUsedBytes);
    expect(externalBytes).toBeGreaterThanOrEqual(arrayBuffersBytes);
  });

  it('counts entries, hits, misses and evictions of the cache', async () => {
    for (const id of ['a', 'a', 'b', 'c', 'c', 'c']) await get(`/users/${id}`).expect(200);
    const { cache } = (await get('/memory')).body;
    expect(cache).toMatchObject({ hits: 3, misses: 3, hitRatio: 0.5 });
    expect(cache).toMatchObject(
      mode === 'fixed'
        ? { entries: 2, evictions: 1, maxEntries: 2, maxBytes: 16 * 1024 * 1024 }
        : { entries: 3, evictions: 0, maxEntries: null, maxBytes: null },
    );
    expect(cache.bytes).toBeGreaterThan(cache.entries * 300);
  });

  it('refuses requests that a proxy forwarded', async () => {
    for (const header of ['X-Forwarded-For', 'Forwarded']) {
      const { body } = await get('/memory').set(header, 'for=192.0.2.1').expect(403);
      expect(body.message).toMatch(/loopback interface only.*--expose-ops/);
    }
  });
});

it('GET /memory refuses a Host that is not a name of loopback, which DNS rebinding would send', async () => {
  const app = await appWith();
  const get = (host: string) => request(app.getHttpServer()).get('/memory').set('Host', host);
  await get('evil.example').expect(403);
  for (const host of ['localhost:8000', '127.0.0.1', '[::1]:8000']) await get(host).expect(200);
  await app.close();
});

it('GET /memory answers forwarded requests with --expose-ops', async () => {
  const app = await appWith('--expose-ops');
  await request(app.getHttpServer()).get('/memory').set('X-Forwarded-For', '192.0.2.1').expect(200);
  await app.close();
});
