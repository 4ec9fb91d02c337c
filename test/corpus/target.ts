import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { startApp } from './app.js';
import type { Case } from './case.js';
import { install } from './install.js';
import { run } from './process.js';
import { startLaunch } from './launch.js';
import type { Target } from './started.js';

/** A service prints it on a line of its own; warnings may come before. */
const PORT = /^\d+$/m;
const STARTS_WITHIN_MS = 60_000;

/** Installs the packages of a case, once, and starts its service on a free port. */
export async function startTarget(one: Case): Promise<Target> {
  if (one.app) return startApp(one, one.app);
  if (one.launch) return startLaunch(one, one.launch);
  const file = join(await install(one), basename(one.file));
  await copyFile(one.file, file);
  const { pid, printed, stop } = await run({
    name: one.name,
    program: process.execPath,
    args: ['--inspect-port=0', file], // a free port for the inspector: another process may have 9229
    cwd: process.cwd(),
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
    startsWithinMs: STARTS_WITHIN_MS,
    isUp: (printed) => PORT.test(printed),
  });
  return { url: `http://127.0.0.1:${PORT.exec(printed)?.[0]}/`, pid, stop };
}
