import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../load/free-port.js';
import type { App, Case } from './case.js';
import { install } from './install.js';
import { run } from './process.js';
import type { Target } from './started.js';

/** Lines that begin so are code in the leaking variant, and comments in the healthy one. */
const LEAK = /\/\/leak /g;
const STARTS_WITHIN_MS = 120_000;

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
  const url = `http://127.0.0.1:${port}${app.path}`;
  const { pid, stop } = await run({
    name: one.name,
    program: process.execPath,
    args: ['--inspect-port=0', ...args],
    cwd: folder,
    env,
    startsWithinMs: STARTS_WITHIN_MS,
    isUp: () => answers(url.replace('{n}', '0')),
  });
  return { url, pid, stop };
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

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    async (response) => (await response.text(), response.ok),
    () => false,
  );
}
