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
import type { Evidence } from '../src/kit/memory/load-shedding/evidence.js';
import { Gate, refuse } from '../src/kit/memory/load-shedding/gate.js';
import type { Pressure } from '../src/kit/memory/load-shedding/pressure.js';
import { appWith } from './support/app.js';
import { schemaErrors } from './support/schema.js';

const PATIENCE = { timeout: 30_000, interval: 50 };
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

const seenBy = async (flags: string[], told = ''): Promise<number> => {
  const code = `import('./dist/src/kit/memory/heap-limit.js').then((it) => console.log(it.oldGenerationLimitBytes(${told})))`;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '-e', code]);
  return Number(stdout) / 2 ** 20;
};

describe('where V8 gives up', () => {
  it('is at --max-old-space-size', async () => {
    expect(await seenBy(['--max-old-space-size=64', '--max-semi-space-size=1'])).toBe(64);
  });

  it.each([
    [[], '[]'],
    [['--max-semi-space-size=4'], `['--max_semi_space_size=4']`],
  ])('is known of V8 as well, less what is for the young generation (%j)', async (flags, told) => {
    expect(await seenBy(['--max-old-space-size=1024', ...flags], told)).toBe(1024);
  });
});

const shut = (gate: Gate): void => gate.close((response) => refuse(response, 5));

async function gated() {
  const underWay: http.ServerResponse[] = [];
  const server = http.createServer((asked, response) => {
    if (asked.url === '/later') underWay.push(response);
    else response.end('inside');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(async () => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, url, underWay, gate: new Gate(server, ['/health']) };
}

describe('a gate', () => {
  it('refuses with 503, Retry-After and the form of the other errors, and opens again', async () => {
    const { server, url, gate } = await gated();
    const listeners = server.listeners('request');
    shut(gate);
    const refused = await fetch(`${url}/users/a`, { method: 'POST', body: 'x'.repeat(100_000) });
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('connection')]).toEqual([
      503,
      '5',
      'close',
    ]);
    expect(await refused.json()).toEqual({
      message: 'memory is short: try again in 5 s',
      error: 'Service Unavailable',
      statusCode: 503,
    });
    expect(gate.refused).toBe(1);
    gate.open();
    expect(await (await fetch(`${url}/users/a`)).text()).toBe('inside');
    expect(server.listeners('request')).toEqual(listeners); // it costs nothing while it is open
  });

  it('lets those pass who look after the process, and nobody whose path only looks like it', async () => {
    const { url, gate } = await gated();
    shut(gate);
    for (const path of ['/health', '/health/live', '/health?verbose'])
      expect((await fetch(url + path)).status).toBe(200);
    for (const path of ['/', '/healthy', '/users/health']) expect((await fetch(url + path)).status).toBe(503);
  });

  it('leaves those alone who are inside', async () => {
    const { url, gate, underWay } = await gated();
    const answer = fetch(`${url}/later`);
    await vi.waitFor(() => expect(underWay).toHaveLength(1), PATIENCE);
    shut(gate);
    underWay[0]!.end('answered');
    expect(await (await answer).text()).toBe('answered');
  });
});

describe('GET /health', () => {
  it('says that the service lives and takes requests', async () => {
    const app = await appWith();
    endings.push(() => app.close());
    for (const path of ['/health', '/health/ready', '/health/live']) {
      const { body } = await request(app.getHttpServer()).get(path).expect(200);
      expect(body).toEqual({ state: 'open', live: true, ready: true });
    }
    await request(app.getHttpServer()).get('/health').set('X-Forwarded-For', '192.0.2.1').expect(403);
  });
});

/** Of 64 MB, of which it needs some 20 itself. */
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
  /** Asks until it is refused, or often enough. @returns whether it was refused. */
  const untilRefused = async (path: string, most: number): Promise<boolean> => {
    for (let times = 0; times < most; times += 1) {
      const status = await get(path);
      if (status === 503) return true;
      expect(status).toBe(200);
    }
    return false;
  };
  /** Of the heap limit, after the latest collection; 0 before the first. */
  const share = async (): Promise<number> => {
    const sample = (await (await fetch(`${url}/memory`)).json()) as {
      loadShedding: { pressure: Pressure | null };
    };
    return sample.loadShedding.pressure?.share ?? 0;
  };
  return { get, untilRefused, share, ended, errorOutput: () => errors };
}

it('refuses what is new when memory is short, and answers again when there is more', async () => {
  const { get, untilRefused, errorOutput } = await started({ ...THRESHOLDS, patienceMs: 60_000 });
  expect(await untilRefused('/keep', 1_000)).toBe(true);
  expect([await get('/health'), await get('/health/live'), await get('/litter')]).toEqual([503, 200, 503]);
  expect(await get('/free')).toBe(200);
  await vi.waitFor(async () => expect(await get('/health')).toBe(200), PATIENCE);
  expect(await get('/litter')).toBe(200);
  expect(errorOutput()).toMatch(/are in use after a collection.*\[LEAK_LAB_SHEDDING\]\n.*answered again\n$/);
});

it('refuses nobody for garbage', async () => {
  const { untilRefused, share, errorOutput } = await started(THRESHOLDS);
  expect(await untilRefused('/litter', 60)).toBe(false);
  // It has felt collections, and not minded.
  expect(await share()).toBeGreaterThan(0);
  expect(await share()).toBeLessThan(THRESHOLDS.shedAt);
  expect(errorOutput()).toBe('');
});

async function leave(options: object, ...args: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-evidence-'));
  endings.push(() => rm(folder, { recursive: true }));
  const app = await started({ ...THRESHOLDS, evidenceDir: folder, ...options }, ...args);
  // Near enough for it to look where memory is allocated, and not so near that it refuses.
  while ((await app.share()) < 0.8 * THRESHOLDS.shedAt) {
    await app.get('/keep');
    await app.get('/collect');
  }
  const slow = app.get('/slow');
  expect(await app.untilRefused('/keep', 1_000)).toBe(true);
  expect(await slow).toBe(200);
  expect(await app.ended).toBe(75);
  const files = await readdir(folder);
  const json = files.find((file) => file.endsWith('.json'));
  return {
    extensions: files.map((file) => /\w+$/.exec(file)![0]).toSorted(),
    evidence: JSON.parse(await readFile(join(folder, json!), 'utf8')) as Evidence,
    errorOutput: app.errorOutput(),
  };
}

describe('when it does not get less', () => {
  const suspect = { name: 'AppModule › KeepController.kept', type: 'Array', bound: null };

  it('keeps evidence, answers what it has accepted, and leaves with 75', async () => {
    const { extensions, evidence, errorOutput } = await leave({}, 'hooks');
    expect(extensions).toEqual(['heapprofile', 'json']);
    expect(await schemaErrors('evidence', evidence)).toEqual([]);
    expect(evidence.snapshot).toBe('not asked for');
    expect(evidence.containers[0]).toMatchObject(suspect);
    expect(evidence.pressure.share).toBeGreaterThan(THRESHOLDS.shedAt - 0.1);
    expect(errorOutput).toMatch(
      /SHEDDING\]\n.*leaving.* AppModule › KeepController\.kept .*evidence is in .*\[LEAK_LAB_EXITING\]\n$/,
    );
  });

  it('does so at once beyond the second threshold, and in a program that does not listen to SIGTERM', async () => {
    const { extensions, evidence, errorOutput } = await leave({ exitAt: THRESHOLDS.shedAt });
    expect(extensions).toEqual(['heapprofile', 'json']);
    expect(evidence.containers[0]).toMatchObject(suspect);
    expect(errorOutput).not.toContain('SHEDDING');
  });
});
