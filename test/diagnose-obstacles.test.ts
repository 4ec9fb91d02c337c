import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { commandLineOf } from '../src/kit/process/node-process.js';
import { diagnoseCommand, expectRefused, MAIN } from './support/diagnose-command.js';
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

it('a process whose inspector port is taken is told with the port and who has it', async () => {
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

/** Somebody else can be played by root alone, and only where they may read what is to be run. */
const mayPlayNobody =
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, [MAIN, '--help'], { ...NOBODY, stdio: 'ignore' }).status === 0;

it.skipIf(!mayPlayNobody)('a process of another user is told as such, and is not signalled', async () => {
  const { child, pid } = await startTarget('leaking.cjs');
  children.push(child);
  expectRefused(
    await diagnoseCommand(['--pid', String(pid), '--watch', '10'], NOBODY),
    /belongs to another user: run this as that user.*NO_PROCESS/,
  );
  expect(child.exitCode).toBeNull();
  expect(await commandLineOf(pid)).toContain('leaking.cjs');
});
