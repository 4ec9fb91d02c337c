import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, type Service } from '../load/service.js';
import type { CrashEvidence } from '../src/kit/memory/load-shedding/crash-evidence.js';

const HEAP = ['--max-old-space-size=48'];
/** The heap is half full when the service is ready. */
const SHEDDING = ['--shed-at', '70', '--max-entries', '1000'];
const CONNECTIONS = 20;
/** Ids of the maximum length: each user takes about 2 kB, so that a few thousand fill the heap. */
const REQUESTS = 15_000;
const path = (index: number): string => `/users/${index}${encodeURIComponent('😀'.repeat(250))}`;

interface Outcome {
  sent: number;
  ok: number;
  refused: number;
  /** A broken connection, or another status. */
  lost: number;
}

/** Sends requests over keep-alive connections. Each connection stops at its first refusal, as `Connection: close` says. */
async function sendLoad({ url }: Service, requests: number): Promise<Outcome> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const outcome: Outcome = { sent: 0, ok: 0, refused: 0, lost: 0 };
  const statusOf = (index: number): Promise<number> =>
    new Promise((resolve) => {
      http
        .get(url + path(index), { agent }, (answer) => {
          answer.resume().once('end', () => resolve(answer.statusCode!));
        })
        .once('error', () => resolve(0));
    });
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (outcome.sent < requests) {
        outcome.sent += 1;
        const status = await statusOf(outcome.sent);
        if (status === 200) outcome.ok += 1;
        else if (status === 503) outcome.refused += 1;
        else outcome.lost += 1;
        if (status !== 200) return;
      }
    }),
  );
  agent.destroy();
  return outcome;
}

describe('under a load that fills the heap, with load shedding', () => {
  let folder: string;
  const services: Service[] = [];
  const start = async (mode: string): Promise<Service> => {
    const flags = [mode, ...SHEDDING, '--evidence-dir', folder, '--evidence-snapshot'];
    const service = await startService(flags, HEAP);
    services.push(service);
    return service;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-evidence-'));
  });
  afterAll(async () => {
    await Promise.all(services.map((one) => one.stop()));
    await rm(folder, { recursive: true });
  });

  it('the leaky service refuses requests, names the Map, exits with code 75, loses no request, and serves again after a restart', async () => {
    const service = await start('leaky');
    const outcome = await sendLoad(service, REQUESTS);
    console.log('leaky, with load shedding', outcome);
    expect(outcome.refused).toBe(CONNECTIONS);
    expect(outcome.lost).toBe(0);
    // A supervisor restarts it on this exit code, and on no other.
    expect(await service.ended).toBe(75);
    expect(service.errorOutput()).toMatch(
      /exiting with code 75.* UsersModule › LeakyUserCache\.users \(Map, [\d,]+ entries\)/,
    );
    const again = await start('leaky');
    expect(await sendLoad(again, 1_000)).toEqual({ sent: 1_000, ok: 1_000, refused: 0, lost: 0 });

    const files = await readdir(folder);
    expect(files.map((file) => /\w+$/.exec(file)![0]).toSorted()).toEqual([
      'heapprofile',
      'heapsnapshot',
      'json',
    ]);
    const report = files.find((file) => file.endsWith('.json'));
    const evidence = JSON.parse(await readFile(join(folder, report!), 'utf8')) as CrashEvidence;
    expect(evidence.containers[0]).toMatchObject({
      name: 'UsersModule › LeakyUserCache.users',
      type: 'Map',
      bound: null,
    });
    expect(files).toContain(evidence.allocations);
    expect(files).toContain(evidence.snapshot);
  });

  it('the fixed service refuses no request and does not exit', async () => {
    const service = await start('fixed');
    const outcome = await sendLoad(service, REQUESTS);
    expect(outcome).toEqual({ sent: REQUESTS, ok: REQUESTS, refused: 0, lost: 0 });
    expect(service.errorOutput()).toBe('');
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
  });
});
