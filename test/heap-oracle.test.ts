import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { parse } from 'heap-snapshot-toolkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { histogram } from '../src/kit/heap/answers/histogram.js';
import { Heap } from '../src/kit/heap/heap.js';
import { readHeapGraph } from '../src/kit/heap/read/read-heap-snapshot.js';
import { randomHeap } from './support/heap-random-graph.js';
import { Snapshots, snapshots } from './support/heap-snapshots.js';

/** The parts of Chrome DevTools' model that are compared with the engine. */
interface DevTools {
  nodeCount: number;
  nodeFieldCount: number;
  dominatorsTree: Uint32Array;
  retainedSizes: Float64Array;
  createNode(index: number): { nodeIndex: number; selfSize(): number; className(): string };
  aggregatesWithFilter(filter: object): Promise<Record<string, Aggregate>>;
}
interface Aggregate {
  name: string;
  count: number;
  self: number;
  maxRet: number;
}

/** DevTools splits plain objects by their properties; the engine does not. */
const SPLIT_BY_DEVTOOLS = /^\{|^Object$/;

function differences(heap: Heap, devTools: DevTools) {
  let shallow = 0;
  let retained = 0;
  let dominators = 0;
  const node = devTools.createNode(0);
  for (let at = 0; at < heap.graph.nodeCount; at++) {
    node.nodeIndex = at * devTools.nodeFieldCount;
    if (node.selfSize() !== heap.shallowSizes[at]) shallow++;
    if (devTools.retainedSizes[at] !== heap.retainedSizes[at]) retained++;
    if (devTools.dominatorsTree[at] !== heap.dominators.of[at]) dominators++;
  }
  return { nodes: devTools.nodeCount, shallow, retained, dominators };
}

/**
 * DevTools separates classes of one name in two files, so that counts and sizes are added up from its nodes, and the
 * retained size of a class is compared only if the class is not split. DevTools also renames natives that it takes for
 * detached; the engine does not.
 */
async function classesOf(devTools: DevTools) {
  const classes = new Map<string, { count: number; self: number; retained: number | null }>();
  const node = devTools.createNode(0);
  for (let at = 0; at < devTools.nodeCount; at++) {
    node.nodeIndex = at * devTools.nodeFieldCount;
    if (node.selfSize() === 0) continue;
    const name = node.className().replace(/^Detached /, '');
    const row = classes.get(name) ?? { count: 0, self: 0, retained: null };
    classes.set(name, { ...row, count: row.count + 1, self: row.self + node.selfSize() });
  }
  for (const { name, count, maxRet } of Object.values(await devTools.aggregatesWithFilter({}))) {
    const row = classes.get(name);
    if (row?.count === count) row.retained = maxRet;
  }
  return classes;
}

async function devToolsOf(stream: Readable): Promise<DevTools> {
  return (await parse(stream as never)) as unknown as DevTools;
}

describe('the sizes, dominators and classes of a heap', () => {
  let taken: Snapshots;
  beforeAll(async () => {
    taken = await snapshots();
  });
  afterAll(() => taken[Symbol.asyncDispose]());

  it.each(['heap-specimen.mjs', 'heap-nest-app.mjs'] as const)(
    'are those of Chrome DevTools (heap-snapshot-toolkit) for every node of %s',
    async (program) => {
      const file = await taken.take(program);
      const heap = new Heap(await readHeapGraph(file));
      const devTools = await devToolsOf(createReadStream(file));
      expect(differences(heap, devTools)).toEqual({
        nodes: heap.graph.nodeCount,
        shallow: 0,
        retained: 0,
        dominators: 0,
      });

      const theirs = await classesOf(devTools);
      const ours = new Map(histogram(heap).map((row) => [row.className, row]));
      const names = [...new Set([...theirs.keys(), ...ours.keys()])].filter(
        (name) => !SPLIT_BY_DEVTOOLS.test(name),
      );
      for (const name of names) {
        const { count, self, retained } = theirs.get(name)!;
        expect(ours.get(name), name).toMatchObject({ count, shallowBytes: self });
        if (retained !== null) expect(ours.get(name), name).toMatchObject({ retainedBytes: retained });
      }
      expect(names.length).toBeGreaterThan(100);
    },
    60_000,
  );

  it('are those of Chrome DevTools for random heaps with every kind of edge', async () => {
    let compared = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const drawn = randomHeap(seed);
      const heap = await drawn.read();
      let devTools: DevTools;
      try {
        devTools = await devToolsOf(Readable.from([Buffer.from(drawn.text())]));
      } catch (error) {
        // Its breadth-first walk fails if the root has two edges to one node.
        expect(String(error)).toContain('BFS failed');
        continue;
      }
      compared++;
      expect(differences(heap, devTools), `seed ${seed}`).toEqual({
        nodes: drawn.nodes.length,
        shallow: 0,
        retained: 0,
        dominators: 0,
      });
    }
    expect(compared).toBeGreaterThan(100);
  }, 60_000);
});
