import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, type Service } from '../load/service.js';
import { portsOf } from '../src/kit/process/listeners.js';
import { foreign, load, startLoad } from './support/load.js';
import { schemaErrors } from './support/schema.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-load-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each([
  ['leaky', 'leak', 0],
  ['fixed', 'bounded', 1],
] as const)('load with --expect leak on a service in %s mode', (mode, verdict, exitCode) => {
  let service: Service;
  let url: string;
  beforeAll(async () => {
    service = await startService([mode, '--max-entries', '2000']);
    url = `${service.url}/users/random`;
  });
  afterAll(() => service.stop());

  it(`reports ${verdict} with exit code ${exitCode}, on screen, as JSON, as a page and as CSV`, async () => {
    const [json, report] = [join(folder, `${mode}.json`), join(folder, mode)];
    const flags = ['--url', url, '--requests', '20000', '--json', json, '--report', report];
    const { code, out, err } = await load(...flags, '--expect', 'leak');
    expect([code, err]).toEqual([exitCode, '']);
    expect(out).toMatch(/^ requests {5}VSZ MB {5}RSS MB .* heap MB .* cache entries .* p99 ms/);
    expect(out).toContain(`${verdict.toUpperCase()}, 99.`);
    expect(/The heap reaches its limit of [\d.]+ GB after [\d,]+ more requests/.test(out)).toBe(
      verdict === 'leak',
    );

    const result = JSON.parse(await readFile(json, 'utf8'));
    expect(await schemaErrors('load', result)).toEqual([]);
    expect(Object.keys(result)).toEqual([
      'schemaVersion',
      'target',
      'rows',
      'answers',
      'verdict',
      'v8',
      'outside',
    ]);
    expect(result.target).toEqual({ url, pid: service.pid, mode });
    const stages = result.rows.slice(0, 5).map((row: { requests: number }) => row.requests);
    expect(stages).toEqual([0, 2_000, 4_000, 10_000, 20_000]);
    for (const row of result.rows) {
      expect(Object.keys(row).toSorted()).toEqual(
        'cacheEntries errors externalBytes heapUsedBytes nativeBytes outside p50Ms p99Ms requests requestsPerSecond rssBytes vszBytes'.split(
          ' ',
        ),
      );
      expect(row.errors).toBe(0);
    }
    expect(Object.keys(result.verdict).toSorted()).toEqual(
      'bytesPerRequest confidence kind reason reasonCode requests rounds'.split(' '),
    );
    expect(result.verdict.kind).toBe(verdict);

    const page = await readFile(join(report, 'report.html'), 'utf8');
    expect(page).toContain('<svg');
    expect(page).toContain(verdict.toUpperCase());
    // The page loads nothing: its only addresses are the target's, as text, and the namespace of SVG.
    expect(page.match(/(?:src|href)=|@import|url\(/g)).toBeNull();
    const lines = (await readFile(join(report, 'samples.csv'), 'utf8')).trim().split('\n');
    expect(lines[0]).toMatch(/^mode,pid,requests,vszBytes,/);
    expect(lines.length).toBeGreaterThan(20);
  });

  it('leaves the service as it was when Ctrl-C ends it under load', async () => {
    const { child, ended, printed } = startLoad('--url', url, '--requests', '100000');
    await printed(/^ +10,000 /m); // the first stage of the load
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect([code, err]).toEqual([130, 'leak-lab: interrupted\n']);
    expect(await portsOf(service.pid)).toEqual([Number(new URL(url).port)]);
    expect((await fetch(url)).status).toBe(200);
  });
});

it('load finds the leak of a service that does not use the kit', async () => {
  const { child, url } = await foreign('retained.push({ headers: request.rawHeaders }); response.end();');
  const json = join(folder, 'foreign.json');
  const { code } = await load('--url', url, '--requests', '10000', '--json', json, '--expect', 'leak');
  child.kill();
  const { target, rows } = JSON.parse(await readFile(json, 'utf8'));
  expect(code).toBe(0);
  expect(target).toEqual({ url, pid: child.pid, mode: null });
  expect(rows.at(-1).cacheEntries).toBeNull();
});

it('load finds a leak outside the heap: one Buffer that grows', async () => {
  const { child, url } = await foreign(
    // Growing it copies the whole Buffer, so it grows at one request in a hundred.
    `globalThis.answers = (globalThis.answers ?? 0) + 1;
     if (answers % 100 === 0) retained[0] = Buffer.concat([retained[0] ?? Buffer.alloc(0), Buffer.alloc(50_000)]);
     response.end();`,
  );
  const { code, out } = await load('--url', url, '--requests', '10000', '--expect', 'leak');
  child.kill();
  expect(code).toBe(0);
  expect(out).toMatch(/LEAK, 99/);
});

it.runIf(process.platform === 'linux')(
  'load judges what --judge names: files that stay open are a leak, also to the whole process, and the heap of the same service is none',
  async () => {
    const { child, url } = await foreign(
      `globalThis.answers = (globalThis.answers ?? 0) + 1;
       if (answers % 50 === 0) require('node:fs').openSync('/proc/version');
       response.end();`,
    );
    const json = join(folder, 'judged.json');
    const flags = ['--url', url, '--requests', '10000', '--json', json];
    const files = await load(...flags, '--judge', 'files', '--expect', 'bounded');
    const result = JSON.parse(await readFile(json, 'utf8'));
    const heap = await load(...flags, '--judge', 'live-bytes', '--expect', 'bounded');
    const whole = await load(...flags, '--expect', 'bounded');
    child.kill();
    expect(files.code, files.out).toBe(1);
    expect(files.out).toMatch(/LEAK, .*\nOpen files changed by 0\.02 per request/);
    expect(await schemaErrors('load', result)).toEqual([]);
    expect(result).toMatchObject({ judgedBy: 'files', verdict: { kind: 'leak', bytesPerRequest: null } });
    expect(result.verdict.countPerRequest.estimate).toBeCloseTo(0.02, 3);
    expect(heap.code, heap.out).toBe(0);
    expect(whole.code, whole.out).toBe(1);
    expect(whole.out).toMatch(/LEAK, .*\nThe heap does not show it: open files grow by 0\.0\d+ per request/);
  },
);

it('a load too short to detect a leak is unsettled, and has a row for each stage', async () => {
  const service = await startService(['fixed', '--max-entries', '100']);
  const flags = ['--url', `${service.url}/users/random`, '--requests', '2010', '--max-requests', '2010'];
  const { code, out } = await load(...flags, '--expect', 'bounded');
  await service.stop();
  expect(code).toBe(2);
  expect(out).toMatch(/UNSETTLED\n.*(?:are too few|There are|lies within that interval)/);
  const stages = Array.from(out.matchAll(/^ +([\d,]+) +\d+\.\d /gm), ([, requests]) => requests);
  expect(stages).toEqual(['0', '201', '402', '1,005', '2,010']);
});
