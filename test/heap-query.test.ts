import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOwners } from '../src/kit/heap/answers/code-owners.js';
import { sizesOf } from '../src/kit/heap/answers/group-sizes.js';
import { type Heap, HeapSnapshotError, readHeap } from '../src/kit/heap/index.js';
import {
  ask,
  openSession,
  printAnswer,
  QueryError,
  QuerySession,
  questions,
} from '../src/kit/heap/query/index.js';
import { HeapBuilder } from './support/heap-builder.js';
import { naiveAnswers, naiveCut, naiveRetained } from './support/heap-naive.js';
import { randomHeap } from './support/heap-random-graph.js';
import { type Snapshots, snapshots } from './support/heap-snapshots.js';

const PAGE = { offset: 0, limit: 20 };

async function sessionOf(heap: HeapBuilder): Promise<QuerySession> {
  return new QuerySession(await heap.read());
}

/** A Map of so many visits, with ids from there on. */
function visitsFrom(firstId: number, entries: number): Buffer[] {
  const heap = new HeapBuilder();
  const root = heap.node('object', 'global', 0, firstId - 2);
  heap.edge(0, 'shortcut', 'global', root);
  const value = (at: number) => heap.node('object', 'Visit', 40, firstId + 4 * at);
  const key = (at: number) => heap.node('string', `key ${at}`, 24, firstId + 4 * at + 2);
  const visits = heap.map(Array.from({ length: entries }, (_, at) => [key(at), value(at)] as const));
  heap.property(root, 'visits', visits);
  return [Buffer.from(heap.text())];
}

describe('the questions about a drawn heap', () => {
  it('give pages that together have every row once', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    for (let n = 0; n < 25; n++) heap.property(root, `p${n}`, heap.object(`Class${n}`, 10 + n));
    const session = await sessionOf(heap);
    const pages = [0, 10, 20].map((offset) => ask(session, ['histogram'], { offset, limit: 10 }));
    expect(pages.map(({ total, rows }) => [total, rows.length])).toEqual([
      [25, 10],
      [25, 10],
      [25, 5],
    ]);
    expect(new Set(pages.flatMap(({ rows }) => rows.map(({ name }) => name))).size).toBe(25);
    expect(printAnswer(pages[0]!)).toContain('… 15 more rows: --offset 10');
  });

  it('count equal strings by their text, and the cost of all copies but one', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    for (let n = 0; n < 4; n++) heap.property(root, `copy${n}`, heap.node('string', 'same text', 32));
    heap.property(root, 'other', heap.node('string', 'other text', 32));
    const { rows, total } = ask(await sessionOf(heap), ['duplicates'], PAGE);
    expect(total).toBe(1);
    expect(rows[0]).toMatchObject({ count: 4, wastedBytes: 96, what: '"same text"' });
  });

  it('say why the objects of a constructor are alive, by path and not by key', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [cache, list] = [heap.object('Cache', 10), heap.object('List', 10)];
    heap.property(root, 'cache', cache);
    heap.property(root, 'list', list);
    for (let n = 0; n < 300; n++)
      heap.property(n % 3 === 0 ? list : cache, `key ${n}`, heap.object('Entry', 50));
    const session = await sessionOf(heap);
    const answer = ask(session, ['alive', 'Entry'], PAGE);
    expect(answer.title).toBe('300 objects of "Entry", by what retains them');
    expect(answer.rows.map(({ owner }) => owner)).toEqual([
      expect.stringMatching(/cache\[…\]$/),
      expect.stringMatching(/list\[…\]$/),
    ]);
    expect(answer.rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(200);
    expect(printAnswer(answer)).toContain('200 of them were followed');
    expect(printAnswer(ask(session, ['alive', 'Nobody'], PAGE))).toContain('has to be named exactly');
  });

  it('say what a collection would free without one reference, and not what something else retains', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [cache, entry, shared] = [
      heap.object('Cache', 10),
      heap.object('Entry', 50),
      heap.object('Shared', 70),
    ];
    heap.property(root, 'cache', cache).property(root, 'other', shared);
    heap.property(cache, 'entry', entry).property(entry, 'shared', shared);
    const session = await sessionOf(heap);
    const cacheId = heap.id(cache);
    expect(ask(session, ['cut', `@${cacheId}`, 'entry'], PAGE).rows).toEqual([
      { count: 1, bytes: 50, className: 'Entry' },
    ]);
    expect(ask(session, ['cut', `@${heap.id(entry)}`], PAGE).title).toContain('would free 0 B, 0 objects');
    expect(() => ask(session, ['cut', `@${cacheId}`, 'users'], PAGE)).toThrow(
      /has no reference named "users"/,
    );
  });

  it('compare snapshots whose ids do not match by paths and counts, and say so', async () => {
    const session = await openSession([visitsFrom(10_001, 40), visitsFrom(90_001, 100)]);
    const byOwner = ask(session, ['compare', 'owner'], PAGE);
    expect(byOwner.rows).toEqual([
      expect.objectContaining({ gained: 60, steps: '40 → 100', owner: 'globalThis.visits' }),
    ]);
    const byClass = ask(session, ['compare'], PAGE);
    expect(byClass.rows[0]).toMatchObject({ delta: 60, steps: '40 → 100', className: 'Visit' });
    expect(byClass.rows[0]).not.toHaveProperty('added');
    for (const answer of [byOwner, byClass])
      expect(printAnswer(answer)).toContain('The ids of the objects do not match');
    const same = await openSession([visitsFrom(10_001, 40), visitsFrom(10_001, 100)]);
    expect(ask(same, ['compare'], PAGE).rows[0]).toMatchObject({ added: 60, removed: 0 });
    expect(printAnswer(ask(same, ['compare', 'owner'], PAGE))).not.toContain('do not match');
  });

  it('find a text by its characters, and not in the escapes that V8 writes for others', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    for (const [at, text] of ['caf\u00e9', 'u00e9', 'plain "quoted" text', 'a, b'].entries())
      heap.property(root, `p${at}`, heap.node('string', text, 32));
    const session = await sessionOf(heap);
    const found = (text: string) =>
      ask(session, ['search', 'string', text], PAGE).rows.map(({ what }) => what);
    expect(found('u00e9')).toEqual(['"u00e9"']);
    expect(found('f\u00e9')).toEqual(['"caf\u00e9"']);
    expect(found('"quoted"')).toHaveLength(1);
    expect(found('a, b')).toEqual(['"a, b"']);
  });

  it('name the largest object also where no owner in the program is known', async () => {
    const heap = new HeapBuilder();
    heap.property(heap.userRoot(), 'small', heap.object('Small', 10));
    heap.edge(0, 'internal', 'handle', heap.node('native', 'node::Blob', 9_000));
    const { rows } = ask(await sessionOf(heap), ['summary'], PAGE);
    expect(rows[0]).toMatchObject({ retainedBytes: 9_000, what: 'node::Blob' });
  });

  it('write a key of a plain object in brackets where no code names it, if that is asked for', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [state, tenants, team] = [heap.object('Object'), heap.object('Object'), heap.object('Team', 900)];
    heap.property(root, 'state', state).property(state, 'tenants', tenants).property(tenants, 'acme', team);
    const members = heap.object('Array', 700);
    heap.property(team, 'members', members);
    const owner = async (quotes = true): Promise<unknown> => {
      const session = await sessionOf(heap);
      if (quotes) session.heap.quoteDataKeys();
      return ask(session, ['search', 'constructor', 'Array'], PAGE).rows[0]?.['owner'];
    };
    // Nothing is known of code here, as in a snapshot of which it was left out.
    expect(await owner()).toBe('globalThis.state.tenants.acme.members');
    const code = heap.node('code', '(constant pool)', 40);
    heap.edge(0, 'internal', 'code', code);
    for (const [at, name] of ['state', 'tenants'].entries())
      heap.edge(code, 'internal', String(at), heap.node('string', name, 24));
    expect(await owner()).toBe('globalThis.state.tenants["acme"].members');
    expect(await owner(false)).toBe('globalThis.state.tenants.acme.members');
  });

  it.each([
    [['nothing'], /there is no question "nothing"; ask one of summary, histogram/],
    [['path'], /path needs id, the object: path @ID/],
    [['path', 'users'], /id must be the id of an object such as @123, not "users"/],
    [['histogram', 'module'], /by must be one of constructor, package, file, kind, not "module"/],
    [['timers', 'now'], /timers takes nothing, not "now"/],
    [['search', 'regexp', '('], /"\(" is not a regular expression/],
    [['compare'], /two snapshots or more/],
  ])('refuse %j and say why', async (words, why) => {
    const session = await sessionOf(randomHeap(1));
    expect(() => ask(session, words, PAGE)).toThrow(why);
    expect(() => ask(session, words, PAGE)).toThrow(QueryError);
  });

  it('refuse the id of an object that the snapshot does not have', async () => {
    const session = await sessionOf(randomHeap(1));
    expect(() => ask(session, ['object', '@999999'], PAGE)).toThrow(HeapSnapshotError);
  });
});

describe('the sizes of groups, on random heaps', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('equal a naive count (seed %i)', async (seed) => {
    const drawn = randomHeap(seed);
    const heap = await drawn.read();
    const { shallow, retained } = naiveAnswers(drawn);
    const all = sizesOf(heap, { count: 1, of: () => 0 });
    expect(all.counts[0]).toBe(drawn.nodes.length);
    expect(all.shallow[0]).toBe(shallow.reduce((sum, bytes) => sum + bytes, 0));
    // The root is in the only group, and dominates the rest of it.
    expect(all.retained[0]).toBe(retained[0]);
    const single = sizesOf(heap, { count: drawn.nodes.length, of: (node) => node });
    expect([...single.retained]).toEqual(retained);
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'what a cut frees equals the retained size (seed %i)',
    async (seed) => {
      const drawn = randomHeap(seed);
      const session = await sessionOf(drawn);
      const { retained, shallow } = naiveAnswers(drawn);
      // Cutting all references of a node leaves the node itself.
      for (const [node, bytes] of retained.entries()) {
        if (node === 0 || !reachable(session.heap, node)) continue;
        const { rows } = ask(session, ['cut', `@${drawn.id(node)}`], { offset: 0, limit: 1000 });
        const freed = rows.reduce((sum, row) => sum + Number(row['bytes']), 0);
        expect(freed, `node ${node}`).toBe(bytes - shallow[node]!);
      }
    },
  );
});

describe('on random heaps', () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);

  it.each(seeds)('the retained size of a group counts nothing twice (seed %i)', async (seed) => {
    const drawn = randomHeap(seed);
    const heap = await drawn.read();
    const GROUPS = 3;
    const { retained } = sizesOf(heap, { count: GROUPS, of: (node) => node % GROUPS });
    const nodes = [...drawn.nodes.keys()];
    const expected = Array.from({ length: GROUPS }, (_, group) =>
      naiveRetained(
        drawn,
        nodes.filter((node) => node % GROUPS === group),
      ),
    );
    expect([...retained]).toEqual(expected);
  });

  it.each(seeds)('a cut frees what cannot be reached without the reference (seed %i)', async (seed) => {
    const drawn = randomHeap(seed);
    const session = await sessionOf(drawn);
    for (const [node, { edges }] of drawn.nodes.entries()) {
      for (const name of new Set(edges.map((edge) => edge.name))) {
        const expected = node === 0 ? null : naiveCut(drawn, node, name);
        if (expected === null) continue;
        const { rows } = ask(session, ['cut', `@${drawn.id(node)}`, String(name)], {
          offset: 0,
          limit: 1000,
        });
        const freed = rows.reduce((sum, row) => sum + Number(row['bytes']), 0);
        expect(freed, `${node} without ${name}`).toBe(expected);
      }
    }
  });
});

function reachable(heap: Heap, node: number): boolean {
  return ask(new QuerySession(heap), ['path', `@${heap.graph.idOf(node)}`, 'engine'], PAGE).rows.length > 0;
}

describe('the questions about a snapshot of a real process', () => {
  let taken: Snapshots;
  let file: string;
  let session: QuerySession;
  beforeAll(async () => {
    taken = await snapshots();
    file = await taken.take('heap-specimen.mjs');
    session = await openSession([file]);
  });
  afterAll(() => taken[Symbol.asyncDispose]());

  it('are all answered, with as many cells as columns', () => {
    for (const question of questions.filter(
      ({ takes, snapshots: needed, stacks }) => !needed && !stacks && !takes.some((one) => one.required),
    )) {
      const answer = ask(session, [question.name], PAGE);
      expect(answer.total, question.name).toBeGreaterThan(
        question.name === 'promises' || question.name === 'timers' ? -1 : 0,
      );
      for (const { name } of answer.columns)
        for (const row of answer.rows) expect(row, question.name).toHaveProperty(name);
    }
  });

  it('assign every byte to one package', () => {
    const owners = codeOwners(session.heap, 'package');
    const { shallow, counts } = sizesOf(session.heap, owners);
    expect(shallow.reduce((sum, bytes) => sum + bytes, 0)).toBe(session.heap.totalBytes);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(session.heap.graph.nodeCount);
  });

  it('find strings by text, by pattern and by value, as a scan of all of them does', () => {
    const { graph } = session.heap;
    const texts = [...graph.types.keys()]
      .filter((node) => graph.typeOf(node) === 'string')
      .map((node) => graph.nameOf(node));
    for (const [where, text, matches] of [
      ['string', 'Listener', (one: string) => one.includes('Listener')],
      ['regexp', '^[a-z]{3}$', (one: string) => /^[a-z]{3}$/u.test(one)],
      ['value', 'utf8', (one: string) => one === 'utf8'],
    ] as const) {
      const expected = texts.filter(matches).length;
      expect(expected, text).toBeGreaterThan(0);
      expect(ask(session, ['search', where, text], PAGE).total, text).toBe(expected);
    }
  });

  it.each([
    ['gz', (bytes: Buffer) => gzipSync(bytes, { level: 1 })],
    ['br', (bytes: Buffer) => brotliCompressSync(bytes.subarray(0), { params: { 1: 1 } })],
  ])('are the same for a .%s file and for a stream of it', async (end, compress) => {
    const folder = await mkdtemp(join(tmpdir(), 'leak-lab-query-'));
    try {
      const compressed = join(folder, `app.heapsnapshot.${end}`);
      await writeFile(compressed, compress(await readFile(file)));
      const expected = ask(session, ['strings'], PAGE);
      expect(ask(await openSession([compressed]), ['strings'], PAGE)).toEqual(expected);
      if (end === 'gz') {
        const stream = new Blob([await readFile(compressed)]).stream();
        expect(ask(await openSession([stream]), ['strings'], PAGE)).toEqual(expected);
      }
      await writeFile(compressed, (await readFile(compressed)).subarray(0, 10_000));
      await expect(readHeap(compressed)).rejects.toThrow(HeapSnapshotError);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
