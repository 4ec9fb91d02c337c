import { readFile } from 'node:fs/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { modes } from '../src/service/users.module.js';
import { MemoryMonitor } from '../src/kit/memory/memory.monitor.js';
import { metricsPage } from '../docs/metrics.js';
import { figures } from '../src/kit/memory/metrics/gauges.js';
import { requestFigures } from '../src/kit/memory/metrics/request-metrics.js';
import { appWith } from './support/app.js';
import { hammer } from './support/hammer.js';

/** Parses lines of Prometheus' text format: `name{labels} value`. */
function parse(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, series, value] = /^([a-z0-9_]+(?:\{.*\})?) (\S+)$/.exec(line)!;
      return [series!, Number(value!.replace('+Inf', 'Infinity'))];
    }),
  );
}

const seriesIn = (text: string) => [...parse(text).keys()];

describe.each(modes.filter((mode) => mode !== 'shared'))('GET /metrics of the %s service', (mode) => {
  let app: NestFastifyApplication;
  let text: string;
  let metrics: Map<string, number>;
  const get = (path: string) => request(app.getHttpServer()).get(path);

  beforeAll(async () => {
    app = await appWith(mode, '--max-entries', '4');
    await app.listen(0, '127.0.0.1');
    for (const id of ['a', 'a', 'b', 'c', 'd', 'e']) await get(`/users/${id}`).expect(200);
    await get('/nowhere').expect(404);
    // The latest sample is older than these requests; the next one includes them.
    await firstValueFrom(app.get(MemoryMonitor).samples);
    const response = await get('/metrics')
      .expect(200)
      .expect('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
    text = response.text;
    metrics = parse(text);
  });
  afterAll(() => app.close());

  it('declares every metric with its type and help text', () => {
    for (const { name, type, help } of [...figures, ...requestFigures]) {
      expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
    }
  });

  it('exports memory, the verdict, and entries, hits, misses and evictions of the cache', () => {
    const labels = `{mode="${mode}"}`;
    expect(metrics.get(`process_resident_memory_bytes${labels}`)).toBeGreaterThan(10e6);
    expect(metrics.get(`memory_time_to_heap_limit_seconds${labels}`)).toBe(Infinity);
    expect(metrics.get(`memory_verdict{verdict="unsettled",mode="${mode}"}`)).toBe(1);
    const container = `{container="UsersModule › ${mode === 'leaky' ? 'Leaky' : 'Fixed'}UserCache.users",mode="${mode}"}`;
    expect(metrics.get(`memory_container_entries${container}`)).toBe(mode === 'leaky' ? 5 : 4);
    expect(metrics.get(`memory_container_limit_entries${container}`)).toBe(mode === 'leaky' ? undefined : 4);
    const cache = `{cache="cache",mode="${mode}"}`;
    expect(metrics.get(`memory_cache_hits_total${cache}`)).toBe(1);
    expect(metrics.get(`memory_cache_misses_total${cache}`)).toBe(5);
    expect(metrics.get(`memory_cache_evictions_total${cache}`)).toBe(mode === 'leaky' ? 0 : 1);
  });

  it.skipIf(process.platform !== 'linux')('exports what is open, and the resident set by kind', () => {
    const labels = `{mode="${mode}"}`;
    expect(metrics.get(`process_open_fds${labels}`)).toBeGreaterThan(3);
    expect(metrics.get(`process_max_fds${labels}`)).toBeGreaterThan(3);
    expect(metrics.get(`memory_threads${labels}`)).toBeGreaterThan(1);
    expect(metrics.get(`memory_child_processes${labels}`)).toBeGreaterThanOrEqual(0);
    expect(metrics.get(`memory_descriptors{kind="sockets",mode="${mode}"}`)).toBeGreaterThanOrEqual(1);
    expect(metrics.get(`memory_resident_bytes{kind="anonymous",mode="${mode}"}`)).toBeGreaterThan(10e6);
    expect(metrics.get(`memory_outside_v8_bytes${labels}`)).toBeGreaterThanOrEqual(0);
  });

  it('counts responses by status class, and times at most one request in eight', () => {
    expect(metrics.get(`http_server_responses_total{status="2xx",mode="${mode}"}`)).toBeGreaterThanOrEqual(6);
    expect(metrics.get(`http_server_responses_total{status="4xx",mode="${mode}"}`)).toBe(1);
    const slowest = `http_server_request_duration_seconds_bucket{le="+Inf",mode="${mode}"}`;
    expect(metrics.get(slowest)).toBeLessThanOrEqual(
      metrics.get(`http_server_responses_total{status="2xx",mode="${mode}"}`)! / 2,
    );
    expect(metrics.get(slowest)).toBe(
      metrics.get(`http_server_request_duration_seconds_count{mode="${mode}"}`),
    );
  });

  it('has no more series after 2,000 different requests than before', async () => {
    const before = seriesIn((await get('/metrics')).text);
    await hammer({
      url: await app.getUrl(),
      requests: 2_000,
      connections: 20,
      request: (index) => ({ path: `/users/${index}?x=${index}` }),
    });
    await firstValueFrom(app.get(MemoryMonitor).samples);
    const appeared = seriesIn((await get('/metrics')).text).filter((name) => !before.includes(name));
    // These are missing before the first major collections.
    expect(appeared.filter((name) => !/^memory_heap_(after_gc|growth)_bytes/.test(name))).toEqual([]);
  });

  it('refuses requests that a proxy forwarded', async () => {
    await get('/metrics').set('X-Forwarded-For', '192.0.2.1').expect(403);
  });
});

it('memory_heap_limit_bytes is the limit of the old generation, without the young generation that V8 adds', async () => {
  const service = await startService(['fixed'], ['--max-old-space-size=96']);
  const metrics = parse(await (await fetch(`${service.url}/metrics`)).text());
  await service.stop();
  expect(metrics.get('memory_heap_limit_bytes{mode="fixed"}')).toBe(96 * 2 ** 20);
});

it("metric names follow Prometheus' conventions: known prefixes, base units, _total for counters only", () => {
  for (const { name, type, help } of [...figures, ...requestFigures]) {
    expect(name).toMatch(/^(process|nodejs|memory|http_server)_[a-z0-9_]+$/);
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
    expect(name).not.toMatch(/_(ms|milliseconds|kb|mb)(_|$)/);
    expect(help.length).toBeGreaterThan(10);
  }
});

it('docs/metrics.md is generated from the code', async () => {
  expect(await readFile('docs/metrics.md', 'utf8')).toBe(metricsPage());
});
