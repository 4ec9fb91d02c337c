import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import request from 'supertest';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CrashEvidence } from '../src/kit/memory/load-shedding/crash-evidence.js';
import type { Pressure } from '../src/kit/memory/load-shedding/pressure.js';
import { refuse, RequestShedder } from '../src/kit/memory/load-shedding/request-shedder.js';
import { appWith } from './support/app.js';
import { schemaErrors } from './support/schema.js';

const POLL = { timeout: 30_000, interval: 50 };
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

const limitMiB = async (flags: string[], args = ''): Promise<number> => {
  const code = `import('./dist/src/kit/process/heap-limit.js').then((it) => console.log(it.oldGenerationLimitBytes(${args})))`;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '-e', code]);
  return Number(stdout) / 2 ** 20;
};

describe('the heap limit', () => {
  it('is --max-old-space-size', async () => {
    expect(await limitMiB(['--max-old-space-size=64', '--max-semi-space-size=1'])).toBe(64);
  });

  it.each([
    [[], '[]'],
    [['--max-semi-space-size=4'], `['--max_semi_space_size=4']`],
  ])("is V8's own limit without the young generation if its flag is not known (%j)", async (flags, args) => {
    expect(await limitMiB(['--max-old-space-size=1024', ...flags], args)).toBe(1024);
  });
});

const shed = (shedder: RequestShedder): void => shedder.start((response) => refuse(response, 5));

async function startServer() {
  const inProgress: http.ServerResponse[] = [];
  const server = http.createServer((received, response) => {
    if (received.url === '/later') inProgress.push(response);
    else response.end('accepted');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(async () => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, url, inProgress, shedder: new RequestShedder(server, ['/health']) };
}

describe('a request shedder', () => {
  it("refuses with 503, Retry-After and the format of Nest's errors, and restores the server when it stops", async () => {
    const { server, url, shedder } = await startServer();
    const listeners = server.listeners('request');
    shed(shedder);
    const refused = await fetch(`${url}/users/a`, { method: 'POST', body: 'x'.repeat(100_000) });
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('connection')]).toEqual([
      503,
      '5',
      'close',
    ]);
    expect(await refused.json()).toEqual({
      message: 'the service is short of memory: try again in 5 s',
      error: 'Service Unavailable',
      statusCode: 503,
    });
    expect(shedder.refused).toBe(1);
    shedder.stop();
    expect(await (await fetch(`${url}/users/a`)).text()).toBe('accepted');
    expect(server.listeners('request')).toEqual(listeners); // no cost per request while it is stopped
  });

  it('answers exempt paths and what is below them, and refuses paths that only begin alike', async () => {
    const { url, shedder } = await startServer();
    shed(shedder);
    for (const path of ['/health', '/health/live', '/health?verbose'])
      expect((await fetch(url + path)).status).toBe(200);
    for (const path of ['/', '/healthy', '/users/health']) expect((await fetch(url + path)).status).toBe(503);
  });

  it('does not interrupt requests in progress', async () => {
    const { url, shedder, inProgress } = await startServer();
    const answer = fetch(`${url}/later`);
    await vi.waitFor(() => expect(inProgress).toHaveLength(1), POLL);
    shed(shedder);
    inProgress[0]!.end('answered');
    expect(await (await answer).text()).toBe('answered');
  });
});

describe('GET /health', () => {
  it('answers that the service is live and ready, on loopback only', async () => {
    const app = await appWith();
    endings.push(() => app.close());
    for (const path of ['/health', '/health/ready', '/health/live']) {
      const { body } = await request(app.getHttpServer()).get(path).expect(200);
      expect(body).toEqual({ state: 'accepting', live: true, ready: true });
    }
    await request(app.getHttpServer()).get('/health').set('X-Forwarded-For', '192.0.2.1').expect(403);
  });
});

/** Shares of a heap of 64 MB, of which the application itself needs about 20. */
const THRESHOLDS = { shedAt: 0.6, exitAt: 0.99 };
const FLAGS = ['--max-old-space-size=64', '--max-semi-space-size=1', '--expose-gc'];

async function started(options: object, ...args: string[]) {
  const child = spawn(
    process.execPath,
    [...FLAGS, 'test/support/load-shedding-app.mjs', JSON.stringify(options), ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  endings.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = String((await once(child.stdout, 'data'))[0]).trim();
  const get = async (path: string): Promise<number> => {
    const response = await fetch(url + path);
    await response.text();
    return response.status;
  };
  /** Sends requests until one is refused, at most so many. @returns whether one was refused. */
  const untilRefused = async (path: string, limit: number): Promise<boolean> => {
    for (let times = 0; times < limit; times += 1) {
      const status = await get(path);
      if (status === 503) return true;
      expect(status).toBe(200);
    }
    return false;
  };
  /** The share of the heap limit after the latest collection; 0 before the first. */
  const share = async (): Promise<number> => {
    const sample = (await (await fetch(`${url}/memory`)).json()) as {
      loadShedding: { pressure: Pressure | null };
    };
    return sample.loadShedding.pressure?.share ?? 0;
  };
  return { get, untilRefused, share, ended, errorOutput: () => errors };
}

it('new requests are refused near the limit, and accepted again when memory has fallen', async () => {
  const { get, untilRefused, errorOutput } = await started({ ...THRESHOLDS, recoveryMs: 60_000 });
  expect(await untilRefused('/grow', 1_000)).toBe(true);
  expect([await get('/health'), await get('/health/live'), await get('/garbage')]).toEqual([503, 200, 503]);
  expect(await get('/free')).toBe(200);
  await vi.waitFor(async () => expect(await get('/health')).toBe(200), POLL);
  expect(await get('/garbage')).toBe(200);
  expect(errorOutput()).toMatch(
    /^leak-lab: the post-GC heap is \d.* MB, \d+ % of its limit of .* until it is below 50 % \[LEAK_LAB_SHEDDING\]\n.*accepted again\n$/,
  );
});

it('no request is refused because of garbage', async () => {
  const { untilRefused, share, errorOutput } = await started(THRESHOLDS);
  expect(await untilRefused('/garbage', 60)).toBe(false);
  // There were collections, and it measured them.
  expect(await share()).toBeGreaterThan(0);
  expect(await share()).toBeLessThan(THRESHOLDS.shedAt);
  expect(errorOutput()).toBe('');
});

async function runToExit(options: object, ...args: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-evidence-'));
  endings.push(() => rm(folder, { recursive: true }));
  const app = await started({ ...THRESHOLDS, evidenceDir: folder, ...options }, ...args);
  // Above 75 % of shedAt, where the allocation profile starts, and below shedAt.
  while ((await app.share()) < 0.8 * THRESHOLDS.shedAt) {
    await app.get('/grow');
    await app.get('/collect');
  }
  const slow = app.get('/slow');
  expect(await app.untilRefused('/grow', 1_000)).toBe(true);
  expect(await slow).toBe(200);
  expect(await app.ended).toBe(75);
  const files = await readdir(folder);
  const json = files.find((file) => file.endsWith('.json'));
  return {
    extensions: files.map((file) => /\w+$/.exec(file)![0]).toSorted(),
    evidence: JSON.parse(await readFile(join(folder, json!), 'utf8')) as CrashEvidence,
    errorOutput: app.errorOutput(),
  };
}

describe('a process whose memory does not fall', () => {
  const suspect = { name: 'AppModule › GrowController.items', type: 'Array', bound: null };

  it('writes crash evidence, answers requests in progress, and exits with code 75', async () => {
    const { extensions, evidence, errorOutput } = await runToExit({}, 'hooks');
    expect(extensions).toEqual(['heapprofile', 'json']);
    expect(await schemaErrors('evidence', evidence)).toEqual([]);
    expect(evidence.snapshot).toBe('not requested');
    expect(evidence.containers[0]).toMatchObject(suspect);
    expect(evidence.pressure.share).toBeGreaterThan(THRESHOLDS.shedAt - 0.1);
    expect(errorOutput).toMatch(
      /SHEDDING\]\n.*did not fall below 50 % within 2 s: exiting with code 75; largest container: AppModule › GrowController\.items .*; crash evidence: .*\[LEAK_LAB_EXITING\]\n$/,
    );
  });

  it('exits without waiting above exitAt, even if the program does not handle SIGTERM', async () => {
    const { extensions, evidence, errorOutput } = await runToExit({ exitAt: THRESHOLDS.shedAt });
    expect(extensions).toEqual(['heapprofile', 'json']);
    expect(evidence.containers[0]).toMatchObject(suspect);
    expect(errorOutput).not.toContain('SHEDDING');
    expect(errorOutput).toContain('and the process exits at 60 %: exiting with code 75');
  });
});
