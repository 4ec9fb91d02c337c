import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { foreign, load } from './support/load.js';

describe('what cannot be measured is said plainly, with exit code 2:', () => {
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

  it('a server that is not there', async () => {
    const { code, err } = await load('--url', 'http://127.0.0.1:1/users/random');
    expect(code).toBe(2);
    expect(err).toMatch(
      /nothing answers at http:\/\/127\.0\.0\.1:1\/users\/random .*npm run start:leaky.*\[LEAK_LAB_NO_ANSWER\]/,
    );
  });

  it('a port that browsers keep away from, which is one like any other', async () => {
    const { code, err } = await load('--url', 'http://127.0.0.1:6000/');
    expect(code).toBe(2);
    expect(err).toMatch(/nothing answers at http:\/\/127\.0\.0\.1:6000\/ \(ECONNREFUSED\): /);
  });

  it('a server that takes the request and says nothing', async () => {
    const mute = net.createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { code, err } = await load('--url', `http://127.0.0.1:${(mute.address() as AddressInfo).port}/`);
    mute.close();
    expect(code).toBe(2);
    expect(err).toMatch(/nothing answers at \S+ within 10 s: .*\[LEAK_LAB_NO_ANSWER\]/);
  });

  it('a path that is not there', async () => {
    const { code, err } = await load('--url', `${origin}/nowhere`);
    expect(code).toBe(2);
    expect(err).toMatch(
      /\/nowhere answers 404 Not Found: no such thing\. Give an address .*\[LEAK_LAB_BAD_ANSWER\]/,
    );
  });

  it('another machine', async () => {
    const { code, err } = await load('--url', 'http://192.0.2.1/');
    expect(code).toBe(2);
    expect(err).toMatch(/192\.0\.2\.1 is not this machine: .*--allow-remote.*\[LEAK_LAB_NOT_LOOPBACK\]/);
  });

  it('a process that is not there', async () => {
    const service = await startService([]);
    const { code, err } = await load('--url', `${service.url}/users/random`, '--pid', '4194300');
    await service.stop();
    expect(code).toBe(2);
    expect(err).toMatch(/there is no process 4194300\..*\[LEAK_LAB_NO_PROCESS\]/);
  });

  it('flags that are wrong, all at once', async () => {
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

  it('a report that could not be written, before the work that it is about', async () => {
    const { code, out, err } = await load('--report', '/dev/null/reports');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/cannot write to \/dev\/null\/reports: .*\[LEAK_LAB_WRITE\]/);
  });

  it('a file that is a folder, before the work as well', async () => {
    const { code, out, err } = await load('--json', 'test');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/cannot write test: EISDIR.*\[LEAK_LAB_WRITE\]/);
  });
});

it('does not judge a service that answers with errors', async () => {
  const { child, url } = await foreign(
    "response.statusCode = kept.push('') > 100 ? 500 : 200; response.end();",
  );
  const { code, err } = await load('--url', url, '--requests', '10000');
  child.kill();
  expect(code).toBe(2);
  expect(err).toMatch(/40\d of 500 answers after 500 requests were errors: .*\[LEAK_LAB_BAD_ANSWER\]/);
});
