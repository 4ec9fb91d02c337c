import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { stories } from '../src/mcp/prompts.js';
import { type Agent, startAgent } from './support/agent.js';
import { startCommand } from './support/command.js';
import { type Snapshots, snapshots } from './support/heap-snapshots.js';

let taken: Snapshots;
let agent: Agent;
beforeAll(async () => {
  taken = await snapshots();
  agent = await startAgent();
});
afterAll(async () => {
  await agent.close();
  await taken[Symbol.asyncDispose]();
});

it('every tool says what it does and what it takes, in words that fit into a small context', async () => {
  const { tools } = await agent.client.listTools();
  expect(tools.map(({ name }) => name)).toContain('diagnose');
  for (const { name, description, inputSchema } of tools) {
    expect(description?.length, name).toBeGreaterThan(20);
    for (const property of Object.values(inputSchema.properties ?? {}))
      expect(property, name).toHaveProperty('description');
  }
  // About four characters a token: all descriptions together are read by each agent in each session.
  expect(JSON.stringify(tools).length / 4).toBeLessThan(3_000);
});

it('a snapshot is opened, asked in pages, and closed', async () => {
  const file = await taken.take('heap-specimen.mjs');
  const { text: opened } = await agent.call('open_snapshot', { files: [file] });
  const [, snapshot] = /^snapshot (s\d+) is open/.exec(opened) ?? [];
  expect(opened).toContain('references');
  const { text } = await agent.call('ask_snapshot', {
    snapshot,
    question: 'containers',
    takes: ['Map'],
    limit: 2,
  });
  const [, id] = /(@\d+)/.exec(text) ?? [];
  expect(await agent.call('ask_snapshot', { snapshot, question: 'path', takes: [id] })).toMatchObject({
    isError: false,
  });
  expect(await agent.call('why_alive', { snapshot, name: id })).toMatchObject({ isError: false });
  expect(await agent.call('ask_snapshot', { snapshot, question: 'path' })).toEqual({
    isError: true,
    text: expect.stringContaining('path needs id'),
  });
  await agent.call('close_snapshot', { snapshot });
  expect(await agent.call('ask_snapshot', { snapshot, question: 'summary' })).toEqual({
    isError: true,
    text: expect.stringContaining('call open_snapshot first'),
  });
});

it.each([
  ['diagnose', {}, /pass url to send load/],
  ['diagnose', { url: 'http://127.0.0.1:1/' }, /url must be of the type array/],
  ['diagnose', { uri: ['http://127.0.0.1:1/'] }, /diagnose has no uri; it takes url, pid/],
  ['diagnose', { url: ['http://127.0.0.1:1/'] }, /LEAK_LAB_NO_(ANSWER|PROCESS)/],
  ['clear_suspect', {}, /cannot ask for it[^]*Nothing was done/],
  ['why_alive', { name: 'Map' }, /nothing was looked at yet: call diagnose first/],
  ['why_alive', { name: '@1' }, /pass snapshot as well/],
  ['fix', { folder: '.' }, /there is no diagnosis to mend: call diagnose first/],
  ['fix', { folder: '.', diagnosis: 'leak-lab://results/x-1' }, /there is no result leak-lab:/],
  ['fix', { folder: '.', write: true }, /call fix with the same values and without write first/],
  ['take_snapshot', {}, /take_snapshot needs pid/],
  ['compare', { url: ['http://127.0.0.1:{port}/'] }, /--before/],
  ['open_snapshot', { files: ['/nowhere'] }, /HEAP_UNREADABLE/],
  ['nothing', {}, /there is no tool nothing; there are list_processes, diagnose/],
])('%s with %j says what to mend', async (name, given, why) => {
  expect(await agent.call(name, given)).toEqual({ isError: true, text: expect.stringMatching(why) });
});

it('the cost of a snapshot is told before it is taken', async () => {
  const { text, isError } = await agent.call('take_snapshot', { pid: process.pid });
  expect(isError).toBe(false);
  expect(text).toMatch(/a snapshot pauses the process for about .* and takes about .* of .* free memory/);
});

it('the processes of the user are listed, without the server itself', async () => {
  const { text } = await agent.call('list_processes', {});
  const pids = text.split('\n').map((line) => Number.parseInt(line, 10));
  expect(text).toMatch(/^ *pid +what it is/);
  expect(pids).toContain(process.pid);
  expect(pids).not.toContain(agent.pid);
});

it('a cancelled diagnosis leaves the process as it was', async () => {
  const service = await startService(['leaky']);
  const other = await startAgent();
  try {
    const controller = new AbortController();
    const running = other.client.callTool(
      { name: 'diagnose', arguments: { pid: service.pid, watchSeconds: 600 } },
      undefined,
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 3_000);
    await expect(running).rejects.toThrow();
  } finally {
    await other.close();
    await service.stop();
  }
});

it('the prompts are complete instructions', async () => {
  const { prompts } = await agent.client.listPrompts();
  expect(prompts.map(({ name }) => name)).toEqual(stories.map(({ name }) => name));
  const { messages } = await agent.client.getPrompt({
    name: 'find-the-leak',
    arguments: { service: '3000' },
  });
  expect(JSON.stringify(messages)).toContain('diagnose with their URLs, such as http://127.0.0.1:3000/');
});

it('the server ends when the agent leaves, and prints nothing but the protocol', async () => {
  const command = startCommand(['mcp']);
  command.child.stdin!.end();
  expect(await command.ended).toEqual({ code: 0, out: '', err: '' });
});

it('the command snapshot refuses a file that exists, and says so', async () => {
  await access('package.json');
  const ended = await startCommand(['snapshot', '--pid', String(process.pid), 'package.json']).ended;
  expect(ended).toMatchObject({ code: 2, err: expect.stringContaining('package.json exists already') });
});

it('the command snapshot writes a file that can be asked', async () => {
  const service = await startService(['fixed']);
  const file = join(taken.directory, 'service.heapsnapshot');
  try {
    const { code, out, err } = await startCommand(['snapshot', '--pid', String(service.pid), file, '--force'])
      .ended;
    expect({ code, out }, err).toEqual({ code: 0, out: `${file}\n` });
    const asked = await startCommand(['query', file, 'histogram', 'package', '--limit', '3']).ended;
    expect(asked.out).toMatch(/lru-cache|fastify|@nestjs|\(node\)/);
  } finally {
    await service.stop();
  }
});
