import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { startService } from '../load/service.js';
import { attach } from '../src/kit/process/attach.js';

/** Runs the service until it exits. */
async function runMain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, ['dist/src/main.js', ...args]);
  const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code: code as number, out, err };
}

it('the service warns once in leaky mode, and prints no warning in fixed mode', async () => {
  const [leaky, fixed] = await Promise.all([startService(['leaky']), startService([])]);
  await Promise.all([leaky.stop(), fixed.stop()]);
  expect(leaky.errorOutput().match(/\[LEAK_LAB_LEAKY\]/g)).toHaveLength(1);
  expect(fixed.errorOutput()).toBe('');
});

it('the service exits with code 2 and lists every mistake if settings are wrong', async () => {
  const { code, out, err } = await runMain('laky', '--port', 'x');
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(
    /mode must be fixed or leaky or shared, not "laky"\n--port must be .*\n.*--help.*\[LEAK_LAB_SETTINGS\]\n$/,
  );
});

it('the service says in one line that the port is in use', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const { code, err } = await runMain('--port', String(port));
  server.close();
  expect(code).toBe(2);
  expect(err).toMatch(
    new RegExp(`^leak-lab: port ${port} on 127.0.0.1 is in use: .*\\[LEAK_LAB_PORT_IN_USE\\]\\n$`),
  );
});

it('the service says in one line that it cannot listen on an address of another machine', async () => {
  const { code, err } = await runMain('--host', '192.0.2.1', '--port', '0');
  expect(code).toBe(2);
  expect(err).toMatch(/^leak-lab: cannot listen on 192\.0\.2\.1, port 0 \(E\w+\): .*\[LEAK_LAB_LISTEN\]\n$/);
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'the service answers requests in progress and exits with code 0 on %s',
  async (signal) => {
    const service = await startService(['--directory-latency-ms', '1000']);
    const inProgress = fetch(`${service.url}/users/somebody`);
    await vi.waitFor(async () => {
      const { cache } = (await (await fetch(`${service.url}/memory`)).json()) as {
        cache: { misses: number };
      };
      expect(cache.misses).toBe(1);
    });
    const start = performance.now();
    const code = await service.stop(signal);
    expect((await inProgress).status).toBe(200);
    expect(code).toBe(0);
    expect(performance.now() - start).toBeLessThan(3_000);
    await expect(fetch(`${service.url}/users/somebody`)).rejects.toThrow('fetch failed');
  },
);

it('the service exits although clients keep connections open', async () => {
  const service = await startService([]);
  const { port } = new URL(service.url);
  const idle = net.connect(Number(port), '127.0.0.1').on('error', () => {});
  const halfSent = net.connect(Number(port), '127.0.0.1').on('error', () => {});
  halfSent.write('GET /users/somebody HTTP/1.1\r\nHost: a\r\n');
  await Promise.all([once(idle, 'connect'), once(halfSent, 'connect')]);
  // The server accepts connections in order, so after this answer it has both of them.
  await fetch(`${service.url}/users/somebody`);
  const start = performance.now();
  expect(await service.stop()).toBe(0);
  expect(performance.now() - start).toBeLessThan(8_000);
  idle.destroy();
  halfSent.destroy();
});

it('the service logs nothing about invalid requests', async () => {
  const service = await startService([]);
  for (const path of ['/users/%', `/users/${'a'.repeat(300)}`, '/nowhere', '/users/'])
    await fetch(service.url + path);
  await service.stop();
  expect(service.errorOutput()).toBe('');
});

it.each([
  ['raw bytes in a URL', '/users/张伟', 400, /encode what is not ASCII in a URL/],
  ['a URL of 17,000 characters', `/users/${'a'.repeat(17_000)}`, 431, /a user id has at most 256 characters/],
])(
  "the service answers %s, which HTTP does not allow, in the format of Nest's errors",
  async (_what, path, status, sentence) => {
    const service = await startService([]);
    const socket = net.connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const [head, body] = (await text(socket)).split('\r\n\r\n');
    await service.stop();
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body!)).toEqual({
      message: expect.stringMatching(sentence),
      error: expect.any(String),
      statusCode: status,
    });
  },
);

it('the service exits although an inspector is attached', async () => {
  const service = await startService([]);
  const session = await attach(service.pid);
  const start = performance.now();
  expect(await service.stop()).toBe(0);
  expect(performance.now() - start).toBeLessThan(3_000);
  await session.close();
});
