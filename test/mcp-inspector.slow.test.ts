import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/*
 * The inspector of the Model Context Protocol talks to the server as any client does, and was written by others. It
 * needs Node 22.19 and brings 114 packages, so that it is installed here, with a Node of its own, and is no dependency.
 * The server runs on the Node of the tests.
 */
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';
const NODE = 'node@24';
/** The inspector's exit code for an answer that is an error. */
const TOOL_FAILED = 5;
const INSTALLED_WITHIN_MS = 600_000;

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-inspector-'));
  await run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, INSPECTOR, NODE]);
  await run(process.execPath, ['docs/examples/sessions.mjs', ...files()]);
}, INSTALLED_WITHIN_MS);
afterAll(() => rm(folder, { recursive: true }));

const files = (): string[] => ['before', 'after'].map((name) => join(folder, `${name}.heapsnapshot`));

interface Answered {
  code: number;
  answer: Record<string, unknown>;
}

/** Asks by a process of the inspector, which starts a server, and ends it. */
async function inspect(method: string, ...given: string[]): Promise<Answered> {
  const bin = [join(folder, 'node_modules/node/bin'), join(folder, 'node_modules/.bin')];
  const env = { ...process.env, PATH: [...bin, process.env['PATH']].join(delimiter) };
  const server = [process.execPath, 'dist/src/cli/main.js', 'mcp'];
  const asked = run('mcp-inspector', ['--cli', ...server, '--method', method, ...given], { env });
  const { stdout, code } = await asked.then(
    (done) => ({ ...done, code: 0 }),
    (error: unknown) => error as { stdout: string; code: number },
  );
  return { code, answer: JSON.parse(stdout) as Record<string, unknown> };
}

const call = (name: string, ...given: string[]): Promise<Answered> =>
  inspect('tools/call', '--tool-name', name, ...given.flatMap((one) => ['--tool-arg', one]));

describe("the protocol's inspector", () => {
  it.each([
    ['tools/list', 'tools', 'name', ['list_processes', 'diagnose', 'why_alive', 'ask_snapshot']],
    ['prompts/list', 'prompts', 'name', ['find-the-leak', 'read-a-snapshot']],
    ['resources/templates/list', 'resourceTemplates', 'uriTemplate', ['leak-lab://results/{name}']],
  ])('gets %s', async (method, field, key, names) => {
    const { code, answer } = await inspect(method);
    expect(code, JSON.stringify(answer)).toBe(0);
    const found = (answer[field] as Record<string, unknown>[]).map((one) => one[key]);
    expect(found).toEqual(expect.arrayContaining(names));
  });

  it('gets an empty list of resources before there is a result', async () => {
    expect(await inspect('resources/list')).toEqual({ code: 0, answer: { resources: [] } });
  });

  it('calls a tool, and gets the leak of two snapshots', async () => {
    const { code, answer } = await call('diagnose_snapshots', `files=${JSON.stringify(files())}`);
    expect(code).toBe(0);
    expect(JSON.stringify(answer['content'])).toContain(
      'sessions.mjs › store.sessions (Map, 12,000 entries)',
    );
  });

  it('gets an error of a tool as the answer of the tool, with what to do', async () => {
    const { code, answer } = await call('ask_snapshot', 'snapshot=s7', 'question=summary');
    expect(code).toBe(TOOL_FAILED);
    expect(answer['isError']).toBe(true);
    expect(JSON.stringify(answer['content'])).toMatch(/no snapshot .*s7.* is open; call open_snapshot first/);
  });

  it('gets a prompt with what it was given', async () => {
    const { answer } = await inspect(
      'prompts/get',
      '--prompt-name',
      'read-a-snapshot',
      '--prompt-args',
      'files=/tmp/a.heapsnapshot',
    );
    expect(JSON.stringify(answer['messages'])).toContain('/tmp/a.heapsnapshot');
  });
});
