import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { attachAt } from '../src/kit/process/attach.js';
import { diagnoseCommand, expectRefused } from './support/diagnose-command.js';
import { startTarget } from './support/targets.js';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
});

const LEAKING = fileURLToPath(new URL('support/targets/leaking.cjs', import.meta.url));
/** Wrapped output as one line. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

it('diagnose reports that the event loop is blocked when a debugger has paused the process', async () => {
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', LEAKING], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  while (!/ws:\/\/127\.0\.0\.1:\d+/.test(log)) await once(child.stderr, 'data');
  const port = Number(/ws:\/\/127\.0\.0\.1:(\d+)/.exec(log)![1]);
  const { session } = await attachAt('127.0.0.1', port);
  await session.post('Debugger.enable', {});
  const paused = new Promise<void>((resolve) => session.on('Debugger.paused', () => resolve()));
  // In a timer: a debugger statement in evaluated code itself does not pause.
  await session.post('Runtime.evaluate', { expression: 'setTimeout(() => { debugger; }, 0)' });
  await paused;
  expectRefused(
    await diagnoseCommand(['--inspect', `127.0.0.1:${port}`, '--watch', '10']),
    /the event loop of process \d+ is blocked.*debugger.*NO_INSPECTOR/,
  );
  await session.close();
});

it('diagnose reports unsettled and how to continue when a process grows outside the heap', async () => {
  const { child, pid, origin } = await startTarget('thread.cjs');
  children.push(child);
  const args = ['--pid', String(pid), '--url', `${origin}/`, '--requests', '10000'];
  const { code, out } = await diagnoseCommand(args);
  expect(oneLine(out)).toMatch(/^UNSETTLED The heap is bounded, but the process grew/);
  expect(oneLine(out)).toMatch(
    /What grows: outside V8\..*resourceLimits|resourceLimits.*What grows: outside V8\./,
  );
  expect(oneLine(out)).toMatch(/The process has 1 worker thread, whose heaps were not measured/);
  expect(code).toBe(2);
});

it('diagnose measures under existing traffic without forced collections when their pause would be too long', async () => {
  const { child, pid, origin } = await startTarget('leaking.cjs');
  children.push(child);
  const end = new AbortController();
  const traffic = (async () => {
    while (!end.signal.aborted) await (await fetch(origin)).text();
  })();
  const { code, out, err } = await diagnoseCommand([
    '--pid',
    String(pid),
    '--watch',
    '10',
    '--max-pause-ms',
    '1',
  ]);
  end.abort();
  await traffic;
  expect(err).toBe('');
  expect([0, 1, 2]).toContain(code);
  expect(out).toMatch(/^(LEAK|BOUNDED|UNSETTLED)/);
  expect(oneLine(out)).toMatch(
    /A forced collection would stop the process for about \d+ ms\. --max-pause-ms allows 1 ms, so it was not done/,
  );
  expect(oneLine(out)).toMatch(/No collection was forced/);
  expect(oneLine(out)).not.toMatch(/Walked/);
});
