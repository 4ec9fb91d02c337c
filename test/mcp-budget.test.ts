import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, openSession, questions } from '../src/kit/heap/query/index.js';
import { type Agent, startAgent } from './support/agent.js';
import { HeapBuilder } from './support/heap-builder.js';

/** 2,000 tokens of about four characters, and the lines after a cut that say what was left out. */
const MOST = 8_500;
const LONG = 'name'.repeat(240);

/** Everything is long or many: classes, properties, texts, entries, functions, the chain above an object. */
function wide(): HeapBuilder {
  const heap = new HeapBuilder();
  const root = heap.userRoot();
  for (let at = 0; at < 400; at++) {
    const owner = heap.object(`Class${at}${LONG}`, 50_000);
    heap.property(root, `property ${at} ${LONG}`, owner);
    heap.property(owner, `cache${at}${LONG}`, heap.map(entries(heap, at)));
    heap.property(owner, `handler${at}`, heap.node('closure', `on${at}${LONG}`, 200));
    heap.property(owner, 'text', heap.node('string', `${at} ${LONG}`, 4_000));
  }
  let link = root;
  for (let at = 0; at < 300; at++) {
    const next = heap.object(`Link${at}${LONG}`, 1_000);
    heap.property(link, `next${at}${LONG}`, next);
    link = next;
  }
  heap.property(link, 'last', heap.object('Deep', 100));
  return heap;
}

function entries(heap: HeapBuilder, at: number): [number, number][] {
  return Array.from({ length: 6 }, (_, one) => [
    heap.node('string', `key ${at} ${one} ${LONG}`, 64),
    heap.object('Entry', 2_000),
  ]);
}

let folder: string;
let file: string;
let agents: Agent[];
let deep: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-budget-'));
  file = join(folder, 'wide.heapsnapshot');
  const heap = wide();
  deep = `@${heap.id(heap.nodes.findIndex(({ name }) => name === 'Deep'))}`;
  await writeFile(file, heap.text());
  agents = await Promise.all([startAgent(), startAgent(undefined, ['--show-data'])]);
});
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.close()));
  await rm(folder, { recursive: true });
});

it.each([0, 1])(
  'every tool about a snapshot answers in 2,000 tokens, and says what it left out (agent %i)',
  async (which) => {
    const agent = agents[which]!;
    const call = async (name: string, given: Record<string, unknown>): Promise<string> => {
      const { text } = await agent.call(name, given);
      expect(text.length, JSON.stringify([name, given])).toBeLessThan(MOST);
      return text;
    };
    const session = await openSession([file], { showData: which === 1 });
    const opened = await call('open_snapshot', { files: [file] });
    const object = /@\d+/.exec(opened)?.[0] ?? '';
    for (const { name, takes, stacks, snapshots } of questions) {
      if (stacks || snapshots) continue;
      const [first] = takes;
      const asked =
        first?.kind === 'id'
          ? [[object], [deep], takes[1]?.choices?.includes('engine') ? [deep, 'engine'] : [deep]]
          : first?.required
            ? takes.length === 1
              ? [['Entry']]
              : [
                  ['constructor', 'Entry'],
                  ['regexp', 'name'],
                ]
            : [[], ...(first?.choices ?? []).map((choice) => [choice])];
      for (const given of asked) {
        const text = await call('ask_snapshot', { snapshot: 's1', question: name, takes: given });
        // Whatever is not on the page is announced.
        if (ask(session, [name, ...given], { offset: 0, limit: 10 }).total > 10)
          expect(text, name).toMatch(/more rows: ask_snapshot|left out: ask/);
      }
    }
    for (const name of [deep, 'Entry', 'Deep']) await call('why_alive', { snapshot: 's1', name });
    expect(await call('diagnose_snapshots', { files: [file] })).toContain('leak-lab://results/diagnosis-1');
    await call('why_alive', { name: 'a' });
    await call('list_processes', {});
    const { text, isError } = await agent.call('ask_snapshot', {
      snapshot: 's1',
      question: 'containers',
      limit: 100,
    });
    expect(isError).toBe(false);
    expect(text.split('\n').length, 'more rows where they are asked for').toBeGreaterThan(100);
  },
);

it('an error is as short as an answer', async () => {
  const [agent] = agents;
  for (const [name, given] of [
    ['ask_snapshot', { snapshot: LONG.repeat(50), question: 'summary' }],
    ['ask_snapshot', { snapshot: 's1', question: LONG.repeat(50) }],
    ['diagnose', { url: LONG.repeat(50) }],
    ['open_snapshot', { files: [LONG.repeat(50)] }],
    ['why_alive', { name: LONG.repeat(50) }],
    ['fix', { folder: '.', diagnosis: LONG.repeat(50) }],
    [LONG.repeat(50), {}],
  ] as const) {
    const { text, isError } = await agent!.call(name, given);
    expect(isError, name.slice(0, 20)).toBe(true);
    expect(text.length, name.slice(0, 20)).toBeLessThan(MOST);
  }
});
