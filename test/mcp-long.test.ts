import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../src/kit/process/alive.js';
import { portsOf } from '../src/kit/process/listeners.js';
import { type Agent, startAgent } from './support/agent.js';
import { startTarget } from './support/targets.js';
import { until } from './support/until.js';
import { expectUntouched } from './support/untouched.js';

let agent: Agent;
let target: { child: ChildProcess; pid: number; origin: string };
beforeEach(async () => {
  [agent, target] = await Promise.all([startAgent(), startTarget('leaking.cjs')]);
});
afterEach(async () => {
  await agent.close();
  target.child.kill('SIGKILL');
});

const HANDLE = /handle "(w\d+)"/;
const given = () => ({ url: [`${target.origin}/`], noSnapshot: true });
const inspected = () => until(async () => (await portsOf(target.pid)).length > 1);

/** Whether the process is as if nobody had ever looked at it. */
async function mustBeClean(): Promise<void> {
  await until(async () => (await portsOf(target.pid)).length === 1);
  await expectUntouched(target.pid);
}

describe('a diagnosis that takes longer than its call', () => {
  it('answers in its budget with a handle, and its result when it is asked again', async () => {
    const { text, isError } = await agent.call('diagnose', { ...given(), withinSeconds: 1 });
    expect(isError).toBe(false);
    expect(text).toMatch(/^diagnose is still running, since \d+ s/);
    const [, handle] = HANDLE.exec(text) ?? [];
    const again = await agent.call('ask_again', { handle, withinSeconds: 1 });
    expect(again.text).toContain(`handle "${handle}"`);
    const { text: answer } = await agent.call('ask_again', { handle, withinSeconds: 400 });
    expect(answer).toMatch(/^LEAK/);
    expect(answer).toContain('leak-lab://results/diagnosis-1');
    expect(await agent.call('ask_again', { handle })).toEqual({
      isError: true,
      text: expect.stringContaining('an answer is given once'),
    });
  });

  it('goes on when the client stops waiting, and is not begun again by the same call', async () => {
    const call = { name: 'diagnose', arguments: given() };
    await expect(agent.client.callTool(call, undefined, { timeout: 2_000 })).rejects.toThrow(/timed out/i);
    const { text } = await agent.call('diagnose', { ...given(), withinSeconds: 400 });
    expect(text).toMatch(/^LEAK/);
    // The next one is the second.
    const { text: next } = await agent.call('diagnose', { ...given(), withinSeconds: 1 });
    expect(HANDLE.exec(next)?.[1]).toBe('w2');
  });
});

describe('nothing is left in the process', () => {
  it('when the client cancels the call', async () => {
    const controller = new AbortController();
    const call = { name: 'diagnose', arguments: given() };
    const running = agent.client.callTool(call, undefined, { signal: controller.signal });
    running.catch(() => {});
    await inspected();
    controller.abort();
    await expect(running).rejects.toThrow();
    await mustBeClean();
    // It is not to be asked again either.
    expect(await agent.call('ask_again', { handle: 'w1' })).toMatchObject({ isError: true });
  });

  it('when the work is stopped by its handle', async () => {
    const { text } = await agent.call('diagnose', { ...given(), withinSeconds: 1 });
    await inspected();
    const [, handle] = HANDLE.exec(text) ?? [];
    expect(await agent.call('ask_again', { handle, stop: true })).toEqual({
      isError: false,
      text: `${handle} (diagnose) is stopped; nothing of it is left in the process`,
    });
    expect(await portsOf(target.pid)).toHaveLength(1);
    await mustBeClean();
  });

  it('when the client leaves while work goes on', async () => {
    await agent.call('diagnose', { ...given(), withinSeconds: 1 });
    await inspected();
    await agent.close();
    await mustBeClean();
  });
});

it('no more than four works run at once', async () => {
  const texts: string[] = [];
  for (let at = 0; at < 5; at++)
    texts.push(
      (await agent.call('diagnose', { pid: target.pid, watchSeconds: 600 + at, withinSeconds: 1 })).text,
    );
  expect(texts.slice(0, 4).every((text) => HANDLE.test(text))).toBe(true);
  expect(texts[4]).toMatch(/^w1 \(diagnose\), w2 .* are running: wait for one with ask_again, or stop one/);
  const server = agent.pid ?? 0;
  await agent.close();
  // The server ends after its work.
  await until(() => !isAlive(server));
});
