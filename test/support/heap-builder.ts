import { Heap } from '../../src/kit/heap/heap.js';
import { readHeapGraph } from '../../src/kit/heap/read/read-heap-snapshot.js';

const NODE_TYPES = [
  'hidden',
  'array',
  'string',
  'object',
  'code',
  'closure',
  'regexp',
  'number',
  'native',
  'synthetic',
  'concatenated string',
  'sliced string',
  'symbol',
  'bigint',
  'object shape',
] as const;
const EDGE_TYPES = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'] as const;

export type NodeType = (typeof NODE_TYPES)[number];
export type EdgeType = (typeof EDGE_TYPES)[number];

interface Edge {
  type: EdgeType;
  name: string | number;
  to: number;
}

/**
 * Builds a small heap. Node 0 is V8's root; ids are 1, 3, 5, … as V8 assigns them. `userRoot()` adds an object that is the
 * target of a shortcut of the root, as the global object is.
 */
export class HeapBuilder {
  readonly nodes: { type: NodeType; name: string; size: number; id: number; edges: Edge[] }[] = [];
  readonly locations: number[][] = [];

  constructor() {
    this.node('synthetic', '', 0);
  }

  node(type: NodeType, name: string, size = 10, id = 2 * this.nodes.length + 1): number {
    return this.nodes.push({ type, name, size, id, edges: [] }) - 1;
  }

  object(name: string, size = 10): number {
    return this.node('object', name, size);
  }

  /** A global object, which the program is reached from. */
  userRoot(name = 'global'): number {
    const node = this.object(name, 0);
    this.edge(0, 'shortcut', 'global', node);
    return node;
  }

  edge(from: number, type: EdgeType, name: string | number, to: number): this {
    this.nodes[from]!.edges.push({ type, name, to });
    return this;
  }

  property(from: number, name: string, to: number): this {
    return this.edge(from, 'property', name, to);
  }

  id(node: number): number {
    return this.nodes[node]!.id;
  }

  /** An entry of a WeakMap: the key and the table both have an edge to the value, with the name that V8 gives it. */
  ephemeron(table: number, key: number, value: number, index = 1): this {
    const facts = (node: number) => `(${this.nodes[node]!.name} @${this.id(node)})`;
    const pair = `${facts(key)} -> value ${facts(value)} pair in WeakMap (table @${this.id(table)})`;
    const name = `${index} / part of key ${pair}`;
    return this.edge(table, 'internal', name, value).edge(key, 'internal', name, value);
  }

  /** A Map with these entries, in a table with V8's layout. */
  map(entries: readonly (readonly [key: number, value: number])[], name = 'Map'): number {
    const map = this.object(name, 32);
    const buckets = 2 ** Math.max(1, Math.ceil(Math.log2(entries.length / 2)));
    const table = this.node('array', '', 16 + 8 * (3 + 7 * buckets));
    this.edge(map, 'internal', 'table', table);
    for (const [index, [key, value]] of entries.entries()) {
      const slot = 3 + buckets + 3 * index;
      this.edge(table, 'internal', String(slot), key);
      this.edge(table, 'internal', String(slot + 1), value);
    }
    return map;
  }

  text(newlines = true): string {
    const strings: string[] = [];
    const indexes = new Map<string, number>();
    const string = (text: string): number => {
      const known = indexes.get(text);
      if (known !== undefined) return known;
      indexes.set(text, strings.length);
      return strings.push(text) - 1;
    };
    const width = 7;
    const nodes = this.nodes.map(({ type, name, size, id, edges }) =>
      [NODE_TYPES.indexOf(type), string(name), id, size, edges.length, 0, 0].join(','),
    );
    const edges = this.nodes.flatMap((node) =>
      node.edges.map(({ type, name, to }) =>
        [EDGE_TYPES.indexOf(type), typeof name === 'number' ? name : string(name), to * width].join(','),
      ),
    );
    const meta = {
      node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'],
      node_types: [NODE_TYPES, 'string', 'number', 'number', 'number', 'number', 'number'],
      edge_fields: ['type', 'name_or_index', 'to_node'],
      edge_types: [EDGE_TYPES, 'string_or_number', 'node'],
      location_fields: ['object_index', 'script_id', 'line', 'column'],
    };
    const snapshot = { meta, node_count: nodes.length, edge_count: edges.length, trace_function_count: 0 };
    const end = newlines ? '\n,' : ',';
    const part = (key: string, rows: string[]) => `"${key}":[${rows.join(end)}]`;
    const locations = this.locations.map(([node, ...place]) => [node! * width, ...place].join(','));
    return [
      `{"snapshot":${JSON.stringify(snapshot)}`,
      part('nodes', nodes),
      part('edges', edges),
      `"trace_function_infos":[],"trace_tree":[],"samples":[]`,
      part('locations', locations),
      part(
        'strings',
        strings.map((text) => JSON.stringify(text)),
      ) + '}',
    ].join(',\n');
  }

  async read(): Promise<Heap> {
    return new Heap(await readHeapGraph([this.text()]));
  }
}
