import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { foreign, load } from './support/load.js';

describe('load ends with exit code 2 and one sentence', () => {
  let server: http.Server;
  let origin: string;
  beforeAll(async () => {
    server = http.createServer((_request, response) => {
      response.writeHead(404).end('no such thing');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('when no server listens at the URL', async () => {
    const { code, err } = await load('--url', 'http://127.0.0.1:1/users/random');
    expect(code).toBe(2);
    expect(err).toMatch(
      /nothing answers at http:\/\/127\.0\.0\.1:1\/users\/random \(ECONNREFUSED\): start the service first, .*\[LEAK_LAB_NO_ANSWER\]/,
    );
    expect(err).not.toContain('start:leaky'); // that is another service
  });

  it('when no server listens at a port that fetch refuses, such as 6000', async () => {
    const { code, err } = await load('--url', 'http://127.0.0.1:6000/');
    expect(code).toBe(2);
    expect(err).toMatch(/nothing answers at http:\/\/127\.0\.0\.1:6000\/ \(ECONNREFUSED\): /);
  });

  it('when a server accepts the connection and never answers', async () => {
    const mute = net.createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { code, err } = await load('--url', `http://127.0.0.1:${(mute.address() as AddressInfo).port}/`);
    mute.close();
    expect(code).toBe(2);
    expect(err).toMatch(/nothing answers at \S+ within 10 s\. .*\[LEAK_LAB_NO_ANSWER\]/);
  });

  it('when the path of the URL does not exist', async () => {
    const { code, err } = await load('--url', `${origin}/nowhere`);
    expect(code).toBe(2);
    expect(err).toMatch(
      /\/nowhere answers 404 Not Found: no such thing\. Pass an address that answers 2xx with --url; .*\[LEAK_LAB_BAD_ANSWER\]/,
    );
  });

  it('when the URL is of another machine', async () => {
    const { code, err } = await load('--url', 'http://192.0.2.1/');
    expect(code).toBe(2);
    expect(err).toMatch(/192\.0\.2\.1 is not this machine\. .*--allow-remote.*\[LEAK_LAB_NOT_LOOPBACK\]/);
  });

  it('when the process of --pid does not exist', async () => {
    const service = await startService([]);
    const { code, err } = await load('--url', `${service.url}/users/random`, '--pid', '4194300');
    await service.stop();
    expect(code).toBe(2);
    expect(err).toMatch(/there is no process 4194300\..*\[LEAK_LAB_NO_PROCESS\]/);
  });

  it('when flags are wrong, and names all of them', async () => {
    const { code, err } = await load(
      '--url',
      'nonsense',
      '--requests',
      '5',
      '--expect',
      'maybe',
      '--verbose',
      'x',
    );
    expect(code).toBe(2);
    expect(err.match(/must be|is not a flag|one argument too many/g)).toHaveLength(5);
  });

  it('before it sends load, when the report cannot be written', async () => {
    const { code, out, err } = await load('--report', '/dev/null/reports');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/cannot write to \/dev\/null\/reports: .*\[LEAK_LAB_WRITE\]/);
  });

  it('before it sends load, when the JSON file is a folder', async () => {
    const { code, out, err } = await load('--json', 'test');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/cannot write test: EISDIR.*\[LEAK_LAB_WRITE\]/);
  });
});

it('load ends with exit code 2, and says what with, when a service begins to fail all requests', async () => {
  const { child, url } = await foreign(
    "response.statusCode = retained.push('') > 700 ? 429 : 200; response.end();",
  );
  const { code, err } = await load('--url', url, '--requests', '10000');
  child.kill();
  expect(code).toBe(2);
  expect(err).toMatch(
    /the last 500 requests all failed: 429 Too Many Requests \(500\)\. It limits the rate .*\[LEAK_LAB_BAD_ANSWER\]/,
  );
});

/** Every tenth request leaks and fails. */
const FAILING =
  'if (retained.push(`${retained.length}`.padEnd(1_000)) % 10 === 0) response.statusCode = 500;';

it('load measures a service that fails some requests, and says how many with what', async () => {
  const { child, url } = await foreign(`${FAILING} response.end();`);
  const { code, out } = await load('--url', url, '--requests', '1000', '--expect', 'leak');
  child.kill();
  expect(out).toMatch(/10 % of [\d,]+ requests failed: 500 Internal Server Error \([\d,]+\)\./);
  expect(out).toContain('LEAK, 99.');
  expect(code).toBe(0);
});

it('load ends at the first round with a failure when --fail-on-error is given', async () => {
  const { child, url } = await foreign(`${FAILING} response.end();`);
  const { code, err } = await load('--url', url, '--requests', '4000', '--fail-on-error');
  child.kill();
  expect(code).toBe(2);
  expect(err).toMatch(/20 of 200 requests failed: 500 .*--fail-on-error.*\[LEAK_LAB_BAD_ANSWER\]/);
});

it('load asks a service for nothing but what it is told', async () => {
  const { child, url } = await foreign(
    'retained.push(request.url); response.statusCode = new Set(retained).size > 1 ? 500 : 200; response.end();',
  );
  const { err } = await load(
    '--url',
    `${url}only`,
    '--requests',
    '100',
    '--max-requests',
    '100',
    '--fail-on-error',
  );
  child.kill();
  expect(err).toBe('');
});

it('load names a path of the demo service when its URL has none', async () => {
  const service = await startService([]);
  const { code, err } = await load('--url', service.url);
  await service.stop();
  expect(code).toBe(2);
  expect(err).toMatch(/answers 404 Not Found: .*has no path: .*, such as \S+\/users\/random\. .*BAD_ANSWER/);
});
