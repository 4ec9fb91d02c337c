import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freeInGroups } from '../src/kit/outside/headroom/container.js';
import { headroomOf } from '../src/kit/outside/index.js';
import { startLimited } from './support/targets.js';

const GB = 2 ** 30;
const NOBODY = 2 ** 22 + 1;

const children: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const of = (pid: number, code: string) => headroomOf(pid).find((one) => one.code === code);

describe.skipIf(process.platform !== 'linux')('how far away the limits of a process are', () => {
  it('is read of the process itself, and not of this one', async () => {
    const { child, pid } = await startLimited('healthy.mjs', 'ulimit -n 321 && ulimit -v 30000000');
    children.push(child);
    const [files, space] = [of(pid, 'open-files')!, of(pid, 'address-space')!];
    expect(files.used).toBeGreaterThan(2);
    expect(files.used + files.free).toBe(321);
    expect(space.used).toBeGreaterThan(GB / 4);
    expect(space.used + space.free).toBe(30_000_000 * 1024);
    expect(of(process.pid, 'address-space')).toBeUndefined();
  });

  it('counts what children take as well', async () => {
    const before = headroomOf(process.pid);
    const child = spawn('cat');
    children.push(child);
    await once(child, 'spawn');
    const used = (list: typeof before, code: string) => list.find((one) => one.code === code)!.used;
    expect(used(headroomOf(process.pid), 'machine-processes')).toBe(used(before, 'machine-processes') + 1);
    expect(of(process.pid, 'machine-memory')!.free).toBeGreaterThan(1e6);
  });

  it('counts the connections that are open in its network', async () => {
    const accepted: Socket[] = [];
    const server = createServer((socket) => accepted.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const before = of(process.pid, 'ports')!;
    const { port } = server.address() as { port: number };
    const sockets = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const after = of(process.pid, 'ports')!;
    for (const socket of [...sockets, ...accepted]) socket.destroy();
    server.close();
    // Both ends are in this network; others open and close connections as well.
    expect(after.used - before.used).toBeGreaterThan(300);
    expect(before.free - after.free).toBeGreaterThan(150);
  });

  it('is not known where there is no such process', () => {
    expect(headroomOf(NOBODY)).toEqual([]);
  });
});

/** A folder as the kernel mounts control groups. */
async function mounted(files: Record<string, number | string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-groups-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), `${content}\n`);
  }
  return folder;
}

describe('what a control group leaves', () => {
  it('is the least of the group and of those above it, with pages of files that are not used', async () => {
    const mount = await mounted({
      'pod/memory.max': 2 * GB,
      'pod/memory.current': GB / 2,
      'pod/pids.max': 'max',
      'pod/pids.current': 12,
      'pod/app/memory.max': GB,
      'pod/app/memory.current': GB / 4,
      'pod/app/memory.stat': `anon 1000\ninactive_file ${GB / 8}\nactive_file 7`,
      'pod/app/pids.max': 100,
      'pod/app/pids.current': 60,
    });
    const free = { memoryBytes: GB - GB / 4 + GB / 8, processes: 40 };
    expect(freeInGroups('0::/pod/app\n', [mount])).toEqual(free);
    expect(freeInGroups('0::/pod\n', [mount])).toEqual({ memoryBytes: 1.5 * GB, processes: null });
  });

  it('is that of the root of the mount in a container, which does not see its path', async () => {
    const mount = await mounted({ 'memory.max': GB, 'memory.current': GB / 2 });
    for (const path of ['/', '/docker/0a1b', '/../other'])
      expect(freeInGroups(`0::${path}\n`, ['/nowhere', mount]).memoryBytes, path).toBe(GB / 2);
  });

  it('is read of version 1, where each controller has groups of its own and no limit is a large number', async () => {
    const mount = await mounted({
      'memory/docker/a/memory.limit_in_bytes': GB,
      'memory/docker/a/memory.usage_in_bytes': GB / 4,
      'memory/docker/a/memory.stat': 'inactive_file 1\ntotal_inactive_file 4096',
      'memory/memory.limit_in_bytes': '9223372036854771712',
      'memory/memory.usage_in_bytes': 20 * GB,
      'pids/b/pids.max': 50,
      'pids/b/pids.current': 8,
    });
    const groups = '8:pids:/b\n7:cpu,cpuacct:/c\n4:memory:/docker/a\n0::/\n';
    expect(freeInGroups(groups, [mount])).toEqual({ memoryBytes: 0.75 * GB + 4096, processes: 42 });
  });

  it('is not known without a limit', async () => {
    const none = { memoryBytes: null, processes: null };
    expect(
      freeInGroups('0::/a\n', [await mounted({ 'a/memory.max': 'max', 'a/memory.current': 5 })]),
    ).toEqual(none);
    expect(freeInGroups('', ['/nowhere'])).toEqual(none);
  });
});
