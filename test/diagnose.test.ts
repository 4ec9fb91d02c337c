import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Diagnosis, diagnosisJson } from '../src/kit/diagnosis/index.js';
import { portsOf } from '../src/kit/process/listeners.js';
import { diagnoseTarget, startTarget } from './support/targets.js';
import { schemaErrors } from './support/schema.js';
import { until } from './support/until.js';
import { expectUntouched } from './support/untouched.js';

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function target(file: string) {
  const started = await startTarget(file);
  children.push(started.child);
  return started;
}

describe('the diagnosis of a service that leaks', () => {
  let running: Awaited<ReturnType<typeof target>>;
  let diagnosis: Diagnosis;
  let errors: number;

  beforeAll(async () => {
    running = await target('leaking.cjs');
    ({ diagnosis, errors } = await diagnoseTarget(running, async () => true));
  });

  it('reports a leak and names the private field that retains it first', () => {
    expect(diagnosis.verdict?.kind).toBe('leak');
    expect(diagnosis.triage?.grows).toBe('heap');
    expect(diagnosis.suspects[0]).toMatchObject({ rank: 1, kind: 'container', type: 'Map', bound: null });
    expect(diagnosis.suspects[0]!.name).toMatch(
      /leaking\.cjs › sessions › Sessions\.#open \(Map, [\d,]+ entries\)$/,
    );
  });

  it('is JSON that satisfies the schema of the reference', async () => {
    expect(await schemaErrors('diagnosis', JSON.parse(JSON.stringify(diagnosisJson(diagnosis))))).toEqual([]);
    const json = diagnosisJson(diagnosis);
    const broken = { ...json, suspects: [{ ...json.suspects[0], rank: 'first' }] };
    expect(await schemaErrors('diagnosis', broken)).not.toEqual([]);
  });

  it('explains the growth: one entry per request, and more than half of the measured bytes', () => {
    const [suspect] = diagnosis.suspects;
    expect(suspect!.entriesPerWork).toBeCloseTo(1, 1);
    expect(suspect!.growthShare).toBeGreaterThan(0.5);
  });

  it('names the function that allocates the live bytes', () => {
    expect(diagnosis.allocatedAt!.map(({ function: name }) => name)).toContain('remember');
  });

  it('confirms the suspect: clearing it frees more than half of its retained size', () => {
    const { beforeBytes, afterBytes } = diagnosis.clearResult!;
    expect(beforeBytes - afterBytes).toBeGreaterThan(diagnosis.suspects[0]!.retainedBytes! / 2);
  });

  it('interrupts no request and leaves the process as it was', async () => {
    expect(errors).toBe(0);
    expect(await portsOf(running.pid)).toHaveLength(1);
    expect(await (await fetch(running.origin)).text()).toBe('{}');
    await expectUntouched(running.pid);
  });
});

it.each([
  ['arrow.cjs', /arrow\.cjs › Api\.visits \(Array, [\d,]+ entries\)$/],
  ['arrow-field.mjs', /arrow-field\.mjs › Api\.#visits \(Array, [\d,]+ entries\)$/],
])(
  'the diagnosis of %s names what only an arrow function retains, as its lexical `this`',
  async (file, name) => {
    const { diagnosis, errors } = await diagnoseTarget(await target(file));
    expect(diagnosis.verdict?.kind).toBe('leak');
    expect(diagnosis.suspects[0]!.name).toMatch(name);
    expect(diagnosis.notes.map(({ code }) => code)).not.toContain('snapshots');
    expect(errors).toBe(0);
  },
);

it('the diagnosis of a healthy service with rings and full caches has no suspects', async () => {
  const { diagnosis, errors } = await diagnoseTarget(await target('healthy.mjs'));
  expect(diagnosis.verdict?.kind).not.toBe('leak');
  expect(diagnosis.suspects).toEqual([]);
  expect(errors).toBe(0);
});

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['dist/src/cli/main.js', 'diagnose', ...args],
      (_error, out, err) => resolve({ code: child.exitCode!, out, err }),
    );
  });
}

describe('diagnose ends with exit code 2 and a problem', () => {
  it.each([
    [[], /nothing to diagnose/],
    [
      ['--pid', String(process.pid)],
      /no workload: pass --url to send load, --load COMMAND .* or --watch SECONDS/,
    ],
    [['--url', 'http://127.0.0.1:9/', '--watch', '20'], /pass one of them/],
    [['--url', 'http://127.0.0.1:9/', '--url', 'http://127.0.0.1:10/'], /must be of the same service/],
    [['--pid', '1', '--inspect', '127.0.0.1:9229', '--watch', '20'], /both name the process/],
    [['--inspect', '10.0.0.1:9229', '--watch', '20'], /an address of this machine/],
    [['--pid', '1', '--watch', '20', '--clear-suspect'], /--yes/],
    [['--inspect', '127.0.0.1:9', '--watch', '20'], /no inspector of Node answers at 127\.0\.0\.1:9/],
    [['--pid', String(2 ** 22 - 3), '--watch', '20'], /there is no process/],
  ])('when it is called with %j', async (args, said) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(said);
    expect(err).toMatch(/\[LEAK_LAB_\w+\]\n$/);
  });

  it('for a program that is not Node, and does not end that program', async () => {
    const child = spawn('sleep', ['30']);
    children.push(child);
    await once(child, 'spawn');
    const { code, err } = await run('--pid', String(child.pid), '--watch', '20');
    expect([code, child.exitCode]).toEqual([2, null]);
    expect(err).toMatch(/is sleep, not Node.*\[LEAK_LAB_NO_PROCESS\]/);
  });

  it('in one sentence, when the service dies while the diagnosis attaches', async () => {
    const { child, pid, origin } = await target('leaking.cjs');
    const running = run('--url', `${origin}/`, '--requests', '1000000');
    await until(async () => (await portsOf(pid)).length > 1); // its inspector has opened
    child.kill('SIGKILL');
    const { code, err } = await running;
    expect(code).toBe(2);
    // Which problem it is depends on the moment.
    expect(err).toMatch(
      /^leak-lab: [^\n]+ \[LEAK_LAB_(DIED|NO_ANSWER|NO_INSPECTOR|NO_PROCESS|OS_MEMORY)\]\n$/,
    );
  });
});
