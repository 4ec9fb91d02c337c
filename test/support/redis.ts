import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const missing = spawnSync('redis-server', ['--version']).error !== undefined;
if (missing && process.env['CI'] === 'true')
  throw new Error(
    'there is no redis-server on the PATH, and CI does not do without: apt-get install redis-server',
  );

export const hasRedis = !missing;
/** Ends the name of what is not tested without it. */
export const unlessRedis = missing ? ' (skipped: no redis-server on the PATH)' : '';

export interface Redis {
  url: string;
  pid: number;
  /** Runs a command in it, as an operator would. @returns what it answers. */
  command(...args: string[]): Promise<string>;
  /** Several, over one connection. */
  commands(...lines: string[]): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Dies without a word. */
  crash(): Promise<void>;
  /** Starts it again at the same place, empty. */
  start(): Promise<void>;
  /** Ends it for good and leaves nothing behind. */
  end(): Promise<void>;
}

const BOUNDED = ['--maxmemory', '32mb', '--maxmemory-policy', 'allkeys-lru'];

/** A Redis of the test's own, on a socket in a folder of its own: no port to race for. */
export async function startRedis(flags = BOUNDED): Promise<Redis> {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-redis-'));
  const socket = join(folder, 'redis.sock');
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    const place = ['--port', '0', '--unixsocket', socket, '--dir', folder];
    child = spawn('redis-server', [...place, '--save', '', ...flags], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout!.setEncoding('utf8');
    for await (const text of child.stdout!.iterator({ destroyOnReturn: false }))
      if (/ready to accept connections/i.test(text as string)) break;
    child.stdout!.resume();
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
      return child.pid!;
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
