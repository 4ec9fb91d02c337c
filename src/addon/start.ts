import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Problem } from '../kit/problem.js';
import { ADDON_FOLDER } from './build.js';

const MOST_ERRORS = 8 * 1024;

/** A half of the pair as a service of its own, at `/`. */
export interface AddonService {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts it on a free port. It ends when this process ends, or before. @param addon the path of the addon that was built */
export async function startAddonService(half: 'leaky' | 'fixed', addon: string): Promise<AddonService> {
  const child = spawn(
    process.execPath,
    ['--inspect-port=0', join(ADDON_FOLDER, 'service.cjs'), half, addon],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  child.channel?.unref();
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-MOST_ERRORS);
  });
  const ended = once(child, 'exit');
  const [port] = await Promise.race([once(child.stdout!, 'data'), ended.then(() => [undefined])]);
  if (port === undefined)
    throw new Problem(
      'LEAK_LAB_NO_ANSWER',
      `the service with the native addon did not start: ${errors.trim()}`,
    );
  return {
    url: `http://127.0.0.1:${Number(String(port))}/`,
    pid: child.pid!,
    stop: () => stopped(child, ended),
  };
}

async function stopped(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL'); // its handles are leaked on purpose
  await ended;
}
