import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { HEAP_ERROR_CODES, HeapErrorCode, HeapSnapshotError } from '../src/kit/heap/errors.js';
import { HeapGraph } from '../src/kit/heap/graph/heap-graph.js';
import { SnapshotSource } from '../src/kit/heap/read/source.js';
import { readHeapGraph } from '../src/kit/heap/read/read-heap-snapshot.js';
import { HeapBuilder } from './support/heap-builder.js';

function drawn(): HeapBuilder {
  const heap = new HeapBuilder();
  const root = heap.userRoot();
  const user = heap.object('User', 64);
  const name = heap.node('string', 'Zoë "Z" O\'Neil \\ \n é 😀', 24);
  heap.property(root, 'user', user).property(user, 'name', name).edge(user, 'element', 7, name);
  heap.locations.push([user, 12, 34, 5]);
  return heap;
}

function summary(graph: HeapGraph) {
  return {
    names: Array.from(
      { length: graph.nodeCount },
      (_, node) => `${graph.typeOf(node)} ${graph.nameOf(node)}`,
    ),
    ids: [...graph.ids],
    sizes: [...graph.selfSizes],
    edges: Array.from({ length: graph.edgeCount }, (_, edge) =>
      [graph.sourceOf(edge), graph.edgeTypeOf(edge), graph.edgeName(edge), graph.edgeTo[edge]].join(' '),
    ),
    location: graph.locationOf(2),
  };
}

const EXPECTED = {
  names: ['synthetic ', 'object global', 'object User', 'string Zoë "Z" O\'Neil \\ \n é 😀'],
  ids: [1, 3, 5, 7],
  sizes: [0, 0, 64, 24],
  edges: ['0 shortcut global 1', '1 property user 2', '2 property name 3', '2 element 7 3'],
  location: { scriptId: 12, line: 34, column: 5 },
};

async function failure(source: SnapshotSource): Promise<HeapSnapshotError> {
  const error: unknown = await readHeapGraph(source).then(
    () => 'it was read',
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(HeapSnapshotError);
  return error as HeapSnapshotError;
}

const text = (): string => drawn().text();

describe('a heap snapshot', () => {
  it('is read as V8 writes it, with and without line ends', async () => {
    expect(summary(await readHeapGraph([drawn().text(true)]))).toEqual(EXPECTED);
    expect(summary(await readHeapGraph([drawn().text(false)]))).toEqual(EXPECTED);
    expect(summary(await readHeapGraph([` ${drawn().text().replaceAll(',', ' ,\t\r\n ')} `]))).toMatchObject({
      ids: EXPECTED.ids,
      sizes: EXPECTED.sizes,
    });
  });

  it('is read alike whatever the size of the chunks', async () => {
    const bytes = Buffer.from(drawn().text());
    for (const size of [1, 2, 3, 7, 64, 1000]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(summary(await readHeapGraph(pieces)), `chunks of ${size}`).toEqual(EXPECTED);
      expect(summary(await readHeapGraph(Readable.from(pieces)))).toEqual(EXPECTED);
    }
  });

  it('is read alike from a source that reuses its buffer', async () => {
    const bytes = Buffer.from(drawn().text());
    const buffer = Buffer.alloc(100);
    function* chunks() {
      for (let at = 0; at < bytes.length; at += buffer.length) {
        const count = bytes.copy(buffer, 0, at);
        yield buffer.subarray(0, count);
      }
    }
    const graph = await readHeapGraph(chunks());
    buffer.fill(0);
    expect(summary(graph)).toEqual(EXPECTED);
  });

  it('is read alike from a file, whose strings are read again when they are needed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heap-test-'));
    try {
      const file = join(folder, 'a.heapsnapshot');
      await writeFile(file, drawn().text());
      const graph = await readHeapGraph(file);
      expect(summary(graph)).toEqual(EXPECTED);
      await writeFile(file, 'something else');
      expect(graph.nameOf(2)).toBe('User');
      expect(() => graph.nameOf(3)).toThrow(/HEAP_UNREADABLE.*written to while it was in use/);
      await rm(file);
      expect(() => graph.nameOf(3)).toThrow(/HEAP_UNREADABLE.*moved or removed/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('may have fields in another order, more fields, and no locations', async () => {
    const meta = {
      node_fields: ['id', 'extra', 'edge_count', 'name', 'type', 'self_size'],
      node_types: ['number', 'number', 'number', 'string', ['synthetic', 'object'], 'number'],
      edge_fields: ['to_node', 'type', 'name_or_index'],
      edge_types: ['node', ['property', 'element'], 'string_or_number'],
    };
    const text = `{"snapshot":${JSON.stringify({ meta, node_count: 2, edge_count: 1 })},
      "nodes":[1,9,1,0,0,0, 3,9,0,1,1,5000000000],"edges":[6,0,2],"later":{"unknown":[[[{}]]]},"strings":["","A","a"]}`;
    const graph = await readHeapGraph([text]);
    expect(summary(graph)).toMatchObject({ names: ['synthetic ', 'object A'], edges: ['0 property a 1'] });
    expect(graph.selfSizes[1]).toBe(5_000_000_000);
    expect(graph.locationOf(1)).toBeNull();
  });

  it('has whole numbers among its strings, which are told from strings that only start with a digit', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const names = ['0', '12', '007', '4294967293', '4294967296', '5 Main Street', '', '1e3'];
    for (const name of names) heap.edge(root, 'internal', name, root);
    const { strings, edgeNames, edgeName } = await readHeapGraph([heap.text()]).then((graph) => ({
      strings: graph.strings,
      edgeNames: graph.edgeNames,
      edgeName: (edge: number) => graph.edgeName(edge),
    }));
    const edges = names.map((_, at) => at + 1);
    expect(edges.map((edge) => edgeName(edge))).toEqual(names);
    expect(edges.map((edge) => strings.numberAt(edgeNames[edge]!))).toEqual([
      0, 12, -1, 4294967293, -1, -1, -1, -1,
    ]);
  });
});

const REFUSED: readonly (readonly [what: string, code: HeapErrorCode, make: () => string])[] = [
  ['no JSON at all', 'HEAP_SYNTAX', () => 'garbage'],
  ['other keys only', 'HEAP_META', () => '{"a":1}'],
  ['bytes after the end', 'HEAP_SYNTAX', () => `${text()}x`],
  ['a letter among the numbers', 'HEAP_SYNTAX', () => text().replace('"nodes":[9', '"nodes":[9x')],
  ['a missing number', 'HEAP_SYNTAX', () => text().replace('"nodes":[9', '"nodes":[')],
  ['numbers without a comma', 'HEAP_SYNTAX', () => text().replace('"nodes":[9,', '"nodes":[9 9,')],
  ['a row that is too short', 'HEAP_COUNTS', () => text().replace('],\n"edges"', ',9],\n"edges"')],
  [
    'a number of thirty digits',
    'HEAP_RANGE',
    () => text().replace('"nodes":[9', `"nodes":[${'9'.repeat(30)}`),
  ],
  ['a node of no type', 'HEAP_RANGE', () => text().replace('"nodes":[9', '"nodes":[99')],
  [
    'an edge to no node',
    'HEAP_RANGE',
    () => text().replace(/"edges":\[(\d+),(\d+),\d+/, '"edges":[$1,$2,7000'),
  ],
  [
    'an edge into the middle of a node',
    'HEAP_RANGE',
    () => text().replace(/"edges":\[(\d+),(\d+),\d+/, '"edges":[$1,$2,8'),
  ],
  ['a name that is no string', 'HEAP_RANGE', () => text().replace(/"edges":\[(\d+),\d+/, '"edges":[$1,99')],
  ['fewer nodes than stated', 'HEAP_COUNTS', () => text().replace('"node_count":4', '"node_count":5')],
  ['more nodes than stated', 'HEAP_COUNTS', () => text().replace('"node_count":4', '"node_count":3')],
  ['fewer edges than stated', 'HEAP_COUNTS', () => text().replace('"edge_count":4', '"edge_count":5')],
  [
    'a count that no memory could hold',
    'HEAP_COUNTS',
    () => text().replace('"node_count":4', '"node_count":4000000000'),
  ],
  [
    'a count beyond what indexes can say',
    'HEAP_TOO_LARGE',
    () => text().replace('"node_count":4', '"node_count":5000000000'),
  ],
  ['a count that is none', 'HEAP_META', () => text().replace('"node_count":4', '"node_count":-4')],
  [
    'fields without edge_count',
    'HEAP_META',
    () => text().replace('"edge_count","trace', '"edges_counted","trace'),
  ],
  ['edges before nodes', 'HEAP_SYNTAX', () => text().replace('"nodes":', '"edges":')],
  ['the same part twice', 'HEAP_SYNTAX', () => text().replace('"samples":[]', '"nodes":[]')],
  ['an unterminated string', 'HEAP_TRUNCATED', () => text().replace(/"\]\}$/, '')],
  ['no strings', 'HEAP_META', () => text().replace('"strings"', '"things"')],
  [
    'a root that is no node',
    'HEAP_RANGE',
    () => text().replace('"node_count"', '"root_index":3,"node_count"'),
  ],
  [
    'a megabyte of meta',
    'HEAP_META',
    () => text().replace('"trace_function_count"', `"x":"${'x'.repeat(2 ** 20)}","y"`),
  ],
];

describe('an incomplete or damaged heap snapshot', () => {
  it('is refused with the byte offset wherever it was cut off', async () => {
    const bytes = Buffer.from(drawn().text());
    for (let end = 0; end < bytes.length; end++) {
      const error = await failure([bytes.subarray(0, end)]);
      expect(error.code, `cut at ${end}`).toBe('HEAP_TRUNCATED');
      expect(error.byteOffset).toBe(end);
      expect(error.message).toContain('Take it again');
    }
  });

  it.each(REFUSED)('is refused if it has %s', async (_, code, make) => {
    const error = await failure([make()]);
    expect(error.message).toMatch(code);
    expect(error.byteOffset === null || error.byteOffset <= Buffer.byteLength(make())).toBe(true);
  });

  it('does not overflow the stack, however deep it is nested', async () => {
    const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
    const graph = await readHeapGraph([text().replace('"samples":[]', `"samples":${deep}`)]);
    expect(graph.nodeCount).toBe(4);
  });

  it('is refused with the reason why the file or stream could not be read', async () => {
    expect((await failure('/nowhere/at.all')).message).toMatch(/HEAP_UNREADABLE.*ENOENT/);
    expect((await failure(tmpdir())).code).toBe('HEAP_UNREADABLE');
    const broken = new Readable({
      read() {
        this.destroy(new Error('the cable was cut'));
      },
    });
    expect((await failure(broken)).message).toContain('the cable was cut');
  });

  it('is refused with a code of HEAP_ERROR_CODES', async () => {
    expect(Object.keys(HEAP_ERROR_CODES)).toContain((await failure(['?'])).code);
  });
});
