import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compareOptions } from '../src/cli/compare.js';
import { readOptions } from '../src/command/options.js';

interface Step {
  run?: string;
  env?: Record<string, string>;
}

const action = parse(await readFile('action.yml', 'utf8')) as {
  inputs: Record<string, { default?: string; required?: boolean }>;
  runs: { using: string; steps: Step[] };
};
const workflow = parse(await readFile('docs/gate/compare.yml', 'utf8')) as {
  env: Record<string, string>;
  jobs: Record<string, { steps: Step[] }>;
};

describe('the scripts that compare a pull request', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-gate-test-'));
    // What npx would run: it writes its arguments and the summary, and exits with 1.
    const npx = `#!/bin/bash
printf '%s\\n' "$@" > ${folder}/args
while [ $# -gt 0 ]; do [ "$1" = --markdown ] && echo '## Summary' > "$2"; shift; done
exit 1
`;
    await writeFile(join(folder, 'npx'), npx);
    await chmod(join(folder, 'npx'), 0o755);
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Runs a script with these variables. @returns its exit code and the options it gave to `leak-lab compare` */
  async function ran(script: string, env: Record<string, string>) {
    const variables = {
      ...env,
      PATH: `${folder}:${process.env['PATH']}`,
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    };
    const code = await new Promise((done) => {
      execFile('bash', ['-e', '-c', script], { env: variables, cwd: folder }, (error) =>
        done(error?.code ?? 0),
      );
    });
    const [program, command, ...argv] = (await readFile(join(folder, 'args'), 'utf8')).trimEnd().split('\n');
    expect([program, command]).toEqual(['leak-lab', 'compare']);
    return { code, options: readOptions(compareOptions, argv) };
  }

  it('of the action pass every input on, the summary to the page, and the exit code', async () => {
    const [step] = action.runs.steps;
    const given: Record<string, string> = {
      START: 'node "a b.js"',
      URL: 'http://127.0.0.1:{port}/o/{n}',
      BUILD: 'npm run build',
      BEFORE_REF: 'abc',
      AFTER_REF: 'HEAD',
      OPTIONS: '--allow-leak --ignore-field time',
      REPLAY: '',
    };
    expect(Object.keys(step?.env ?? {}).toSorted()).toEqual(Object.keys(given).toSorted());
    for (const value of Object.values(step?.env ?? {})) {
      const [, input = ''] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value) ?? [];
      expect(action.inputs).toHaveProperty([input]);
    }
    const { code, options } = await ran(step?.run ?? '', given);
    expect(code).toBe(1);
    expect(options).toMatchObject({
      start: 'node "a b.js"',
      beforeRef: 'abc',
      afterRef: 'HEAD',
      build: 'npm run build',
      allowLeak: true,
      ignoreField: ['time'],
      replay: undefined,
    });
    expect(await readFile(join(folder, 'summary'), 'utf8')).toBe('## Summary\n');
    expect(await readFile(join(folder, 'output'), 'utf8')).toMatch(/^json=.*comparison\.json\n$/);
  });

  it('of the workflow in the docs do the same', async () => {
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    const script = steps.find(({ run }) => run?.includes('leak-lab compare'))?.run ?? '';
    const { code, options } = await ran(script, { ...workflow.env, BASE: 'abc' });
    expect(code).toBe(1);
    expect(options).toMatchObject({ beforeRef: 'abc', afterRef: 'HEAD', url: [workflow.env['URL']] });
    expect(await readFile(join(folder, 'summary'), 'utf8')).toBe('## Summary\n');
  });

  it('have no input inside a script, where it would be code', () => {
    for (const { run } of [...action.runs.steps, ...Object.values(workflow.jobs).flatMap((job) => job.steps)])
      expect(run ?? '').not.toContain('${{');
  });
});
