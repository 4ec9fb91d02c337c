import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Case } from './case.js';

/** The service of a case, in a process of its own. */
export interface Target {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Outside the repository, because its packages are outdated on purpose and no scanner should report them. */
const CACHE = join(tmpdir(), 'leak-lab-corpus');
/** How much error output of a service that fails to start is reported. */
const MOST_OUTPUT = 4 * 1024;

/** Installs the packages of a case, once, and starts its service on a free port. */
export async function startTarget(one: Case): Promise<Target> {
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

/** A folder with the packages of a case, made once for each set of versions. @returns its path */
async function install({ name, dependencies }: Case): Promise<string> {
  const manifest = JSON.stringify({ name: 'corpus-target', private: true, dependencies });
  const folder = join(CACHE, `${name}-${createHash('sha256').update(manifest).digest('hex').slice(0, 8)}`);
  const done = join(folder, 'installed');
  const isDone = await access(done).then(
    () => true,
    () => false,
  );
  if (isDone) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), manifest);
  if (Object.keys(dependencies).length > 0) {
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: folder,
    });
  }
  await writeFile(done, '');
  return folder;
}
