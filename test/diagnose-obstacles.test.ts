import { type ChildProcess, execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { commandLineOf } from '../src/kit/process/node-process.js';
import { diagnoseCommand, expectRefused, MAIN } from './support/diagnose-command.js';
import { requirement } from './support/platform.js';
import { startTarget } from './support/targets.js';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
});

const NOBODY = { uid: 65_534, gid: 65_534 };

it('diagnose names the port and its owner when the inspector port of the process is taken', async () => {
  const taker = createServer().listen(0, '127.0.0.1');
  await once(taker, 'listening');
  const { port } = taker.address() as AddressInfo;
  const { child, pid } = await startTarget('leaking.cjs', [`--inspect-port=${port}`]);
  children.push(child);
  expectRefused(
    await diagnoseCommand(['--pid', String(pid), '--watch', '10']),
    new RegExp(`its port, ${port}, is taken by process ${process.pid}\\b.*NO_INSPECTOR`),
  );
  await new Promise((resolve) => taker.close(resolve));
});

/** Only root can run the command as another user, and only if that user may read the compiled command. */
const asNobody = requirement(
  process.getuid?.() === 0 &&
    spawnSync(process.execPath, [MAIN, '--help'], { ...NOBODY, stdio: 'ignore' }).status === 0,
  'another user cannot run the command',
);

it.skipIf(!asNobody.isMet)(
  `diagnose refuses a process of another user and sends it no signal${asNobody.note}`,
  async () => {
    const { child, pid } = await startTarget('leaking.cjs');
    children.push(child);
    expectRefused(
      await diagnoseCommand(['--pid', String(pid), '--watch', '10'], NOBODY),
      /belongs to another user: run this as that user.*NO_PROCESS/,
    );
    expect(child.exitCode).toBeNull();
    expect(await commandLineOf(pid)).toContain('leaking.cjs');
  },
);

it('a command that waits for something that never finishes ends with exit code 2 and one sentence', async () => {
  const run = pathToFileURL(resolve('dist/src/command/run.js')).href;
  const program = `const { run } = await import('${run}'); await run({}, () => new Promise(() => {}), []);`;
  const { code, err } = await new Promise<{ code: number | null; err: string }>((done) => {
    const child = execFile(process.execPath, ['--input-type=module', '-e', program], (_error, _out, err) =>
      done({ code: child.exitCode, err }),
    );
  });
  expect(code).toBe(2);
  expect(err).toMatch(/^leak-lab: the command waited for something that never finished[^\n]*\n$/);
});
