import { type ChildProcess, execFile } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { hasStopped } from '../src/kit/diagnosis/measure/traffic.js';
import { diagnosisSoFar, endedBecause } from '../src/kit/diagnosis/so-far.js';
import type { Context } from '../src/kit/diagnosis/model/context.js';
import { Problem } from '../src/kit/problem.js';
import { attach } from '../src/kit/process/attach.js';
import { portsOf } from '../src/kit/process/listeners.js';
import { MAIN } from './support/diagnose-command.js';
import { measuredOf } from './support/samples.js';
import { startTarget } from './support/targets.js';
import { until } from './support/until.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** The first rounds have at most 20, 80, 320 and 1,280 requests: after so many, there are four readings. */
const FOURTH_ROUND = 700;

/** A diagnosis under way: it has sent load, and has taken a few readings. */
async function underWay() {
  const { child, pid, origin } = await startTarget('leaking.cjs');
  children.push(child);
  const args = [MAIN, 'diagnose', '--pid', String(pid), '--url', `${origin}/`];
  let ended: (printed: { code: number; out: string; err: string }) => void;
  const done = new Promise<{ code: number; out: string; err: string }>((resolve) => (ended = resolve));
  const command = execFile(process.execPath, args, (_error, out, err) =>
    ended({ code: command.exitCode!, out: out.replaceAll(/\s+/g, ' '), err }),
  );
  children.push(command);
  await until(async () => (await portsOf(pid)).length > 1); // its inspector is open
  let asked = 0;
  await until(async () => {
    asked += 1;
    return Number((await fetch(origin)).headers.get('x-requests')) - asked > FOURTH_ROUND;
  });
  return { target: child, pid, command, done };
}

describe('a diagnosis that is interrupted', () => {
  it('tells what was seen until then, and leaves nothing in the process', async () => {
    const { pid, command, done } = await underWay();
    command.kill('SIGINT');
    const { code, out, err } = await done;
    expect([code, err]).toEqual([130, 'leak-lab: interrupted\n']);
    expect(out).toMatch(/^UNSETTLED The measurement was interrupted.* in \d+ readings over [\d,]+ requests/);
    expect(await portsOf(pid)).toHaveLength(1);
    const session = await attach(pid);
    const { result } = await session.post('Runtime.evaluate', {
      expression: `Object.getOwnPropertyNames(globalThis).filter((name) => name.includes('leak-lab'))`,
      returnByValue: true,
    });
    expect(result.value).toEqual([]);
    await session.close();
  });

  it('tells what was seen until the process ended', async () => {
    const { target, done } = await underWay();
    target.kill('SIGKILL');
    const { code, out } = await done;
    expect(out).toMatch(
      /^UNSETTLED The process (ended|stopped answering) before there was a verdict\. Until then/,
    );
    expect(code).toBe(2);
  });
});

describe('what was seen so far', () => {
  const context = {
    target: { pid: 1, facts: { nodeVersion: 'v20.19.0' } },
    work: { unit: 'request' },
    options: { urls: [] },
  } as unknown as Context;

  it('is never more than unsettled, and says where memory grew as a leak does', () => {
    const { samples } = measuredOf(15, (round) => ({ heap: round }));
    expect(diagnosisSoFar(context, samples, 'interrupted')!.verdict).toMatchObject({
      kind: 'unsettled',
      confidence: 0,
      reason: { code: 'ended-early', because: 'interrupted', readings: 16, grows: true },
    });
    const flat = measuredOf(15, () => ({})).samples;
    expect(diagnosisSoFar(context, flat, 'process-ended')!.verdict!.reason).toMatchObject({ grows: false });
  });

  it('is nothing after two readings, and of an error that says that the question was wrong', () => {
    expect(diagnosisSoFar(context, measuredOf(1, () => ({})).samples, 'interrupted')).toBeNull();
    const { signal } = new AbortController();
    expect(endedBecause(new Problem('LEAK_LAB_SETTINGS', 'no'), signal)).toBeNull();
    expect(endedBecause(new Error('a bug'), signal)).toBeNull();
    expect(endedBecause(new Problem('LEAK_LAB_DIED', 'it ended'), signal)).toBe('process-ended');
    expect(endedBecause(new Error('aborted'), AbortSignal.abort())).toBe('interrupted');
  });

  it('tells of the second measurement, where there was one, or of the first where the second had hardly begun', () => {
    const { samples } = measuredOf(20, (round) => ({ heap: round }));
    const readingsOf = (second: number) =>
      diagnosisSoFar(context, [...samples, ...samples.slice(0, second)], 'interrupted')!.trend!.readings
        .length;
    expect(readingsOf(8)).toBe(8);
    expect(readingsOf(1)).toBe(samples.length);
  });
});

describe('traffic that is watched', () => {
  it.each([
    [[0.3, 0.4, 0.3, 0.4, 0.3, 0.02, 0.01, 0.01, 0.02], true],
    [[0.3, 0.4, 0.3, 0.4, 0.3, 0.3, 0.2, 0.3, 0.25], false],
    [[0.02, 0.01, 0.02, 0.4, 0.3, 0.3, 0.2, 0.3, 0.25], false],
    [[0.001, 0.002, 0.001, 0.001, 0.001, 0.001, 0, 0, 0], false],
    [[], false],
  ])('of which the process is busy for %j of the time: stopped is %j', (shares, stopped) => {
    expect(hasStopped(shares)).toBe(stopped);
  });
});
