import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { attach } from '../src/kit/process/attach.js';
import { pidOnPort, portsOf } from '../src/kit/process/listeners.js';
import { isLoopback } from '../src/kit/process/loopback.js';
import { osMemory, parseProcStatus, parsePs } from '../src/kit/process/os-memory.js';
import { sampleOwnMemory } from '../src/kit/process/sample.js';
import { sampleAfterCollection } from '../src/kit/process/remote-sample.js';
import { ownSession } from '../src/kit/process/session.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A Node program without this kit. It prints "up" once it runs. */
async function foreign(code: string, ...nodeFlags: string[]): Promise<number> {
  // Port 0, because another test may have the default one.
  const child = spawn(
    process.execPath,
    ['--inspect-port=0', ...nodeFlags, '-e', `${code}; console.log('up')`],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid!;
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const RETAINING =
  'globalThis.retained = Array.from({ length: 1e5 }, (_, i) => ({ i })); setInterval(() => {}, 1000)';

describe('attach', () => {
  it('samples a process that was not prepared, and closes its inspector again', async () => {
    const pid = await foreign(RETAINING);
    const session = await attach(pid);
    expect(await portsOf(pid)).toHaveLength(1);
    const sample = await sampleAfterCollection(session, pid);
    expect(sample.pid).toBe(pid);
    expect(sample.heapUsedBytes).toBeGreaterThan(2.4e6);
    await session.close();
    expect(await portsOf(pid)).toEqual([]);
  });

  it('samples the same process three times with the same live bytes', async () => {
    const pid = await foreign(RETAINING);
    const used: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const session = await attach(pid);
      used.push((await sampleAfterCollection(session, pid)).heapUsedBytes);
      await session.close();
    }
    expect(Math.max(...used) - Math.min(...used)).toBeLessThan(200_000);
  });

  it('attaches to several processes at once, which all open their inspector on the same port', async () => {
    const port = await freePort();
    const pids = await Promise.all([1, 2, 3].map(() => foreign(RETAINING, `--inspect-port=${port}`)));
    const sessions = [];
    for (const pid of pids) sessions.push(await attach(pid, { aside: true }));
    for (const [at, session] of sessions.entries())
      expect((await sampleAfterCollection(session, pids[at]!)).pid).toBe(pids[at]);
    expect((await Promise.all(pids.map((pid) => portsOf(pid)))).flat()).not.toContain(port);
    await Promise.all(sessions.map((session) => session.close()));
    expect((await Promise.all(pids.map((pid) => portsOf(pid)))).flat()).toEqual([]);
  });

  it('uses an inspector that is open already, and leaves it open', async () => {
    const port = await freePort();
    const pid = await foreign(RETAINING, `--inspect=127.0.0.1:${port}`);
    const session = await attach(pid);
    await sampleAfterCollection(session, pid);
    await session.close();
    expect(await portsOf(pid)).toEqual([port]);
  });

  it('finds an open inspector whose port is not in the command line', async () => {
    const pid = await foreign(RETAINING, '--inspect=127.0.0.1:0');
    const [port] = await portsOf(pid);
    const session = await attach(pid);
    await sampleAfterCollection(session, pid);
    await session.close();
    expect(await portsOf(pid)).toEqual([port]);
  });

  it('fails when there is no process with the pid', async () => {
    await expect(attach(2 ** 22 - 3)).rejects.toMatchObject({
      code: 'LEAK_LAB_NO_PROCESS',
      message: /there is no process/,
    });
  });

  it('refuses a process that is not Node without sending it SIGUSR1', async () => {
    const child = spawn('sleep', ['30']);
    children.push(child);
    await once(child, 'spawn');
    await expect(attach(child.pid!)).rejects.toMatchObject({
      code: 'LEAK_LAB_NO_PROCESS',
      message: /is sleep, not Node/,
    });
    expect(child.exitCode).toBeNull();
  });

  it('fails with LEAK_LAB_DIED when the process ends during the session', async () => {
    const pid = await foreign(RETAINING);
    const session = await attach(pid);
    const ended = once(children.at(-1)!, 'exit');
    process.kill(pid, 'SIGKILL');
    await ended;
    await expect(sampleAfterCollection(session, pid)).rejects.toMatchObject({ code: 'LEAK_LAB_DIED' });
    await session.close();
  });
});

it('pidOnPort finds the process that listens on a port, and nothing on a free one', async () => {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await pidOnPort(port)).toBe(process.pid);
  server.close();
  await once(server, 'close');
  expect(await pidOnPort(port)).toBeUndefined();
});

it('pidOnPort distinguishes two processes that listen on one port of two addresses', async () => {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const other = await foreign(`require('node:http').createServer().listen(${port}, '127.0.0.2')`);
  expect(await pidOnPort(port, '127.0.0.1')).toBe(process.pid);
  // It prints "up" before it has bound its address.
  await expect.poll(() => pidOnPort(port, '127.0.0.2')).toBe(other);
  server.close();
});

it.each(['0.0.0.0', '::'])('pidOnPort finds a process that listens at %s', async (address) => {
  const server = http.createServer().listen(0, address);
  await once(server, 'listening');
  expect(await pidOnPort((server.address() as AddressInfo).port, '127.0.0.1')).toBe(process.pid);
  server.close();
});

it('a session with this process gives the same figures as its own sample', async () => {
  const session = ownSession();
  const sample = await sampleAfterCollection(session, process.pid);
  await session.close();
  const own = await sampleOwnMemory();
  expect(sample.pid).toBe(own.pid);
  expect(sample.heapLimitBytes).toBe(own.heapLimitBytes);
});

describe("the operating system's memory figures", () => {
  it('agree with those of Node', async () => {
    const { vszBytes, rssBytes } = await osMemory();
    expect(Math.abs(rssBytes - process.memoryUsage.rss())).toBeLessThan(16e6);
    expect(vszBytes).toBeGreaterThan(rssBytes);
  });

  it('are parsed from /proc in KiB', () => {
    expect(parseProcStatus('Name:\tnode\nVmSize:\t  306600 kB\nVmRSS:\t   44152 kB\n')).toEqual({
      vszBytes: 306600 * 1024,
      rssBytes: 44152 * 1024,
    });
  });

  it('are parsed from ps in KiB', () => {
    expect(parsePs('  306600  44152\n')).toEqual({ vszBytes: 306600 * 1024, rssBytes: 44152 * 1024 });
    expect(() => parsePs('')).toThrow('instead of two numbers');
  });

  it('cannot be read of a process that does not exist', async () => {
    await expect(osMemory(2 ** 22 - 3)).rejects.toMatchObject({ code: 'LEAK_LAB_OS_MEMORY' });
  });
});

it.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['10.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['fe80::1', false],
  ['', false],
  ['localhost', false],
])('isLoopback(%j) is %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
