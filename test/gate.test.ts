import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { about } from '../src/cli/load.js';
import { readOptions } from '../src/command/options.js';
import { readGate } from './support/gate.js';

it('the gate workflow in the docs uses a command, flags and values that exist', async () => {
  const { env, load } = await readGate();
  const values: Record<string, string> = { ...env, PID: '4711' };
  const [npx, command, verb, ...argv] = load
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^"?\$(\w+)"?$/, (_all, name: string) => String(values[name])));
  expect([npx, command, verb]).toEqual(['npx', 'leak-lab', 'load']);
  expect(readOptions(about.options, argv)).toMatchObject({
    expect: 'bounded',
    pid: 4711,
    requests: 100_000,
    url: env.URL,
  });
});

it('the gate workflow in the docs has valid shell scripts and starts what it builds', async () => {
  const { env, steps } = await readGate();
  const scripts = JSON.parse(await readFile('package.json', 'utf8')).scripts as Record<string, string>;
  for (const { run } of steps) if (run) execFileSync('bash', ['-n', '-c', run]);
  expect(scripts['start']).toContain(env.START);
  expect(steps.some(({ run }) => run === 'npm run build')).toBe(true);
  expect(scripts).toHaveProperty('build');
});

it('the gate workflow in the docs always stops the service and uploads the report', async () => {
  const { steps } = await readGate();
  const after = steps.slice(steps.findIndex(({ run }) => run?.includes('leak-lab load')) + 1);
  expect(after).toHaveLength(2);
  expect(after.map((step) => step.if)).toEqual(['always()', 'always()']);
});
