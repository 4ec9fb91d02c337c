import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  dominatorTree,
  drawDominatorTree,
  drawNeighbourhood,
  drawPath,
  largestContainers,
  ownerPath,
  toDot,
  toPng,
  toSvg,
  writePicture,
} from '../src/kit/heap/index.js';
import { HeapBuilder } from './support/heap-builder.js';

async function leak() {
  const heap = new HeapBuilder();
  const root = heap.userRoot();
  const cache = heap.object('Cache "of" users', 20);
  const map = heap.map(
    Array.from({ length: 20 }, (_, at) => [heap.node('string', `user-${at}`), heap.object('User')] as const),
  );
  heap.property(root, 'cache', cache).property(cache, 'users', map);
  return { heap: await heap.read(), map };
}

describe('a picture', () => {
  it('of a path has the owner above the node, names on the lines and sizes in the boxes', async () => {
    const { heap, map } = await leak();
    const dot = toDot(drawPath(ownerPath(heap, map)!, largestContainers(heap)[0]));
    expect(dot).toContain('label="Map\\n20 entries · ');
    expect(dot).toMatch(/label="Cache \\"of\\" users\\n@\d+ · .*fillcolor="#fff1cc"/);
    expect(dot).toContain('label=" .users"');
    expect(dot.indexOf('globalThis')).toBeLessThan(dot.indexOf('Cache'));
  });

  it('has a box with the number of neighbours that are left out', async () => {
    const { heap, map } = await leak();
    expect(toDot(drawNeighbourhood(heap, map, 'references', { depth: 2, breadth: 3 }))).toContain(
      '"17 more"',
    );
    const tree = dominatorTree(heap, { depth: 6, breadth: 4, minShare: 0 });
    expect(toDot(drawDominatorTree(tree))).toContain('36 more');
  });

  it('of retainers has the node below them', async () => {
    const { heap, map } = await leak();
    const { lines } = drawNeighbourhood(heap, map, 'retainers');
    expect(lines[0]).toMatchObject({ to: String(heap.graph.ids[map]), label: '.users', weak: false });
  });

  it('of retainers has a dotted line from a WeakMap, which does not retain its key', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [held, weakMap] = [heap.object('Held', 10), heap.object('WeakMap', 10)];
    const table = heap.node('array', '', 40);
    heap.property(root, 'held', held).property(root, 'seen', weakMap);
    heap.edge(weakMap, 'internal', 'table', table).edge(table, 'weak', '3', held);
    const analysed = await heap.read();
    const { lines } = drawNeighbourhood(analysed, held, 'retainers', { depth: 1 });
    const drawn = lines.map(({ from, weak }) => [Number(from), weak]);
    const idOf = (node: number) => analysed.graph.ids[node];
    expect(drawn).toEqual([
      [idOf(root), false],
      [idOf(weakMap), true],
    ]);
  });

  it('is drawn as SVG and PNG without a program of the system', async () => {
    const { heap, map } = await leak();
    const drawing = drawPath(ownerPath(heap, map)!);
    const svg = await toSvg(drawing);
    expect(svg).toMatch(/<svg[^>]*viewBox/);
    expect(svg).toContain('>Cache &quot;of&quot; users<');
    const png = await toPng(drawing);
    expect(Buffer.from(png.subarray(1, 4)).toString()).toBe('PNG');
    expect(png.length).toBeGreaterThan(5000);
  });

  it('is written in the format of the file extension', async () => {
    const { heap, map } = await leak();
    const drawing = drawPath(ownerPath(heap, map)!);
    const folder = await mkdtemp(join(tmpdir(), 'heap-test-'));
    try {
      await writePicture(join(folder, 'a.dot'), drawing);
      await writePicture(join(folder, 'a.svg'), drawing);
      expect(await readFile(join(folder, 'a.dot'), 'utf8')).toMatch(/^digraph/);
      expect(await readFile(join(folder, 'a.svg'), 'utf8')).toContain('<svg');
      await expect(writePicture(join(folder, 'a.gif'), drawing)).rejects.toThrow(/HEAP_PICTURE.*\.gif/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
