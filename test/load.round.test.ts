import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import type { Transport } from '../load/client.js';
import { mustBeReachable } from '../load/reachable.js';
import { type Round, sendRound } from '../load/round.js';

const read = (file: string): string => readFileSync(new URL(`support/tls/${file}`, import.meta.url), 'utf8');
/** Self-signed, for localhost and 127.0.0.1. */
const certificate = { key: read('key.pem'), cert: read('cert.pem') };
const { signal } = new AbortController();

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server, path?: string): Promise<number> {
  servers.push(server.listen(path ?? { port: 0, host: '127.0.0.1' }));
  await once(server, 'listening');
  return path === undefined ? (server.address() as AddressInfo).port : 0;
}

function round(url: string, requests: number, transport: Transport = {}): Promise<Round> {
  const latencies = createHistogram();
  return sendRound({ url, transport, requests, connections: 4, withinMs: 500, latencies, signal });
}

/** Answers by the number of the request. */
function numbered(answer: (number: number, response: http.ServerResponse) => void): http.Server {
  let number = 0;
  return http.createServer((_request, response) => answer((number += 1), response));
}

describe('a round counts what became of each request', () => {
  it('by status, and those whose connection was closed before or in the middle of the response', async () => {
    const port = await listening(
      numbered((number, response) => {
        if (number % 10 === 1) response.statusCode = 503;
        if (number % 10 === 2) {
          response.destroy();
          return;
        }
        if (number % 10 === 3) {
          response.writeHead(200, { 'content-length': 100 }).write('a part');
          setImmediate(() => response.destroy());
          return;
        }
        response.end('done');
      }),
    );
    const { sent, answered, errors, failures, broken } = await round(`http://127.0.0.1:${port}/`, 100);
    expect({ sent, answered, errors, broken }).toEqual({
      sent: 100,
      answered: 80,
      errors: 30,
      broken: false,
    });
    expect(failures).toEqual({ '503': 10, aborted: 20 });
  });

  it('where the service closes the connection after each response', async () => {
    const port = await listening(
      numbered((_number, response) => response.setHeader('connection', 'close').end()),
    );
    expect(await round(`http://127.0.0.1:${port}/`, 60)).toMatchObject({ sent: 60, answered: 60, errors: 0 });
  });

  it('and goes on when some are never answered', async () => {
    const port = await listening(numbered((number, response) => number % 20 !== 0 && response.end()));
    const { failures, answered, broken } = await round(`http://127.0.0.1:${port}/`, 60);
    expect({ failures, answered, broken }).toEqual({ failures: { timeout: 3 }, answered: 57, broken: false });
  });

  it('and ends early when the service has gone', async () => {
    const server = numbered((number, response) => {
      if (number === 20) server.close();
      response.setHeader('connection', 'close').end();
    });
    const port = await listening(server);
    const { broken, sent, failures } = await round(`http://127.0.0.1:${port}/`, 1_000);
    expect(broken).toBe(true);
    expect(sent).toBeLessThan(30);
    expect(failures.refused).toBeGreaterThan(4);
  });
});

describe('a round speaks', () => {
  it('TLS with a certificate that it is given, or any if it is told', async () => {
    const port = await listening(https.createServer(certificate, (_request, response) => response.end()));
    const url = `https://127.0.0.1:${port}/`;
    expect(await round(url, 20, { ca: certificate.cert })).toMatchObject({ answered: 20, errors: 0 });
    expect(await round(url, 20, { insecure: true })).toMatchObject({ answered: 20, errors: 0 });
    expect(await round(url, 20)).toMatchObject({ sent: 0, broken: true });
  });

  it('HTTP/2 over TLS and in clear text, and counts failures there, too', async () => {
    let number = 0;
    const answer = (stream: http2.ServerHttp2Stream): void => {
      number += 1;
      stream.on('error', () => {});
      if (number % 10 === 1) return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      stream.respond({ ':status': number % 10 === 2 ? 500 : 200 });
      stream.end('done');
    };
    const secure = http2.createSecureServer(certificate).on('stream', answer);
    const port = await listening(secure);
    const url = `https://127.0.0.1:${port}/`;
    const seen = { sent: 40, answered: 36, errors: 8, failures: { '500': 4, aborted: 4 }, broken: false };
    expect(await round(url, 40, { insecure: true, http2: true })).toMatchObject(seen);
    const clear = await listening(http2.createServer().on('stream', answer));
    expect(await round(`http://127.0.0.1:${clear}/`, 40, { http2: true })).toMatchObject(seen);
  });

  it('over a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leak-lab-unix-'));
    const socketPath = join(folder, 'service.sock');
    const hosts = new Set<string | undefined>();
    const server = http.createServer(({ headers }, response) => {
      hosts.add(headers.host);
      response.end();
    });
    await listening(server, socketPath);
    expect(await round('http://shop.test/', 20, { socketPath })).toMatchObject({ answered: 20, errors: 0 });
    expect([...hosts]).toEqual(['shop.test']);
    await rm(folder, { recursive: true });
  });
});

const reach = (url: string, transport: Transport = {}, anyStatus = false) =>
  mustBeReachable(
    {
      url: new URL(url),
      transport,
      templates: [{ method: 'GET', path: '/', headers: {} }],
      anyStatus,
      allowRemote: false,
      isLab: false,
      howToStart: 'start it',
    },
    signal,
  );

describe('before load is sent, the service', () => {
  it('is asked which version of HTTP it prefers', async () => {
    const both = http2.createSecureServer({ ...certificate, allowHTTP1: true }, (_request, response) =>
      response.end(),
    );
    const url = `https://127.0.0.1:${await listening(both)}/`;
    expect((await reach(url, { ca: certificate.cert })).transport.http2).toBe(true);
    const older = https.createServer(certificate, (_request, response) => response.end());
    const other = `https://127.0.0.1:${await listening(older)}/`;
    expect((await reach(other, { insecure: true })).transport.http2).toBe(false);
  });

  it('may fail some requests', async () => {
    const port = await listening(
      numbered((number, response) => response.writeHead(number < 4 ? 500 : 200).end()),
    );
    expect((await reach(`http://127.0.0.1:${port}/`)).isLocal).toBe(true);
  });

  it.each([
    [401, /answers 401 Unauthorized\. .*--header "authorization/],
    [404, /answers 404 Not Found\. The URL has no path: .*--url/],
    [405, /--method POST/],
    [302, /answers 302 Found: it redirects to \/login\. /],
    [500, /See the log of the service/],
  ])('is refused with the flag that helps when it answers %i to all', async (status, said) => {
    const port = await listening(
      numbered((_number, response) =>
        response.writeHead(status, status === 302 ? { location: '/login' } : {}).end(),
      ),
    );
    const url = `http://127.0.0.1:${port}/`;
    await expect(reach(url)).rejects.toThrow(said);
    expect((await reach(url, {}, true)).isLocal).toBe(true); // --any-status
  });

  it('is refused with the flag that helps when it speaks another protocol', async () => {
    const secure = await listening(https.createServer(certificate, (_request, response) => response.end()));
    await expect(reach(`https://127.0.0.1:${secure}/`)).rejects.toThrow(/SELF_SIGNED.*--ca FILE.*--insecure/);
    await expect(reach(`http://127.0.0.1:${secure}/`)).rejects.toThrow(/https: address/);
    const clear = await listening(http.createServer((_request, response) => response.end()));
    await expect(reach(`https://127.0.0.1:${clear}/`)).rejects.toThrow(/Pass an http: address/);
    await expect(reach(`http://127.0.0.1:${clear}/`, { http2: true })).rejects.toThrow(/HTTP/);
    const newer = await listening(http2.createServer((_request, response) => response.end()));
    await expect(reach(`http://127.0.0.1:${newer}/`)).rejects.toThrow(/--http2/);
  });
});
