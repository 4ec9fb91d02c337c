import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { attach } from '../src/kit/process/attach.js';
import { portsOf } from '../src/kit/process/listeners.js';
import { notNode, portTaken, withoutHandler } from '../src/kit/process/obstacles.js';
import { load } from './support/load.js';
import { requirement } from './support/platform.js';
import { startTarget } from './support/targets.js';
import { until } from './support/until.js';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await ended;
  }
});

async function target(flags?: string[]) {
  const started = await startTarget('leaking.cjs', flags);
  children.push(started.child);
  return started;
}

describe('what keeps an inspector from being opened has one cause and one way out:', () => {
  it.each([
    ['node --disable-sigusr1 app.js', /it runs with --disable-sigusr1\. Start it without that option/],
    ['node --permission app.js', /it runs with --permission, .* --allow-inspector/],
    ['node --experimental-permission app.js', /it runs with --permission/],
    ['node app.js', /It is still starting: wait a second/],
  ])('%s', (commandLine, said) => {
    expect(withoutHandler(4711, commandLine).message).toMatch(said);
  });

  it('a program that is not Node', () => {
    expect(notNode(4711, 'bun').message).toMatch(/is bun, not Node\. Run the service with node/);
    expect(notNode(4711, 'sh').message).toMatch(/not of its shell or npm/);
  });

  it('a port that is taken, by advice that does not reach child processes', () => {
    expect(portTaken(4711, 9229, 4712).message).toMatch(/--inspect-port=PORT\. .* not in NODE_OPTIONS/);
  });

  it('a process that is stopped, which gets no signal', async () => {
    const { child, pid } = await target();
    child.kill('SIGSTOP');
    await expect(attach(pid)).rejects.toThrow(/is stopped, by a signal or by a debugger\. .*kill -CONT \d+/);
    child.kill('SIGCONT');
    const session = await attach(pid);
    await session.close();
  });
});

const ATTACHES = `
  const at = (file) => import('${pathToFileURL(resolve('dist/src/kit/process')).href}/' + file);
  const { attach } = await at('attach.js');
  const { watchInspector } = await at('inspector-watchdog.js');
  const session = await attach(Number(process.argv[1]));
  await watchInspector(session, 0, { beatMs: 50, mostMissed: 10 });
  setInterval(() => {}, 1_000);
  console.log('attached');`;

it('the inspector that a diagnosis opened is closed by its target when the diagnosis is killed', async () => {
  const { pid } = await target();
  const before = await portsOf(pid);
  const client = spawn(process.execPath, ['--input-type=module', '-e', ATTACHES, String(pid)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(client);
  await once(client.stdout, 'data');
  expect(await portsOf(pid)).toHaveLength(before.length + 1);
  client.kill('SIGKILL');
  await until(async () => (await portsOf(pid)).length === before.length);
  const session = await attach(pid); // it can be opened again
  await session.close();
});

/** Two targets that want the same port for their inspectors, as all do by default. */
it('two diagnoses at once take turns at the port that both targets want', async () => {
  const flags = ['--inspect-port=19229']; // not one that a connection may get
  const [first, second] = await Promise.all([target(flags), target(flags)]);
  const session = await attach(first.pid);
  const waiting = attach(second.pid);
  await session.post('Runtime.evaluate', { expression: '1' });
  setTimeout(() => void session.close(), 1_500);
  const other = await waiting;
  await other.close();
});

it('a diagnosis that waits for its turn is interrupted without a signal to its target', async () => {
  const flags = ['--inspect-port=19230'];
  const [first, second] = await Promise.all([target(flags), target(flags)]);
  const session = await attach(first.pid);
  const before = await portsOf(second.pid);
  const controller = new AbortController();
  const waiting = attach(second.pid, { signal: controller.signal });
  setTimeout(() => controller.abort(), 500);
  await expect(waiting).rejects.toThrow(/abort/i);
  await session.close();
  expect(await portsOf(second.pid)).toEqual(before);
});

const inNamespace = requirement(
  process.platform === 'linux' &&
    spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0,
  'no other network namespace can be made here',
);

it.skipIf(!inNamespace.isMet)(
  `a process in another network namespace gets no signal, and is measured from inside${inNamespace.note}`,
  async () => {
    const file = resolve('test/support/targets/leaking.cjs');
    const command = `ip link set lo up; exec ${process.execPath} ${file}`;
    const child = spawn('unshare', ['--net', 'sh', '-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const url = `http://127.0.0.1:${Number(String((await once(child.stdout, 'data'))[0]))}/`;
    const pid = child.pid ?? 0;
    await expect(attach(pid)).rejects.toThrow(
      new RegExp(`in another network namespace.*Nothing was sent to it\\. Run: sudo nsenter -t ${pid} -n `),
    );
    const { out, err } = await load(
      '--pid',
      String(pid),
      '--url',
      url,
      '--requests',
      '100',
      '--max-requests',
      '100',
    );
    expect(err).toBe('');
    expect(out).toContain('requests');
    expect(out).toContain('UNSETTLED');
  },
);
