import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { startApp } from './app.js';
import type { Case } from './case.js';
import { install } from './install.js';
import { startLaunch } from './launch.js';
import type { Target } from './started.js';

/** How much error output of a service that fails to start is reported. */
const MOST_OUTPUT = 4 * 1024;

/** Installs the packages of a case, once, and starts its service on a free port. */
export async function startTarget(one: Case): Promise<Target> {
  if (one.app) return startApp(one, one.app);
  if (one.launch) return startLaunch(one, one.launch);
  const file = join(await install(one), basename(one.file));
  await copyFile(one.file, file);
  // A free port for the inspector: another process may have 9229.
  const child = spawn(process.execPath, ['--inspect-port=0', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
  });
  const ended = once(child, 'exit');
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-MOST_OUTPUT);
  });
  const said = await Promise.race([once(child.stdout, 'data'), ended.then(() => undefined)]);
  if (!said) throw new Error(`${one.name} did not start: ${errors.trim()}`);
  child.stdout.resume();
  return {
    url: `http://127.0.0.1:${Number(String(said[0]))}/`,
    pid: child.pid!,
    stop: async () => {
      kill();
      process.off('exit', kill);
      await ended;
    },
  };
}
