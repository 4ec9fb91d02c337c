import { HeapSnapshotError } from '../errors.js';

/** The format of a snapshot, from its own `snapshot.meta`: the width of a row, and the position of each field in it. */
export interface SnapshotLayout {
  nodeWidth: number;
  nodeType: number;
  nodeName: number;
  nodeId: number;
  nodeSelfSize: number;
  nodeEdgeCount: number;
  /** -1 if the nodes do not say which allocation made them. */
  nodeTrace: number;
  nodeTypes: readonly string[];
  edgeWidth: number;
  edgeType: number;
  edgeName: number;
  edgeTo: number;
  edgeTypes: readonly string[];
  /** Null if the snapshot has no locations. */
  location: null | { width: number; object: number; script: number; line: number; column: number };
  /** Null if the snapshot has no call stacks of allocations, or has them in another form than V8 writes. */
  traces: null | { width: number; name: number; script: number; line: number; column: number };
  nodeCount: number;
  edgeCount: number;
  /** An index into the flat array of nodes. In a snapshot of Chrome the root may not be the first node. */
  rootIndex: number;
  /** Memory that V8 counts and no node represents, in bytes (Node 24 and newer). */
  extraNativeBytes: number;
}

type Json = Record<string, unknown>;

/** Rows are numbered in Uint32, with one value reserved for "none". */
const MAX_ROWS = 0xff_ff_ff_fe;

/** Parses the `snapshot` object of a heap snapshot. `offset` is the byte after it, for errors. */
export function parseMeta(text: string, offset: number): SnapshotLayout {
  const snapshot = asObject(parse(text, offset), 'snapshot', offset);
  const meta = asObject(snapshot['meta'], 'snapshot.meta', offset);
  const nodeFields = strings(meta['node_fields'], 'node_fields', offset);
  const edgeFields = strings(meta['edge_fields'], 'edge_fields', offset);
  const locationFields =
    meta['location_fields'] === undefined ? [] : strings(meta['location_fields'], 'location_fields', offset);
  const node = (name: string) => fieldAt(nodeFields, name, 'node_fields', offset);
  const edge = (name: string) => fieldAt(edgeFields, name, 'edge_fields', offset);
  const location = (name: string) => fieldAt(locationFields, name, 'location_fields', offset);
  return {
    nodeWidth: nodeFields.length,
    nodeType: node('type'),
    nodeName: node('name'),
    nodeId: node('id'),
    nodeSelfSize: node('self_size'),
    nodeEdgeCount: node('edge_count'),
    nodeTrace: nodeFields.indexOf('trace_node_id'),
    nodeTypes: typeNames(meta['node_types'], node('type'), 'node_types', offset),
    edgeWidth: edgeFields.length,
    edgeType: edge('type'),
    edgeName: edge('name_or_index'),
    edgeTo: edge('to_node'),
    edgeTypes: typeNames(meta['edge_types'], edge('type'), 'edge_types', offset),
    location:
      locationFields.length === 0
        ? null
        : {
            width: locationFields.length,
            object: location('object_index'),
            script: location('script_id'),
            line: location('line'),
            column: location('column'),
          },
    traces: tracesOf(meta),
    nodeCount: count(snapshot['node_count'], 'node_count', offset),
    edgeCount: count(snapshot['edge_count'], 'edge_count', offset),
    rootIndex: typeof snapshot['root_index'] === 'number' ? snapshot['root_index'] : 0,
    extraNativeBytes: typeof snapshot['extra_native_bytes'] === 'number' ? snapshot['extra_native_bytes'] : 0,
  };
}

/** The rows of the tree of stacks nest in each other, so that their form is known and not only the names of its fields. */
const TRACE_FIELDS = 'id,function_info_index,count,size,children';

function tracesOf(meta: Json): SnapshotLayout['traces'] {
  const { trace_node_fields: nodeFields, trace_function_info_fields: fields } = meta;
  if (!Array.isArray(nodeFields) || nodeFields.join(',') !== TRACE_FIELDS || !Array.isArray(fields))
    return null;
  const [name = -1, script = -1, line = -1, column = -1] = ['name', 'script_name', 'line', 'column'].map(
    (one) => fields.indexOf(one),
  );
  if (Math.min(name, script, line, column) < 0) return null;
  return { width: fields.length, name, script, line, column };
}

function parse(text: string, offset: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HeapSnapshotError('HEAP_META', '"snapshot" is not valid JSON', offset, { cause });
  }
}

function asObject(value: unknown, what: string, offset: number): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new HeapSnapshotError('HEAP_META', `"${what}" is not an object`, offset);
}

function strings(value: unknown, what: string, offset: number): readonly string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'))
    return value;
  throw new HeapSnapshotError('HEAP_META', `"${what}" is not a list of names`, offset);
}

function fieldAt(fields: readonly string[], name: string, what: string, offset: number): number {
  const at = fields.indexOf(name);
  if (at >= 0) return at;
  throw new HeapSnapshotError('HEAP_META', `"${what}" has no field "${name}"`, offset);
}

function typeNames(value: unknown, at: number, what: string, offset: number): readonly string[] {
  const names = strings(Array.isArray(value) ? value[at] : undefined, what, offset);
  if (names.length <= 256) return names;
  throw new HeapSnapshotError('HEAP_META', `"${what}" names ${names.length} types, more than 256`, offset);
}

function count(value: unknown, what: string, offset: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new HeapSnapshotError('HEAP_META', `"${what}" is ${JSON.stringify(value)}, not a count`, offset);
  }
  if (value > MAX_ROWS) {
    throw new HeapSnapshotError(
      'HEAP_TOO_LARGE',
      `"${what}" is ${value}; the largest is ${MAX_ROWS}`,
      offset,
    );
  }
  return value;
}
