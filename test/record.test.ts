import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedRequests } from '../load/recorded-requests.js';
import { accepts } from '../src/versions/start.js';
import { type Command, startCommand } from './support/command.js';
import { until } from './support/until.js';

interface Seen {
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>;
  body: Buffer;
}

const addressOf = (server: http.Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Answers with what it got. */
async function answer(request: IncomingMessage, response: http.ServerResponse): Promise<Seen> {
  const body = Buffer.concat(await request.toArray());
  response.writeHead(request.method === 'POST' ? 201 : 200, { 'x-service': 'yes' });
  response.end(body.length > 0 ? body : request.url);
  return { request, body };
}

describe('leak-lab record', () => {
  let folder: string;
  let file: string;
  let service: http.Server;
  let seen: Seen[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-record-test-'));
    file = join(folder, 'requests.jsonl');
    seen = [];
    service = http.createServer((request, response) => {
      void answer(request, response).then((one) => seen.push(one));
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
  });
  afterEach(async () => {
    service.close();
    service.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  /** Starts a recording, and returns the address to send requests to. */
  async function recording(...args: string[]): Promise<{ command: Command; url: string }> {
    const command = startCommand(['record', file, '--url', addressOf(service), ...args]);
    let out = '';
    command.child.stdout?.on('data', (text: string) => (out += text));
    await command.printed(/Ctrl-C/);
    return { command, url: /http:\S+/.exec(out)?.[0] ?? '' };
  }

  const requests = async () => recordedRequests(await readFile(file, 'utf8'), file);

  it('passes requests on as they are, and records them without secrets until Ctrl-C', async () => {
    const { command, url } = await recording();
    const headers = {
      authorization: 'Bearer hidden',
      cookie: 'id=hidden',
      'x-api-key': 'hidden',
      'content-type': 'application/json',
    };
    const body = '{"item":"Tee – grün"}';
    const posted = await fetch(`${url}/orders?page=2`, { method: 'POST', headers, body });
    expect([posted.status, posted.headers.get('x-service'), await posted.text()]).toEqual([201, 'yes', body]);
    expect(await (await fetch(`${url}/orders/1`)).text()).toBe('/orders/1');
    command.child.kill('SIGINT');
    const { code, out, err } = await command.ended;
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /requests\.jsonl: 2 requests, \d+ B\nHeaders .* left out: authorization, cookie, x-api-key\./,
    );

    expect(seen.map(({ request }) => `${request.method} ${request.url}`)).toEqual([
      'POST /orders?page=2',
      'GET /orders/1',
    ]);
    expect(seen[0]?.body.toString()).toBe(body);
    expect(seen[0]?.request.headers).toMatchObject({ ...headers, host: new URL(url).host });
    const [post, get] = await requests();
    expect(post).toMatchObject({ method: 'POST', path: '/orders?page=2', body });
    expect(post?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(Object.keys(post?.headers ?? {})).not.toContain('authorization');
    expect(await readFile(file, 'utf8')).not.toContain('hidden');
    expect(get).toMatchObject({ method: 'GET', path: '/orders/1', body: undefined });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('records secrets where they are wanted, and ends at its limit of requests', async () => {
    const { command, url } = await recording('--with-secrets', '--requests', '2');
    for (const id of [1, 2]) await (await fetch(`${url}/${id}`, { headers: { cookie: `id=${id}` } })).text();
    expect((await command.ended).code).toBe(0);
    expect((await requests()).map(({ headers }) => headers['cookie'])).toEqual(['id=1', 'id=2']);
  });

  it('ends before the file exceeds its limit of bytes', async () => {
    const { command, url } = await recording('--max-bytes', '1KiB');
    for (let id = 0; command.child.exitCode === null && id < 1_000; id += 1)
      await fetch(`${url}/${id}`).then(
        (answer) => answer.text(),
        () => {},
      );
    expect((await command.ended).code).toBe(0);
    expect((await stat(file)).size).toBeLessThanOrEqual(1_024);
    expect((await requests()).length).toBeGreaterThan(2);
  });

  it('passes on what it cannot record, and says so', async () => {
    const { command, url } = await recording();
    const packed = gzipSync('x'.repeat(1_000));
    const answer = await fetch(url, { method: 'PUT', body: packed });
    expect(Buffer.from(await answer.arrayBuffer()).equals(packed)).toBe(true);
    const long = 'x'.repeat(2 ** 20 + 1);
    expect(await (await fetch(url, { method: 'PUT', body: long })).text()).toBe(long);
    await (await fetch(url)).text();
    command.child.kill('SIGINT');
    expect((await command.ended).out).toMatch(/: 1 request, \d+ B; 2 left out: their body is no text/);
    expect(await requests()).toHaveLength(1);
  });

  it('answers for a service that does not, and leaves no empty file behind', async () => {
    const { command, url } = await recording();
    service.close();
    service.closeAllConnections();
    const answer = await fetch(url);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toMatch(/did not answer: connect ECONNREFUSED/);
    command.child.kill('SIGINT');
    const { code, out } = await command.ended;
    expect(code).toBe(2);
    expect(out).toMatch(
      /Nothing was recorded, and \S+ was not written: 0 requests, 0 B; 1 that the service did not answer\n$/,
    );
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('ends where the file cannot be written any more, and leaves whole requests in it', async () => {
    const command = spawn('sh', [
      '-c',
      'ulimit -f 4; exec "$0" "$@"',
      process.execPath,
      'dist/src/cli/main.js',
      'record',
      file,
      '--url',
      addressOf(service),
    ]);
    const closed = once(command, 'close');
    const err = text(command.stderr);
    const [printed] = (await once(command.stdout, 'data')) as [Buffer];
    const [url = ''] = /http:\S+/.exec(printed.toString()) ?? [];
    const answers: number[] = [];
    for (let id = 0; command.exitCode === null && id < 1_000; id += 1)
      await fetch(`${url}/${id}`).then(
        ({ status }) => answers.push(status),
        () => {},
      );
    expect(await closed).toEqual([2, null]);
    expect(await err).toMatch(/^leak-lab: cannot write \S+: EFBIG.* What was recorded before is in the file/);
    expect((await requests()).length).toBeGreaterThan(2);
    expect((await requests()).length).toBeLessThanOrEqual(answers.length);
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  it('interrupted twice while a request is on its way, leaves no empty file behind', async () => {
    service.removeAllListeners('request');
    const held = once(service, 'request');
    const { command, url } = await recording();
    fetch(url).catch(() => {});
    await held;
    command.child.kill('SIGINT');
    await until(async () => !(await accepts(Number(new URL(url).port))));
    command.child.kill('SIGINT');
    expect((await command.ended).code).toBe(130);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it.each([
    [['record', 'x.jsonl'], /pass the file to write and the service: record FILE --url URL/],
    [['record', 'x.jsonl', '--url', 'http://127.0.0.1:1/orders'], /address of a service without a path/],
    [['record', 'package.json', '--url', 'http://127.0.0.1:1'], /package\.json exists already/],
    [['record', 'no/folder/x', '--url', 'http://127.0.0.1:1'], /cannot write no\/folder\/x: ENOENT/],
  ])('refuses %j', async (args, said) => {
    const { code, err } = await startCommand(args).ended;
    expect([code, err]).toEqual([2, expect.stringMatching(said)]);
  });
});
