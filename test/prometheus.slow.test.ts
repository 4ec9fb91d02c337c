import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRound } from '../load/round.js';
import { freePort } from '../load/free-port.js';
import { startService, type Service } from '../load/service.js';
import { program } from './support/programs.js';

const prometheus = program('prometheus');
const SMALL_HEAP = ['--max-old-space-size=80'];
const ROUND = 4_000;
const MAX_ROUNDS = 30;

interface Alert {
  labels: Record<string, string>;
  state: 'pending' | 'firing';
}

/** A Prometheus server with the rules of this repository, which scrapes every second. */
async function startPrometheus(targets: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-prometheus-'));
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'rules.yml'), await readFile('ops/rules.yml', 'utf8'));
  const config = (await readFile('ops/prometheus.yml', 'utf8'))
    .replaceAll('15s', '1s')
    .replace(/targets: .*/, `targets: ${JSON.stringify(targets)}`);
  await writeFile(join(folder, 'prometheus.yml'), config);
  const port = await freePort();
  const child = spawn(
    prometheus!,
    [
      `--config.file=${folder}/prometheus.yml`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--storage.tsdb.path=${folder}/data`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const ask = async <T>(path: string): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    return ((await response.json()) as { data: T }).data;
  };
  return {
    alerts: async () => (await ask<{ alerts: Alert[] }>('alerts')).alerts,
    value: async (query: string) => {
      const { result } = await ask<{ result: { value: [number, string] }[] }>(
        `query?query=${encodeURIComponent(query)}`,
      );
      return result.length === 0 ? undefined : Number(result[0]!.value[1]);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

describe.skipIf(!prometheus)('a Prometheus server (skipped if it is not installed)', () => {
  let services: Record<'leaky' | 'fixed', Service>;
  let server: Awaited<ReturnType<typeof startPrometheus>>;
  const instances: Record<string, string> = {};

  beforeAll(async () => {
    const [leaky, fixed] = await Promise.all([
      startService(['leaky'], SMALL_HEAP),
      startService(['fixed', '--max-entries', '2000'], SMALL_HEAP),
    ]);
    services = { leaky, fixed };
    for (const [mode, { url }] of Object.entries(services)) instances[mode] = new URL(url).host;
    server = await startPrometheus(Object.values(instances));
  });
  afterAll(async () => {
    await server?.stop();
    await Promise.all(Object.values(services ?? {}).map((service) => service.stop()));
  });

  const alertsOf = async (mode: string) =>
    (await server.alerts()).filter(({ labels }) => labels['instance'] === instances[mode]);
  /** Entries of the service's cache, as of its latest sample that was scraped. */
  const usersOf = (mode: string) =>
    server.value(
      `memory_container_entries{instance="${instances[mode]}", container=~"UsersModule › .*UserCache.users"}`,
    );

  it('raises MemoryLeak for the leaky service under load, and no alert for the fixed one', async () => {
    await expect
      .poll(() => server.value('sum(up)').catch(() => 0), { timeout: 30_000, interval: 200 })
      .toBe(2);
    const { signal } = new AbortController();
    let rounds = 0;
    while (rounds < MAX_ROUNDS && (await alertsOf('leaky')).length === 0) {
      rounds += 1;
      const before = (await usersOf('leaky')) ?? 0;
      for (const { url } of Object.values(services)) {
        const load = { url: `${url}/users/random`, requests: ROUND, connections: 20 };
        expect((await sendRound({ ...load, latencies: createHistogram(), signal })).errors).toBe(0);
      }
      // The service takes a sample every second. On a fast machine the heap could be full before the next one.
      await expect.poll(() => usersOf('leaky'), { timeout: 30_000 }).toBeGreaterThan(before);
    }
    expect(await alertsOf('leaky')).toMatchObject([
      { labels: { alertname: 'MemoryLeak', mode: 'leaky' }, state: expect.stringMatching(/pending|firing/) },
    ]);
    expect(await alertsOf('fixed')).toEqual([]);
  });

  it('stores the post-GC heap of both services, and the entries of their containers by name', async () => {
    const of = (metric: string, mode: string) => server.value(`${metric}{instance="${instances[mode]}"}`);
    for (const mode of ['leaky', 'fixed'])
      expect(await of('memory_heap_after_gc_bytes', mode)).toBeGreaterThan(5e6);
    expect(await usersOf('leaky')).toBeGreaterThan(20_000);
    expect(await usersOf('fixed')).toBe(2_000);
    expect(
      await server.value(`sum(http_server_responses_total{instance="${instances['fixed']}", status="5xx"})`),
    ).toBe(0);
  });
});
