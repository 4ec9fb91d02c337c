// Writes the heap snapshot that the program of heap-target.ts would write with many more users. To take that one would
// need ten times its memory. The graph has V8's layout: a Map of records with five strings each, the tables, shapes,
// prototypes, locations, and sizes. Arguments: how many million nodes, and where to write the snapshot.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const NODE_TYPES = ['hidden', 'array', 'string', 'object', 'code', 'closure', 'synthetic', 'object shape'];
const EDGE_TYPES = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'];
const [HIDDEN, ARRAY, STRING, OBJECT, SYNTHETIC, SHAPE] = [0, 1, 2, 3, 6, 7] as const;
const [PROPERTY, INTERNAL, SHORTCUT] = [2, 3, 5] as const;
const WIDTH = 7;
const PER_USER = 7;
const FIELDS = ['id', 'name', 'email', 'address', 'bio'];
const TEXTS = FIELDS.length + 1;
const CHUNK = 1 << 20;
const MORE = 'some more words about it. '.repeat(5);

const [millions, file] = process.argv.slice(2);
if (file === undefined) throw new Error('pass the number of nodes, in millions, and a file');
const out = createWriteStream(file);
let pending = '';

async function write(text: string): Promise<void> {
  pending += text;
  if (pending.length < CHUNK) return;
  const full = !out.write(pending);
  pending = '';
  if (full) await once(out, 'drain');
}

/** Rows of a section, many at once: an `await` for each would take longer than the row. */
async function section(name: string, count: number, rows: (at: number) => string): Promise<void> {
  await write(`,\n"${name}":[`);
  for (let at = 0; at < count;) {
    let text = '';
    for (const end = Math.min(count, at + 256); at < end; at++) text += at === 0 ? rows(0) : `\n,${rows(at)}`;
    await write(text);
  }
  await write(']');
}

/** The objects above the records. */
const fixed = [
  { type: SYNTHETIC, name: '', size: 0, edges: [[SHORTCUT, 'global', 1]] },
  { type: OBJECT, name: 'global', size: 56, edges: [[PROPERTY, 'service', 2]] },
  { type: OBJECT, name: 'UsersService', size: 24, edges: [[PROPERTY, 'cache', 3]] },
  { type: OBJECT, name: 'LeakyUserCache', size: 24, edges: [[PROPERTY, 'users', 4]] },
  { type: OBJECT, name: 'Map', size: 32, edges: [[INTERNAL, 'table', 5]] },
  { type: ARRAY, name: '', size: 0, edges: [] },
  { type: SHAPE, name: 'system / Map', size: 80, edges: [[PROPERTY, 'prototype', 8]] },
  { type: HIDDEN, name: 'system / Map (ONE_BYTE_STRING)', size: 80, edges: [] },
  { type: OBJECT, name: 'Object', size: 56, edges: [] },
] as { type: number; name: string; size: number; edges: [number, string, number][] }[];
const users = Math.floor((Number(millions) * 1e6 - fixed.length) / PER_USER);
const buckets = 2 ** Math.ceil(Math.log2(users / 2));
fixed[5]!.size = 16 + 8 * (3 + 7 * buckets);
const firstSlot = 3 + buckets;

const names = [
  ...new Set([
    ...fixed.map(({ name }) => name),
    ...fixed.flatMap(({ edges }) => edges.map(([, name]) => name)),
    ...FIELDS,
    'User',
    'map',
    '__proto__',
  ]),
];
const nameOf = (text: string): number => names.indexOf(text);
const slotName = (user: number, part: number): number => names.length + 2 * user + part;
const textName = (user: number, at: number): number => names.length + 2 * users + TEXTS * user + at;
const nodeOf = (user: number, at = 0): number => fixed.length + PER_USER * user + at;

function nodeRows(user: number): string {
  const id = 2 * nodeOf(user) + 1;
  let text = `${OBJECT},${nameOf('User')},${id},64,${FIELDS.length + 2},0,0`;
  for (let at = 0; at < TEXTS; at++)
    text += `\n,${STRING},${textName(user, at)},${id + 2 * (at + 1)},${at === 4 ? 344 : 40},1,0,0`;
  return text;
}

const [mapName, protoName] = [nameOf('map'), nameOf('__proto__')];
const fieldNames = FIELDS.map((name) => nameOf(name));

function edgeRows(user: number): string {
  let text = `${INTERNAL},${mapName},${6 * WIDTH}\n,${PROPERTY},${protoName},${8 * WIDTH}`;
  for (const [at, name] of fieldNames.entries())
    text += `\n,${PROPERTY},${name},${nodeOf(user, at + 1) * WIDTH}`;
  for (let at = 0; at < TEXTS; at++) text += `\n,${INTERNAL},${mapName},${7 * WIDTH}`;
  return text;
}

function tableRows(user: number): string {
  return `${INTERNAL},${slotName(user, 0)},${nodeOf(user, 6) * WIDTH}\n,${INTERNAL},${slotName(user, 1)},${nodeOf(user) * WIDTH}`;
}

const texts = [
  (user: number) => `user-${user}`,
  (user: number) => `Name ${user} Surname`,
  (user: number) => `user${user}@example.org`,
  (user: number) => `${user} Some Street, Town`,
  (user: number) => `About ${user}: ${MORE}`,
  (user: number) => `key user-${user}`,
];

function stringRows(at: number): string {
  if (at < names.length) return JSON.stringify(names[at]);
  const slot = at - names.length;
  if (slot < 2 * users) return `"${firstSlot + 3 * Math.floor(slot / 2) + (slot % 2)}"`;
  const text = slot - 2 * users;
  return `"${texts[text % TEXTS]!(Math.floor(text / TEXTS))}"`;
}

const strings = names.length + (2 + TEXTS) * users;
const nodes = fixed.length + PER_USER * users;
const edgesAbove = fixed.reduce((sum, { edges }) => sum + edges.length, 0);
const edges = edgesAbove + (2 + FIELDS.length + 2 + TEXTS) * users;
const text = ['string', 'number', 'number', 'number', 'number', 'number'];
const meta = {
  node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'],
  node_types: [NODE_TYPES, ...text],
  edge_fields: ['type', 'name_or_index', 'to_node'],
  edge_types: [EDGE_TYPES, 'string_or_number', 'node'],
  location_fields: ['object_index', 'script_id', 'line', 'column'],
};
await write(
  `{"snapshot":${JSON.stringify({ meta, node_count: nodes, edge_count: edges, trace_function_count: 0 })}`,
);
await section('nodes', fixed.length + users, (at) => {
  const one = fixed[at];
  if (one === undefined) return nodeRows(at - fixed.length);
  const count = at === 5 ? 2 * users : one.edges.length;
  return `${one.type},${nameOf(one.name)},${2 * at + 1},${one.size},${count},0,0`;
});
const above = fixed.flatMap(({ edges: rows }, at) =>
  at < 5 ? rows.map(([type, name, to]) => `${type},${nameOf(name)},${to * WIDTH}`) : [],
);
const below = [`${PROPERTY},${nameOf('prototype')},${8 * WIDTH}`];
await section('edges', 2 * users + above.length + below.length, (at) => {
  if (at < above.length) return above[at]!;
  const rest = at - above.length;
  if (rest < users) return tableRows(rest);
  return rest - users < below.length ? below[rest - users]! : edgeRows(rest - users - below.length);
});
await write(',\n"trace_function_infos":[],\n"trace_tree":[],\n"samples":[]');
await section('locations', users, (user) => `${nodeOf(user) * WIDTH},57,12,14`);
await section('strings', strings, stringRows);
await write('}\n');
out.end(pending);
await once(out, 'close');
console.log(`${nodes} nodes, ${edges} edges, ${strings} strings`);
