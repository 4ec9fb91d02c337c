import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, startAgent } from './support/agent.js';

const IDENT = `zq${Math.random()
  .toString(36)
  .replaceAll(/[^a-z]/g, '')}ident`;
const TEXT = `${IDENT.slice(0, -5)} text@secret`;
const SECRET = IDENT.slice(0, -5);
const APP = 'test/support/data-app.mjs';

let folder: string;
let hiding: Agent;
let showing: Agent;
/** Everything that a server told a client beside its answers. */
const progress: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-data-'));
  [hiding, showing] = await Promise.all([startAgent(() => true), startAgent(() => true, ['--show-data'])]);
});
afterAll(async () => {
  await Promise.all([hiding.close(), showing.close()]);
  await rm(folder, { recursive: true });
});

async function started(mode: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [APP, mode, IDENT, TEXT, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, url: `http://127.0.0.1:${port}/` };
}

/** The answer of a tool with the resources that it points to. */
async function said(agent: Agent, name: string, given: Record<string, unknown>): Promise<string> {
  const { text } = await agent.call(name, given, (message) => progress.push(message));
  const addresses = text.match(/leak-lab:\/\/results\/[\w./-]+/g) ?? [];
  const pages = await Promise.all(addresses.map((uri) => agent.client.readResource({ uri })));
  return [text, ...pages.map((page) => JSON.stringify(page))].join('\n');
}

describe.each(['inDictionary', 'inRoom', 'keys', 'sessions', 'log', 'blobs', 'files'])(
  'a service that leaks by %s',
  (mode) => {
    it('is named without its data', async () => {
      const { child, url } = await started(mode);
      try {
        const text = await said(hiding, 'diagnose', { url: [url] });
        expect(text).toContain('LEAK');
        const more = [
          await said(hiding, 'list_processes', {}),
          await said(hiding, 'why_alive', { name: 'a' }),
          await said(hiding, 'fix', { folder: '.', noTest: true }),
        ].join('\n');
        expect(`${text}\n${more}`).not.toContain(SECRET);
        expect(progress.join('\n')).not.toContain(SECRET);
      } finally {
        child.kill('SIGKILL');
      }
    });
  },
);

it('a server with --show-data shows keys', async () => {
  const { child, url } = await started('inDictionary');
  try {
    expect(await said(showing, 'diagnose', { url: [url] })).toContain(`.tenants["${IDENT}"]`);
  } finally {
    child.kill('SIGKILL');
  }
});

it('a comparison tells where answers differ, and not what they contain', async () => {
  const command = (mode: string) => `node ${APP} ${mode} ${IDENT} '${TEXT}' ${folder}`;
  const given = {
    before: command('nothing'),
    after: command('sessions'),
    url: ['http://127.0.0.1:{port}/{n}'],
  };
  const text = await said(hiding, 'compare', given);
  expect(text).toMatch(/body at owner: \(hidden\) → \(hidden\)/);
  expect(text).not.toContain(SECRET);
  expect(await said(showing, 'compare', given)).toContain(TEXT);
});
