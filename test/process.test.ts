import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** A Node program that never heard of this kit. It says "up" when it runs. */
async function foreign(code: string, ...nodeFlags: string[]): Promise<number> {
  // Port 0: the usual one may be taken by a test that runs beside this one.
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

const KEEPS = 'globalThis.kept = Array.from({ length: 1e5 }, (_, i) => ({ i })); setInterval(() => {}, 1000)';

describe('attach', () => {
  it('looks into a process that was not prepared, and leaves it as it was', async () => {
    const pid = await foreign(KEEPS);
    const session = await attach(pid);
    expect(await portsOf(pid)).toHaveLength(1);
    const sample = await sampleAfterCollection(session, pid);
    expect(sample.pid).toBe(pid);
    expect(sample.heapUsedBytes).toBeGreaterThan(2.4e6);
    await session.close();
    expect(await portsOf(pid)).toEqual([]);
  });

  it('can do so again and again', async () => {
    const pid = await foreign(KEEPS);
    const used: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const session = await attach(pid);
      used.push((await sampleAfterCollection(session, pid)).heapUsedBytes);
      await session.close();
    }
    expect(Math.max(...used) - Math.min(...used)).toBeLessThan(200_000);
  });

  it('uses an inspector that is open already, and does not close it', async () => {
    const probe = net.createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const pid = await foreign(KEEPS, `--inspect=127.0.0.1:${port}`);
    const session = await attach(pid);
    await sampleAfterCollection(session, pid);
    await session.close();
    expect(await portsOf(pid)).toEqual([port]);
  });

  it('finds an inspector that is open on a port which nobody told', async () => {
    const pid = await foreign(KEEPS, '--inspect=127.0.0.1:0');
    const [port] = await portsOf(pid);
    const session = await attach(pid);
    await sampleAfterCollection(session, pid);
    await session.close();
    expect(await portsOf(pid)).toEqual([port]);
  });

  it('says that there is no such process', async () => {
    await expect(attach(2 ** 22 - 3)).rejects.toMatchObject({
      code: 'LEAK_LAB_NO_PROCESS',
      message: /there is no process/,
    });
  });

  it('never signals what is not Node: SIGUSR1 would end it', async () => {
    const child = spawn('sleep', ['30']);
    children.push(child);
    await once(child, 'spawn');
    await expect(attach(child.pid!)).rejects.toMatchObject({
      code: 'LEAK_LAB_NO_PROCESS',
      message: /is sleep, not Node/,
    });
    expect(child.exitCode).toBeNull();
  });

  it('says that the process died when it dies in between', async () => {
    const pid = await foreign(KEEPS);
    const session = await attach(pid);
    process.kill(pid, 'SIGKILL');
    await sleep(100);
    await expect(sampleAfterCollection(session, pid)).rejects.toMatchObject({ code: 'LEAK_LAB_DIED' });
    await session.close();
  });
});

it('finds the process behind a port', async () => {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await pidOnPort(port)).toBe(process.pid);
  server.close();
  await once(server, 'close');
  expect(await pidOnPort(port)).toBeUndefined();
});

it('tells apart two processes on one port of two addresses', async () => {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const other = await foreign(`require('node:http').createServer().listen(${port}, '127.0.0.2')`);
  expect(await pidOnPort(port, '127.0.0.1')).toBe(process.pid);
  // It says that it is up before its address is looked up and bound.
  await expect.poll(() => pidOnPort(port, '127.0.0.2')).toBe(other);
  server.close();
});

it.each(['0.0.0.0', '::'])('finds a process that listens at %s', async (address) => {
  const server = http.createServer().listen(0, address);
  await once(server, 'listening');
  expect(await pidOnPort((server.address() as AddressInfo).port, '127.0.0.1')).toBe(process.pid);
  server.close();
});

it('has one session for this process, in the same words', async () => {
  const session = ownSession();
  const sample = await sampleAfterCollection(session, process.pid);
  await session.close();
  const own = await sampleOwnMemory();
  expect(sample.pid).toBe(own.pid);
  expect(sample.heapLimitBytes).toBe(own.heapLimitBytes);
});

describe('the figures of the operating system', () => {
  it('are those of the process', async () => {
    const { vszBytes, rssBytes } = await osMemory();
    expect(Math.abs(rssBytes - process.memoryUsage.rss())).toBeLessThan(16e6);
    expect(vszBytes).toBeGreaterThan(rssBytes);
  });

  it('are read from /proc in KiB', () => {
    expect(parseProcStatus('Name:\tnode\nVmSize:\t  306600 kB\nVmRSS:\t   44152 kB\n')).toEqual({
      vszBytes: 306600 * 1024,
      rssBytes: 44152 * 1024,
    });
  });

  it('are read from ps in KiB', () => {
    expect(parsePs('  306600  44152\n')).toEqual({ vszBytes: 306600 * 1024, rssBytes: 44152 * 1024 });
    expect(() => parsePs('')).toThrow('instead of two numbers');
  });

  it('of a process that is not there are an error that says so', async () => {
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
])('knows whether %s is this machine', (address, here) => {
  expect(isLoopback(address)).toBe(here);
});
