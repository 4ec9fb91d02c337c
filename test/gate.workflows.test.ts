import { execFileSync } from 'node:child_process';
import { access, constants, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const FOLDER = '.github/workflows';

interface Workflow {
  on: unknown;
  jobs: Record<string, { 'runs-on': string; steps: { uses?: string; run?: string }[] }>;
}

const scripts = (JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> })
  .scripts;
const files = await readdir(FOLDER);
const workflows = await Promise.all(
  files.map(async (file) => {
    const text = await readFile(join(FOLDER, file), 'utf8');
    return { file, text, workflow: parse(text) as Workflow };
  }),
);
const commands = workflows.flatMap(({ file, workflow }) =>
  Object.values(workflow.jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run }) => (run === undefined ? [] : [{ file, run }])),
  ),
);

/** The npm script that a command runs; undefined for a command that is no npm script. */
function scriptOf(command: string): string | undefined {
  return /^(?:env -u CI )?npm (?:run )?([\w:]+)/.exec(command)?.[1];
}

describe('the workflows of the repository', () => {
  it('have jobs with steps that either use an action or run a command', () => {
    expect(files.toSorted()).toEqual(['ci.yml', 'nightly.yml']);
    for (const { workflow } of workflows) {
      expect(workflow.on).toBeDefined();
      for (const { steps } of Object.values(workflow.jobs))
        for (const { uses, run } of steps) expect([uses, run].filter(Boolean)).toHaveLength(1);
    }
  });

  it.each(commands)('run a command of $file that exists: $run', async ({ run }) => {
    const script = scriptOf(run);
    if (script === undefined) await access(run, constants.X_OK);
    else if (script !== 'ci') expect(scripts).toHaveProperty([script]);
  });

  it('run the whole of .ci/run, and the test command on every supported major version of Node', () => {
    expect(commands.map(({ run }) => run)).toContain('.ci/run');
    const ci = workflows.find(({ file }) => file === 'ci.yml')?.workflow;
    expect(ci?.jobs['node']).toMatchObject({ strategy: { matrix: { node: [20, 22, 24, 26] } } });
    expect(ci?.jobs['macos']).toMatchObject({ 'runs-on': 'macos-latest' });
  });

  it('name no owner, registry or secret', () => {
    for (const { text } of workflows)
      expect(text).not.toMatch(/https?:|secrets\.|registry|uses: (?!actions\/)/);
  });
});

describe('.ci/run', () => {
  it('and .ci/debian-packages are valid shell scripts', () => {
    for (const file of ['.ci/run', '.ci/debian-packages']) execFileSync('bash', ['-n', file]);
  });

  it('names only tests that exist', async () => {
    const tests = (await readdir('test')).map((name) => `test/${name}`);
    const script = await readFile('.ci/run', 'utf8');
    const lists = [...script.matchAll(/(?:of_v8|by_node_version)=\(([^)]*)\)/g)].map(([, list = '']) => list);
    expect(lists).toHaveLength(2);
    const names = lists
      .flatMap((list) => list.trim().split(/\s+/))
      .filter((name) => name.startsWith('test/'));
    expect(names.length).toBeGreaterThan(20);
    for (const name of names)
      expect(
        tests.filter((test) => test.startsWith(name)),
        name,
      ).not.toEqual([]);
  });
});
