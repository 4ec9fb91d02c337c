import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { questions } from '../src/kit/heap/query/index.js';
import { type Agent, startAgent } from './support/agent.js';

/** In the order in which heap-secrets.mjs takes them. They are in no source. */
const SEED = `${Date.now().toString(36)}zq`;
const TEXTS = ['key k-@', 'value: pässwörd', 'piece/', 'slice+', 'source', 'dynamic', 'field', 'symbol'];
const SECRETS = [...TEXTS, 'pattern', 'message 秘密'].map((text) => `${text}${SEED}`);
const NUMBER = `4111${SEED.replaceAll(/\D/g, '').padEnd(12, '7')}`;
const ALL = [...SECRETS, NUMBER, `called${SEED}`, `hot${SEED}`];

let folder: string;
let file: string;
let hiding: Agent;
let showing: Agent;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-data-'));
  file = join(folder, 'app.heapsnapshot');
  await promisify(execFile)(process.execPath, ['test/support/heap-secrets.mjs', file, ...ALL]);
  [hiding, showing] = await Promise.all([startAgent(), startAgent(undefined, ['--show-data'])]);
});
afterAll(async () => {
  await Promise.all([hiding.close(), showing.close()]);
  await rm(folder, { recursive: true });
});

/** Everything that a tool says: of the call, and of the resources that it points to. */
async function said(agent: Agent, name: string, given: Record<string, unknown>): Promise<string> {
  const { text } = await agent.call(name, given);
  const addresses = text.match(/leak-lab:\/\/results\/[\w./-]+/g) ?? [];
  const pages = await Promise.all(addresses.map((uri) => agent.client.readResource({ uri })));
  return [text, ...pages.map((page) => JSON.stringify(page))].join('\n');
}

/** What every question without a secret in it can be asked with. */
async function questionsOf(agent: Agent): Promise<string[][]> {
  const { text } = await agent.call('ask_snapshot', {
    snapshot: 's1',
    question: 'search',
    takes: ['property', 'known'],
  });
  const { text: accounts } = await agent.call('ask_snapshot', {
    snapshot: 's1',
    question: 'search',
    takes: ['constructor', 'Account'],
  });
  const { text: maps } = await agent.call('ask_snapshot', {
    snapshot: 's1',
    question: 'containers',
    takes: ['any'],
    limit: 60,
  });
  const ids = [text, accounts, maps].flatMap((one) => one.match(/@\d+/g) ?? []);
  const few = [...new Set(ids)].slice(0, 25);
  expect(few.length).toBeGreaterThan(10);
  const general = questions
    .filter(
      ({ takes, stacks, snapshots }) => !stacks && !snapshots && !takes.some(({ required }) => required),
    )
    .flatMap(({ name, takes: [first] }) =>
      [undefined, ...(first?.choices ?? [])].map((choice) => (choice ? [name, choice] : [name])),
    );
  return [
    ...general,
    ...few.flatMap((id) => ['object', 'retainers', 'path', 'dominators', 'cut'].map((name) => [name, id])),
    ...few.slice(0, 5).flatMap((id) => ['object', 'retainers', 'path'].map((name) => [name, id, 'engine'])),
    ['alive', 'Account'],
    ['search', 'regexp', '.'],
    ['search', 'regexp', SEED.slice(-2)],
  ];
}

/** How many of the secrets are in some texts, whole or all but the ends: V8 and tables cut texts. */
const found = (text: string): string[] =>
  ALL.filter((secret) =>
    [secret, secret.slice(1, -1), secret.slice(0, 12)].some((part) => text.includes(part)),
  );

async function allAnswers(agent: Agent): Promise<string> {
  const texts = [await said(agent, 'open_snapshot', { files: [file] })];
  for (const [question = '', ...takes] of await questionsOf(agent))
    texts.push(await said(agent, 'ask_snapshot', { snapshot: 's1', question, takes, limit: 200 }));
  texts.push(await said(agent, 'diagnose_snapshots', { files: [file] }));
  for (const name of ['Account', 'Object', 'Map'])
    texts.push(await said(agent, 'why_alive', { name, snapshot: 's1' }));
  for (const name of ['Map', 'vault']) texts.push(await said(agent, 'why_alive', { name }));
  return texts.join('\n');
}

it('no answer about a snapshot has data of the program, whatever is asked', async () => {
  const text = await allAnswers(hiding);
  expect(text.length).toBeGreaterThan(50_000);
  expect(found(text)).toEqual([]);
  // What code has is shown: the answers are of use.
  expect(text).toContain('vault');
  expect(text).toContain('Account');
});

it('with --show-data, the same questions show it', async () => {
  const shown = found(await allAnswers(showing));
  // What is only in compiled code, or in the middle of a rope, is in no table.
  expect(shown.length).toBeGreaterThanOrEqual(8);
  expect(shown).toContain(`key k-@${SEED}`);
  expect(shown).toContain(`dynamic${SEED}`);
});

it.each([
  ['string', ALL[1]],
  ['value', NUMBER],
  ['property', `called${SEED}`],
  ['regexp', `^value.*${SEED}`],
])('a search for a %s does not tell whether a guess is right', async (where, guess) => {
  const given = { snapshot: 's1', question: 'search', takes: [where, guess] };
  expect((await hiding.call('ask_snapshot', given)).text).toMatch(/^0 objects match/);
  expect((await showing.call('ask_snapshot', given)).text).not.toMatch(/^0 objects match/);
});

it('no call shows data on a server that hides it', async () => {
  const { tools } = await hiding.client.listTools();
  for (const { name, inputSchema } of tools)
    expect(Object.keys(inputSchema.properties ?? {}), name).not.toContain('showKeys');
  expect(await hiding.call('diagnose_snapshots', { files: [file], showData: true })).toMatchObject({
    isError: true,
  });
  // A file name is no option, whatever it looks like.
  const { text } = await hiding.call('diagnose_snapshots', { files: ['--no-redact', file] });
  expect(found(text)).toEqual([]);
  expect(hiding.client.getInstructions()).toContain('--show-data');
  expect(showing.client.getInstructions()).not.toContain('--show-data');
});

it('what was shown for a hidden key can be asked about', async () => {
  const ask = (question: string, ...takes: string[]) =>
    hiding.call('ask_snapshot', { snapshot: 's1', question, takes });
  const vault = /@\d+/.exec((await ask('search', 'property', 'computed')).text)?.[0] ?? '';
  const fields = await hiding.call('ask_snapshot', {
    snapshot: 's1',
    question: 'object',
    takes: [vault],
    limit: 50,
  });
  const [, computed = ''] = /^\.computed .*?(@\d+)/m.exec(fields.text) ?? [];
  const { text } = await ask('object', computed);
  const [, hidden = ''] = /^\["(x\w+\.+)"\]/m.exec(text) ?? [];
  expect((await ask('search', 'property', hidden)).text, text).toMatch(/^1 object matches/);
});
