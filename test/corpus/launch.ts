import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../load/free-port.js';
import { copyVariant } from './app.js';
import type { Case, Launch } from './case.js';
import { install } from './install.js';
import { run } from './process.js';
import type { Target } from './started.js';

/** A key and a certificate that nobody signed. */
const TLS = fileURLToPath(new URL('../support/tls', import.meta.url)).replace('/dist/test/', '/test/');
const STARTS_WITHIN_MS = 180_000;
/** After the first process listens, the others of a cluster start. */
const OTHERS_START_MS = 3_000;

/** Installs what a launch needs, builds it and starts it, with its leak or without. */
export async function startLaunch(one: Case, launch: Launch): Promise<Target> {
  const folder = await install(one);
  await rm(join(folder, 'orders.sock'), { force: true });
  await copyVariant(one, folder);
  const port = await freePort();
  const filled = (text: string): string =>
    text.replace('{port}', String(port)).replace('{folder}', folder).replace('{tls}', TLS);
  const env = environment(folder, port, launch, filled);
  if (launch.build) await promisify(execFile)(process.execPath, launch.build, { cwd: folder, env });
  const [program = 'node', ...args] = launch.start;
  const at = launch.env?.['SOCKET'] ? { path: filled(launch.env['SOCKET']) } : { port, host: '127.0.0.1' };
  const started = await run({
    name: one.name,
    program,
    args,
    cwd: folder,
    env,
    startsWithinMs: STARTS_WITHIN_MS,
    isUp: () => isListening(at),
  });
  await sleep(OTHERS_START_MS);
  const pid =
    launch.by === 'url' ? null : launch.by === 'pid' ? started.pid : await firstChildOf(started.pid);
  const url = filled(launch.url ?? 'http://127.0.0.1:{port}/orders/{n}');
  return { url, pid, options: (launch.options ?? []).map(filled), stop: started.stop };
}

function environment(
  folder: string,
  port: number,
  { env = {} }: Launch,
  filled: (text: string) => string,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: folder,
    PM2_HOME: join(folder, '.pm2'),
    NODE_ENV: 'production',
    PORT: String(port),
    TLS,
    ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)])),
  };
}

async function isListening(at: { port?: number; path?: string }): Promise<boolean> {
  const socket = connect(at as { port: number });
  const isUp = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isUp;
}

/** Linux only. */
async function firstChildOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(text.trim().split(' ')[0]);
}
