import { type ChildProcessByStdio, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const missing = spawnSync('redis-server', ['--version']).error !== undefined;
if (missing && process.env['CI'] === 'true')
  throw new Error('redis-server is not on the PATH, and CI needs it: apt-get install redis-server');

export const hasRedis = !missing;
/** The end of the names of tests that are skipped without Redis. */
export const unlessRedis = missing ? ' (skipped: no redis-server on the PATH)' : '';

export interface Redis {
  url: string;
  pid: number;
  /** Runs a command with redis-cli. @returns its output */
  command(...args: string[]): Promise<string>;
  /** Runs several commands over one connection. */
  commands(...lines: string[]): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Kills Redis with SIGKILL. */
  crash(): Promise<void>;
  /** Starts an empty Redis on the same socket. */
  start(): Promise<void>;
  /** Ends Redis and deletes its files. */
  end(): Promise<void>;
}

const BOUNDED = ['--maxmemory', '32mb', '--maxmemory-policy', 'allkeys-lru'];

/** Starts a Redis on a Unix socket in a temporary folder, so that tests cannot race for a port. */
export async function startRedis(flags = BOUNDED): Promise<Redis> {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-redis-'));
  const socket = join(folder, 'redis.sock');
  let child: ChildProcessByStdio<null, Readable, null>;
  const start = async (): Promise<void> => {
    const place = ['--port', '0', '--unixsocket', socket, '--dir', folder];
    child = spawn('redis-server', [...place, '--save', '', ...flags], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.setEncoding('utf8');
    for await (const text of child.stdout.iterator({ destroyOnReturn: false }))
      if (/ready to accept connections/i.test(text as string)) break;
    child.stdout.resume();
  };
  const crash = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  const atExit = (): boolean => child.kill('SIGKILL');
  process.once('exit', atExit);
  return {
    url: `unix://${socket}`,
    get pid() {
      if (child.pid === undefined) throw new Error('redis-server did not start');
      return child.pid;
    },
    command: async (...args) =>
      (await promisify(execFile)('redis-cli', ['-s', socket, ...args])).stdout.trim(),
    commands: async (...lines) => {
      const cli = spawn('redis-cli', ['-s', socket], { stdio: ['pipe', 'ignore', 'ignore'] });
      cli.stdin.end(`${lines.join('\n')}\n`);
      await once(cli, 'exit');
    },
    kill: (signal) => child.kill(signal),
    crash,
    start,
    end: async () => {
      process.off('exit', atExit);
      await crash();
      await rm(folder, { recursive: true });
    },
  };
}
