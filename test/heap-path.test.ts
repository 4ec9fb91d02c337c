import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Heap, largestContainers, ownerPath, readHeap, shortestPath } from '../src/kit/heap/index.js';
import { HeapBuilder } from './support/heap-builder.js';
import { Snapshots, snapshots } from './support/heap-snapshots.js';

describe('the path to an owner in a Nest application', () => {
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

  it('goes from module to provider to property', () => {
    expect(pathOfSize(2002)).toMatchObject({
      text: 'AppModule › UsersModule › LeakyUserCache.users',
      name: 'UsersModule › LeakyUserCache.users',
      owner: 'LeakyUserCache',
      origin: 'nest',
    });
  });

  it('goes through what a provider holds, private fields and controllers', () => {
    expect(pathOfSize(1900)?.text).toBe('AppModule › UsersModule › UsersService.index.byName');
    expect(pathOfSize(1900)?.owner).toBe('Index');
    expect(pathOfSize(1800)?.text).toBe('AppModule › UsersModule › UsersService.#recent');
    expect(pathOfSize(1700)?.text).toBe('AppModule › UsersModule › UsersController.seen');
  });

  it('says where the class of the owner was written', async () => {
    const source = await readFile(new URL('support/heap-nest-app.mjs', import.meta.url), 'utf8');
    const line = source.split('\n').findIndex((text) => text.startsWith('class LeakyUserCache')) + 1;
    expect(pathOfSize(2002)?.declaredAt).toMatchObject({
      file: expect.stringMatching(/heap-nest-app\.mjs$/) as string,
      line,
    });
  });

  it("calls a factory's product by its token", () => {
    expect(pathOfSize(1500)?.text).toBe('AppModule › UsersModule › STORE');
  });

  it('begins in the file for a variable of the module', () => {
    expect(pathOfSize(1600)?.text).toBe('support/heap-nest-app.mjs › moduleVariable');
  });

  it('is there in V8’s own words too, edge by edge from the root', () => {
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

describe('the path to what a function has in hand that waits', () => {
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
  ])('of %i entries is %s', async (entries, text) => {
    heap ??= await readHeap(await taken.take('heap-waiting.mjs'));
    const container = largestContainers(heap, { limit: 40 }).find((found) => found.entries === entries)!;
    expect(ownerPath(heap, container.node)).toMatchObject({
      text,
      file: expect.stringMatching(/heap-waiting\.mjs$/) as string,
    });
  });
});

/** A program with a global object, and one object in it to start from. */
function program() {
  const heap = new HeapBuilder();
  const root = heap.userRoot();
  return { heap, root, target: heap.object('Target') };
}

async function pathTo(heap: HeapBuilder, node: number): Promise<string | undefined> {
  return ownerPath(await heap.read(), node)?.text;
}

describe('of two ways to a node, the path takes', () => {
  it('two named properties rather than one step through V8', async () => {
    const { heap, root, target } = program();
    const owner = heap.object('Owner');
    heap.property(root, 'owner', owner).property(owner, 'target', target).edge(root, 'hidden', 3, target);
    expect(await pathTo(heap, target)).toBe('globalThis.owner.target');
  });

  it('a property rather than the prototype of everything', async () => {
    const { heap, root, target } = program();
    const [a, b] = [heap.object('A'), heap.object('B')];
    heap.property(root, 'thing', a).property(a, '__proto__', target);
    heap.property(root, 'other', b).property(b, 'kept', target);
    expect(await pathTo(heap, target)).toBe('globalThis.other.kept');
  });

  it('the map that holds it rather than the key of a WeakMap, or a timer', async () => {
    const { heap, root, target } = program();
    const [key, table, timer, timers] = ['Key', 'Table', 'Timeout', 'list'].map((name) => heap.object(name));
    const map = heap.map([[heap.node('string', 'user-1'), target]]);
    heap.property(root, 'key', key!).property(root, 'weak', table!).ephemeron(table!, key!, target);
    heap.property(root, 'timers', timers!).property(timers!, 'next', timer!).property(timer!, 'kept', target);
    const deeper = heap.object('Holder');
    heap.property(root, 'holder', deeper).property(deeper, 'users', map);
    expect(await pathTo(heap, target)).toBe('globalThis.holder.users["user-1"]');
  });

  it('the WeakMap or the timer when there is nothing else', async () => {
    const { heap, root, target } = program();
    const [key, table] = [heap.object('Key'), heap.object('Table')];
    heap.property(root, 'key', key).property(root, 'weak', table).ephemeron(table, key, target);
    expect(await pathTo(heap, target)).toBe('globalThis.key ‹value in a WeakMap›');
  });

  it('never a weak edge', async () => {
    const { heap, root, target } = program();
    heap.edge(root, 'weak', 'target', target);
    const [holder, odd] = [heap.object('Holder'), heap.object('Odd')];
    heap.property(root, 'holder', holder).edge(holder, 'hidden', 1, odd).edge(odd, 'hidden', 1, target);
    expect(await pathTo(heap, target)).toBe('globalThis.holder');
    const { heap: other, root: from, target: unheld } = program();
    other.edge(from, 'weak', 'target', unheld);
    expect(await pathTo(other, unheld)).toBeUndefined();
  });

  it('an odd property name in quotes, and a symbol as V8 shows it', async () => {
    const { heap, root, target } = program();
    const holder = heap.object('Holder');
    heap.property(root, 'a-b "c"', holder).property(holder, '<symbol kept>', target);
    expect(await pathTo(heap, target)).toBe('globalThis["a-b \\"c\\""][<symbol kept>]');
  });

  it('the GC root itself, for what only V8 holds', async () => {
    const { heap, target } = program();
    const handles = heap.node('synthetic', '(Global handles)', 0);
    heap.edge(0, 'element', 1, handles).edge(handles, 'element', 2, target);
    expect(await pathTo(heap, target)).toBe('(Global handles) › [2]');
  });

  it('both ends of a list of thousands, and the number between', async () => {
    const { heap, root } = program();
    let last = root;
    for (let n = 0; n < 5000; n++) {
      const next = heap.object('Link');
      heap.property(last, 'next', next);
      last = next;
    }
    const path = ownerPath(await heap.read(), last);
    expect(path?.text).toMatch(/^globalThis(\.next){24} … 4952 more steps … (\.next){24}$/);
    expect(path).toMatchObject({ stepsLeftOut: 4952, owner: 'Link' });
    expect(path?.steps).toHaveLength(49);
  });

  it('the global object of a Chrome whose contexts have names of their own', async () => {
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

  it('its time over a table of thousands whose records all share the node: once, not for each', async () => {
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
