import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { App, Case } from './case.js';
import { install } from './install.js';
import type { Target } from './started.js';

/** Lines that begin so are code in the leaking variant, and comments in the healthy one. */
const LEAK = /\/\/leak /g;
const STARTS_WITHIN_MS = 120_000;
const ASKED_EVERY_MS = 250;
/** How much output of an application that fails to start is reported. */
const MOST_OUTPUT = 4 * 1024;

/** Installs, builds and starts an application, with its leak or without. */
export async function startApp(one: Case, app: App): Promise<Target> {
  const folder = await install(one);
  await copyVariant(one, folder);
  const port = await freePort();
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
  };
  if (app.build) await promisify(execFile)(process.execPath, app.build, { cwd: folder, env });
  const args = app.start.map((text) => text.replace('{port}', String(port)));
  const child = spawn(process.execPath, ['--inspect-port=0', ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-MOST_OUTPUT);
    });
  }
  const url = `http://127.0.0.1:${port}${app.path}`;
  const stop = async (): Promise<void> => {
    kill();
    process.off('exit', kill);
    await ended;
  };
  if (!(await answers(url, () => child.exitCode === null))) {
    await stop();
    throw new Error(`${one.name} did not start: ${printed.trim()}`);
  }
  return { url, pid: child.pid!, stop };
}

/** Copies the files of an application over those of the other variant. What was built is built again. */
export async function copyVariant(one: Case, folder: string): Promise<void> {
  for (const name of await readdir(one.file)) {
    await rm(join(folder, name), { recursive: true, force: true });
    await cp(join(one.file, name), join(folder, name), { recursive: true });
  }
  for (const name of ['.next', '.output', '.nitro', 'dist'])
    await rm(join(folder, name), { recursive: true, force: true });
  if (one.verdict !== 'leak') return;
  let leaks = 0;
  for (const entry of await readdir(one.file, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name).replace(one.file, folder);
    const text = await readFile(file, 'utf8');
    leaks += text.match(LEAK)?.length ?? 0;
    await writeFile(file, text.replace(LEAK, ''));
  }
  if (leaks === 0) throw new Error(`${one.file} has no line that begins with //leak`);
}

async function answers(url: string, isAlive: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < STARTS_WITHIN_MS && isAlive(); waited += ASKED_EVERY_MS) {
    await sleep(ASKED_EVERY_MS);
    const isUp = await fetch(url.replace('{n}', '0')).then(
      async (response) => (await response.text(), response.ok),
      () => false,
    );
    if (isUp) return true;
  }
  return false;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
