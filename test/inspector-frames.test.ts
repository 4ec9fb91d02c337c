import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { remoteSession } from '../src/kit/process/remote-session.js';
import type { InspectorSession } from '../src/kit/process/session.js';

const open: { child: ChildProcess; session: InspectorSession }[] = [];
afterEach(async () => {
  for (const { child, session } of open.splice(0)) {
    child.kill('SIGKILL');
    await session.close();
  }
});

/** A Node program with its inspector open, and the first session with it. */
async function inspected(): Promise<{ child: ChildProcess; session: InspectorSession }> {
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', '-e', 'setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [line] = (await once(child.stderr, 'data')) as [Buffer];
  const url = /ws:\S+/.exec(line.toString())?.[0] ?? '';
  const one = { child, session: await remoteSession(url, 'the program') };
  open.push(one);
  return one;
}

/** Ends the reading for a moment, so that what is sent meanwhile is read in pieces of 64 kB. */
async function whileStopped<T>(child: ChildProcess, send: () => Promise<T>): Promise<T> {
  child.kill('SIGSTOP');
  const answer = send();
  answer.catch(() => {}); // it is awaited below
  await new Promise((resolve) => setTimeout(resolve, 100));
  child.kill('SIGCONT');
  return answer;
}

// Node reads 64 kB at once, and writes outside its memory where a piece ends within the last bytes of a message.
it('sends thousands of commands at once without ending the process', async () => {
  const { child, session } = await inspected();
  for (let burst = 0; burst < 5; burst += 1) {
    const answers = await whileStopped(child, () =>
      Promise.all(Array.from({ length: 20_000 }, () => session.post('Runtime.getHeapUsage'))),
    );
    expect(answers.filter(({ usedSize }) => usedSize > 0)).toHaveLength(20_000);
  }
  expect(child.exitCode ?? child.signalCode).toBeNull();
});

/** The length of a command without its expression, and of what frames it. */
const AROUND_BYTES = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: '' } }).length;
const FRAME_BYTES = 14;

it.each([65_536, 2 * 65_536])(
  'sends a command of a few bytes more than %i, which Node reads in pieces, without ending the process',
  async (pieces) => {
    for (const more of [1, 4, 9]) {
      const { child, session } = await inspected();
      const length = pieces + more - FRAME_BYTES - AROUND_BYTES;
      const expression = `1 + 1 //`.padEnd(length, '-');
      const { result } = await whileStopped(child, () => session.post('Runtime.evaluate', { expression }));
      expect(result.value).toBe(2);
      expect(child.exitCode ?? child.signalCode).toBeNull();
    }
  },
);

it('does not wait for a command that takes long before it sends the next ones', async () => {
  const { session } = await inspected();
  const waits = Array.from({ length: 100 }, () =>
    session.post('Runtime.evaluate', {
      expression: `new Promise((resolve) => { (globalThis.waiting ??= []).push(resolve); }) //`.padEnd(
        5_000,
        '-',
      ),
      awaitPromise: true,
    }),
  );
  const { result } = await session.post('Runtime.evaluate', {
    expression: `waiting.map((resolve) => resolve(1)).length`,
  });
  expect(result.value).toBe(100);
  expect(await Promise.all(waits)).toHaveLength(100);
});
