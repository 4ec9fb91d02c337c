import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Heap, largestContainers, ownerPath, readHeap, shortestPath } from '../src/kit/heap/index.js';
import { HeapBuilder } from './support/heap-builder.js';
import { Snapshots, snapshots } from './support/heap-snapshots.js';

describe('the owner path in a Nest application', () => {
  let taken: Snapshots;
  let heap: Heap;
  beforeAll(async () => {
    taken = await snapshots();
    heap = await readHeap(await taken.take('heap-nest-app.mjs'));
  });
  afterAll(() => taken[Symbol.asyncDispose]());

  const pathOfSize = (entries: number) => {
    const container = largestContainers(heap, { limit: 40 }).find((found) => found.entries === entries);
    return container === undefined ? null : ownerPath(heap, container.node);
  };

  it('goes from the module to the provider to the property', () => {
    expect(pathOfSize(2002)).toMatchObject({
      text: 'AppModule › UsersModule › LeakyUserCache.users',
      name: 'UsersModule › LeakyUserCache.users',
      owner: 'LeakyUserCache',
      origin: 'nest',
    });
  });

  it('goes through objects of a provider, private fields and controllers', () => {
    expect(pathOfSize(1900)?.text).toBe('AppModule › UsersModule › UsersService.index.byName');
    expect(pathOfSize(1900)?.owner).toBe('Index');
    expect(pathOfSize(1800)?.text).toBe('AppModule › UsersModule › UsersService.#recent');
    expect(pathOfSize(1700)?.text).toBe('AppModule › UsersModule › UsersController.seen');
  });

  it('has the place in the source of the class of the owner', async () => {
    const source = await readFile(new URL('support/heap-nest-app.mjs', import.meta.url), 'utf8');
    const line = source.split('\n').findIndex((text) => text.startsWith('class LeakyUserCache')) + 1;
    expect(pathOfSize(2002)?.declaredAt).toMatchObject({
      file: expect.stringMatching(/heap-nest-app\.mjs$/) as string,
      line,
    });
  });

  it('has the token for the result of a factory', () => {
    expect(pathOfSize(1500)?.text).toBe('AppModule › UsersModule › STORE');
  });

  it('starts at the file for a variable of a module', () => {
    expect(pathOfSize(1600)?.text).toBe('support/heap-nest-app.mjs › moduleVariable');
  });

  it('has a counterpart through V8’s own edges from the root', () => {
    const container = largestContainers(heap, { limit: 40 }).find(({ entries }) => entries === 2002)!;
    const steps = shortestPath(heap, container.node);
    expect(steps[0]).toEqual({ node: heap.graph.root, edge: -1 });
    expect(steps.at(-1)!.node).toBe(container.node);
    for (const [at, { node, edge }] of steps.entries()) {
      if (at === 0) continue;
      expect(heap.graph.sourceOf(edge)).toBe(steps[at - 1]!.node);
      expect(heap.graph.edgeTo[edge]).toBe(node);
      expect(heap.retaining.has(edge)).toBe(true);
    }
  });
});

describe('the owner path to a container that a suspended function retains', () => {
  let taken: Snapshots;
  let heap: Heap | undefined;
  beforeAll(async () => {
    taken = await snapshots();
  });
  afterAll(() => taken[Symbol.asyncDispose]());

  it.each([
    [1_100, 'support/heap-waiting.mjs › collect() › a local variable'],
    [1_200, 'support/heap-waiting.mjs › run() › this.done'],
    [1_300, 'support/heap-waiting.mjs › share() › own'],
    [1_400, 'support/heap-waiting.mjs › counting › a local variable'],
    [1_500, 'support/heap-waiting.mjs › lent'],
  ])('with %i entries is %s', async (entries, text) => {
    heap ??= await readHeap(await taken.take('heap-waiting.mjs'));
    const container = largestContainers(heap, { limit: 40 }).find((found) => found.entries === entries)!;
    expect(ownerPath(heap, container.node)).toMatchObject({
      text,
      file: expect.stringMatching(/heap-waiting\.mjs$/) as string,
    });
  });
});

/** A program with a global object, and a target that nothing refers to yet. */
function program() {
  const heap = new HeapBuilder();
  const root = heap.userRoot();
  return { heap, root, target: heap.object('Target') };
}

async function pathTo(heap: HeapBuilder, node: number): Promise<string | undefined> {
  return ownerPath(await heap.read(), node)?.text;
}

describe('the owner path to a node', () => {
  it('takes two named properties instead of one step inside V8', async () => {
    const { heap, root, target } = program();
    const owner = heap.object('Owner');
    heap.property(root, 'owner', owner).property(owner, 'target', target).edge(root, 'hidden', 3, target);
    expect(await pathTo(heap, target)).toBe('globalThis.owner.target');
  });

  it('takes a property instead of the prototype chain', async () => {
    const { heap, root, target } = program();
    const [a, b] = [heap.object('A'), heap.object('B')];
    heap.property(root, 'thing', a).property(a, '__proto__', target);
    heap.property(root, 'other', b).property(b, 'kept', target);
    expect(await pathTo(heap, target)).toBe('globalThis.other.kept');
  });

  it('takes a Map instead of the key of a WeakMap or a timer', async () => {
    const { heap, root, target } = program();
    const [key, table, timer, timers] = ['Key', 'Table', 'Timeout', 'list'].map((name) => heap.object(name));
    const map = heap.map([[heap.node('string', 'user-1'), target]]);
    heap.property(root, 'key', key!).property(root, 'weak', table!).ephemeron(table!, key!, target);
    heap.property(root, 'timers', timers!).property(timers!, 'next', timer!).property(timer!, 'kept', target);
    const deeper = heap.object('Holder');
    heap.property(root, 'holder', deeper).property(deeper, 'users', map);
    expect(await pathTo(heap, target)).toBe('globalThis.holder.users["user-1"]');
  });

  it('takes the key of a WeakMap if there is no other retainer', async () => {
    const { heap, root, target } = program();
    const [key, table] = [heap.object('Key'), heap.object('Table')];
    heap.property(root, 'key', key).property(root, 'weak', table).ephemeron(table, key, target);
    expect(await pathTo(heap, target)).toBe('globalThis.key ‹value in a WeakMap›');
  });

  it('never takes a weak edge', async () => {
    const { heap, root, target } = program();
    heap.edge(root, 'weak', 'target', target);
    const [holder, odd] = [heap.object('Holder'), heap.object('Odd')];
    heap.property(root, 'holder', holder).edge(holder, 'hidden', 1, odd).edge(odd, 'hidden', 1, target);
    expect(await pathTo(heap, target)).toBe('globalThis.holder');
    const { heap: other, root: from, target: unheld } = program();
    other.edge(from, 'weak', 'target', unheld);
    expect(await pathTo(other, unheld)).toBeUndefined();
  });

  it('has quotes around a property that is no identifier, and shows a symbol as V8 does', async () => {
    const { heap, root, target } = program();
    const holder = heap.object('Holder');
    heap.property(root, 'a-b "c"', holder).property(holder, '<symbol kept>', target);
    expect(await pathTo(heap, target)).toBe('globalThis["a-b \\"c\\""][<symbol kept>]');
  });

  it('starts at the GC root if only V8 retains the node', async () => {
    const { heap, target } = program();
    const handles = heap.node('synthetic', '(Global handles)', 0);
    heap.edge(0, 'element', 1, handles).edge(handles, 'element', 2, target);
    expect(await pathTo(heap, target)).toBe('(Global handles) › [2]');
  });

  it('has the first and the last steps of a long path, and the number of steps between them', async () => {
    const { heap, root } = program();
    let last = root;
    for (let n = 0; n < 5000; n++) {
      const next = heap.object('Link');
      heap.property(last, `next${n}`, next);
      last = next;
    }
    const path = ownerPath(await heap.read(), last);
    expect(path?.text).toMatch(/^globalThis(\.next\d+){24} … 4952 more steps … (\.next\d+){24}$/);
    expect(path).toMatchObject({ stepsLeftOut: 4952, owner: 'Link' });
    expect(path?.steps).toHaveLength(49);
  });

  it('has the steps that repeat along a chain once, with their count', async () => {
    const { heap, root } = program();
    let last = root;
    for (let n = 0; n < 1000; n++) {
      for (const name of ['meta', 'older']) {
        const next = heap.object(name === 'meta' ? 'Object' : 'Version');
        heap.property(last, name, next);
        last = next;
      }
    }
    const path = ownerPath(await heap.read(), last);
    expect(path).toMatchObject({ text: 'globalThis.meta.older ‹1,000 times›', stepsLeftOut: 0 });
    expect(path?.steps.map(({ via, times }) => [via, times])).toEqual([
      ['globalThis', undefined],
      ['.meta', undefined],
      ['.older', 1000],
    ]);
  });

  it('starts at the global object in a snapshot of Chrome, whose contexts have names', async () => {
    const heap = new HeapBuilder();
    const [context, window, scope, target] = [
      heap.node('native', 'system / NativeContext / https://example.org'),
      heap.object('Window [JSGlobalObject] / https://example.org'),
      heap.object('system / Context / scope @12'),
      heap.object('Target'),
    ];
    heap.edge(0, 'element', 1, context).edge(context, 'internal', 'global_object', window);
    heap.property(window, 'store', target);
    expect(await pathTo(heap, target)).toBe('globalThis.store');
    const variable = heap.object('Variable');
    heap.edge(scope, 'internal', 'previous', context).edge(scope, 'context', 'kept', variable);
    heap.property(window, 'handler', heap.node('closure', 'handler'));
    heap.edge(heap.nodes.length - 1, 'internal', 'context', scope);
    expect(await pathTo(heap, variable)).toBe('globalThis.handler() › kept');
  });

  it('is found in one pass over a table of thousands of records that all refer to the node', async () => {
    const { heap, root, target } = program();
    const records = Array.from({ length: 30_000 }, (_, at) => {
      const record = heap.object('Record');
      heap.property(record, 'tenant', target);
      return [heap.node('string', `record-${at}`), record] as const;
    });
    const timer = heap.object('Timeout');
    heap.property(root, 'timer', timer).property(timer, 'records', heap.map(records));
    expect(await pathTo(heap, target)).toMatch(/^globalThis\.timer\.records\["record-\d+"\]\.tenant$/);
  });
});
