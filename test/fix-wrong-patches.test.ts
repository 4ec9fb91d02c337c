import { expect, it } from 'vitest';
import { type Code, tryCode, type Tried } from './support/fix.js';

interface Given extends Partial<Code> {
  text: string;
  /** The reason why there is no patch; null where there has to be one. */
  reason: string | null;
}

const outcome = (code: Omit<Given, 'reason'>): Promise<Tried> =>
  tryCode({ name: 'src/items.js › items', file: 'src/items.js', ...code });

const known = (rest: string): string => `const items = new Map();
export async function find(id, given) {
  const known = items.get(id);
  if (known) return known;
${rest}`;

const LOADED = known(`  const one = await load(id);
  items.set(id, one);
  return one;
}`);

const listed = (rest: string): string => `const auditLog = [];
export function add(entry) { auditLog.push(entry); }
${rest}`;

const client = (rest: string): string => `export async function handle(request) {
  const client = new ApiClient({ base: '/api' });
  ${rest}
}`;

const ofClass = (rest: string): string => `export class Items {
  known = new Map();
  async find(id) {
    if (!this.known.has(id)) this.known.set(id, await load(id));
    return this.known.get(id);
  }
${rest}`;

const codes: Record<string, Given> = {
  'a lock that is made for each key': {
    text: `const items = new Map();
export const lockOf = (id) => {
  if (!items.has(id)) items.set(id, pLimit(1));
  return items.get(id);
};`,
    reason: 'entries-are-made',
  },
  'an answer that must not be given twice': {
    text: known(`  const receipt = await payments.charge(given.card, given.amount);
  items.set(id, receipt);
  return receipt;
}`),
    reason: 'entries-are-made',
  },
  'a session, where what is missing is a guest': {
    text: `const items = new Map();
export async function login(id, name) { items.set(id, await authenticate(name)); }
export const userOf = (id) => items.get(id) ?? guestFor(id);`,
    reason: 'default-on-miss',
  },
  'the value before, which is subtracted': {
    text: `const items = new Map();
export async function rate(id) {
  const before = items.get(id);
  const now = await readMeter(id);
  items.set(id, now);
  return now - before;
}`,
    reason: 'stored-anyway',
  },
  'the value before, which shows a change': {
    text: `const items = new Map();
export async function poll(id) {
  const before = items.get(id);
  const now = await readMeter(id);
  if (before !== now) {
    items.set(id, now);
    await notify(id, now);
  }
  return now;
}`,
    reason: 'stored-anyway',
  },
  'the value before, which a function compares': {
    text: `const items = new Map();
export async function poll(id) {
  const before = items.get(id);
  const now = await readMeter(id);
  if (isEqual(before, now)) return before;
  items.set(id, now);
  return notify(id, now);
}`,
    reason: 'stored-anyway',
  },
  'messages that have been handled': {
    text: `const items = new Map();
export async function handle(id) {
  if (items.has(id)) return;
  await work(id);
  items.set(id, true);
}`,
    reason: 'remembers-seen',
  },
  'a result that must not come about twice, under a name that says nothing of it': {
    text: known(`  const result = await gateway.execute(given);
  items.set(id, result);
  return result;
}`),
    reason: 'may-do-more',
  },
  'a part of a result that must not come about twice': {
    text: known(`  const result = await gateway.execute(given);
  items.set(id, parse(result));
  return items.get(id);
}`),
    reason: 'may-do-more',
  },
  'what is loaded, and made shorter by a function of the file': {
    text: `${known(`  const one = await load(id);
  items.set(id, withoutPlaces(one));
  return items.get(id);
}`)}
function withoutPlaces(one) {
  const open = new Set([one]);
  open.forEach((node) => { delete node.place; for (const key of Object.keys(node)) open.add(node[key]); });
  return one;
}`,
    reason: null,
  },
  'an order that is placed once for a key': {
    text: known(`  const order = await placeOrder(given);
  items.set(id, order);
  return order;
}`),
    reason: 'may-do-more',
  },
  'a list that is made where there is none': {
    text: `const items = {};
export function add(id, one) {
  items[id] = items[id] || [];
  items[id].push(one);
}`,
    reason: 'entries-change',
  },
  'a number that is counted from nothing': {
    text: `const items = {};
export function hit(id) {
  items[id] = (items[id] || 0) + 1;
  return items[id];
}`,
    reason: 'only-copy',
  },
  'a visitor with the time of the first visit': {
    text: known(`  const one = { profile: await load(id), firstSeen: Date.now() };
  items.set(id, one);
  return one;
}`),
    reason: 'loads-differ',
  },
  'a visitor with a number that is drawn': {
    text: known(`  const one = await load(id);
  items.set(id, { ...one, group: Math.random() });
  return items.get(id);
}`),
    reason: 'loads-differ',
  },
  'a visitor with the time of loading': {
    text: known(`  const one = { profile: await load(id), loadedAt: Date.now() };
  items.set(id, one);
  return one;
}`),
    reason: null,
  },
  'an order that is found': {
    text: known(`  const order = await findOrder(id);
  items.set(id, order);
  return order;
}`),
    reason: null,
  },
  'a time at which something was seen first': {
    text: known(`  const at = clock.time(given);
  items.set(id, at);
  return at;
}`),
    reason: 'may-do-more',
  },
  'a choice that goes round': {
    text: `${known(`  const one = serverFor(id);
  items.set(id, one);
  return one;
}`)}
let turn = 0;
function serverFor(id) { turn = (turn + 1) % servers.length; return servers[turn]; }`,
    reason: 'may-do-more',
  },
  'what a function of the file computes and changes nothing by': {
    text: `${known(`  const one = labelFor(id);
  items.set(id, one);
  return one;
}`)}
function labelFor(id) { const parts = id.split('-'); return parts.map((one) => one.toUpperCase()).join(' '); }`,
    reason: null,
  },
  'locks that a function of the file makes': {
    text: `${known(`  const one = guardOf(id);
  items.set(id, one);
  return one;
}`)}
const guardOf = (id) => new Mutex(id);`,
    reason: 'may-do-more',
  },
  'locks, by their name': {
    text: known(`  const one = lockOf(id);
  items.set(id, one);
  return one;
}`),
    reason: 'may-do-more',
  },
  'rooms that what gets one changes': {
    text: `${known(`  const room = await load(id);
  items.set(id, room);
  return room;
}`)}
export async function join(id, user) { (await find(id)).members.push(user); }`,
    reason: 'changed-elsewhere',
  },
  'what a client may replace': {
    text: `${LOADED}
export function replace(id, text) { items.set(id, parse(text)); }`,
    reason: 'stores-something-else',
  },
  'what a client may replace, and is saved': {
    text: `${LOADED}
export async function replace(id, one) { items.set(id, await db.save(one)); }`,
    reason: null,
  },
  'what is loaded again before it is old': {
    text: `${LOADED}
export async function refresh(id) { items.set(id, await load(id)); }`,
    reason: null,
  },
  'what a client may put into a cache of a class': {
    text: `class Items {
  #known = new Map();
  get(id) { return this.#known.get(id); }
  set(id, one) { this.#known.set(id, one); }
}
const items = new Items();
export async function find(id) {
  const known = items.get(id);
  if (known) return known;
  const one = await load(id);
  items.set(id, one);
  return one;
}
export const put = (request) => { items.set(request.id, request.fields); };`,
    name: 'Items.#known',
    reason: 'stores-something-else',
  },
  'entries whose deletion says whether they were there': {
    text: `${LOADED}\nexport function logout(id) { if (!items.delete(id)) throw new Error('not logged in'); }`,
    reason: 'miss-is-an-error',
  },
  'a field that its file reads of another object': {
    text: ofClass(`}
const items = new Items();
export const all = () => [...items.known.values()];`),
    name: 'Items.known',
    reason: 'used-elsewhere',
  },
  'a private field that a static method reads': {
    text: ofClass(`  static all(other) { return [...other.known.values()]; }
}`).replaceAll('known', '#known'),
    name: 'Items.#known',
    reason: 'used-elsewhere',
  },
  'a field that a subclass reads': {
    text: ofClass(`}
export class More extends Items { all() { return [...this.known.values()]; } }`),
    name: 'Items.known',
    reason: 'used-elsewhere',
  },
  'a cache whose class has a name in common with what it loads': {
    text: ofClass(`  async load(id) { const page = await fetchPage(id); return page.known; }
}`),
    name: 'Items.known',
    reason: null,
  },
  'a log that is read from a position': {
    text: listed('export const since = (position) => auditLog.slice(position);'),
    name: 'src/items.js › auditLog',
    reason: 'is-looked-up',
  },
  'a log that is read at a position': {
    text: listed('export const entry = (id) => auditLog.at(id);'),
    name: 'src/items.js › auditLog',
    reason: 'is-looked-up',
  },
  'a log whose end is read, unless it is empty': {
    text: listed('export const latest = () => (!auditLog.length ? none : auditLog.slice(-10));'),
    name: 'src/items.js › auditLog',
    reason: null,
  },
  'a list whose length is a number that is given out': {
    text: 'const jobs = [];\nexport function add(job) { jobs.push(job); return jobs.length; }',
    name: 'src/items.js › jobs',
    reason: 'position-is-used',
  },
  'a catalog, which is no log': {
    text: 'const catalog = [];\nexport function add(one) { catalog.push(one); }\nexport const page = () => catalog.map(render);',
    name: 'src/items.js › catalog',
    reason: 'may-be-data',
  },
  'functions that are called on an error': {
    text: 'const errorHandlers = [];\nexport function onError(fn) { errorHandlers.push(fn); }\nexport const fail = (error) => { for (const fn of errorHandlers) fn(error); };',
    name: 'src/items.js › errorHandlers',
    reason: 'may-be-data',
  },
  'messages that stay where sending fails, to be sent again': {
    text: `const outbox = new Map();
export async function send(id, message) {
  outbox.set(id, message);
  await transport.send(message);
  outbox.delete(id);
}
export const again = () => { for (const [id, message] of outbox) retry(id, message); };`,
    name: 'src/items.js › outbox',
    reason: 'is-listed',
  },
  'a listener on what the function itself makes': {
    text: `import http2 from 'node:http2';
export function handle(request, res) {
  const session = http2.connect(BACKEND);
  session.on('connect', () => res.end('ok'));
}`,
    kind: 'listeners',
    at: 'session.on',
    reason: 'listens-to-its-own',
  },
  'a listener that its function calls at once': {
    text: `export function handle(request, res) {
  bus.once(request.id, () => res.end('ok'));
  bus.emit(request.id);
}`,
    kind: 'listeners',
    at: 'bus.once',
    reason: 'ended-elsewhere',
  },
  'an interval that the caller may stop': {
    text: `export async function watch(id) {
  const timer = setInterval(() => poll(id), 1000);
  await warmUp(id);
  return { stop: () => clearInterval(timer) };
}`,
    kind: 'timers',
    at: 'setInterval',
    reason: 'handle-is-used',
  },
  'a client that gets the token of a request': {
    text: client("client.token = request.headers.authorization;\n  return client.get('/me');"),
    kind: 'objects',
    at: 'ApiClient',
    reason: 'belongs-to-request',
  },
  'a client whose method takes the token of a request': {
    text: client("client.setToken(request.headers.authorization);\n  return client.get('/me');"),
    kind: 'objects',
    at: 'ApiClient',
    reason: 'belongs-to-request',
  },
  'a client that other code may change': {
    text: client("authorise(client, request);\n  return client.get('/me');"),
    kind: 'objects',
    at: 'ApiClient',
    reason: 'escapes',
  },
  'a closure that uses a variable of an outer function': {
    text: `export const maker = (limit) => (previous) => {
  const size = String(previous.size());
  use(() => previous.size());
  return {
    size: () => size.length + limit,
  };
};`,
    kind: 'closures',
    at: 'size: ()',
    reason: 'uses-more-of-scope',
  },
  'a closure that uses a variable which comes later': {
    text: `export function next(previous) {
  use(() => previous.size());
  const state = {
    size: () => label.length,
  };
  const label = String(previous);
  return [state, label];
}`,
    kind: 'closures',
    at: 'size: ()',
    reason: 'uses-more-of-scope',
  },
};

it.each(Object.entries(codes))('the patch of %s is right, or there is none', async (_, code) => {
  const { reason, ...given } = code;
  const { declined, after } = await outcome(given);
  expect(declined, after ?? '').toBe(reason);
});

it.each([
  ['asks in the same line', 'return items.get(id) ?? (await fetchOne(id));', null],
  [
    'asks for what is fresh',
    'const one = items.get(id);\n  const isFresh = one && one.until > Date.now();\n  if (isFresh) return one;\n  return fetchOne(id);',
    'only-copy',
  ],
])('a cache that %s', async (_, body, reason) => {
  const text = `const items = new Map();
export async function find(id) {
  ${body}
}
async function fetchOne(id) { const one = await load(id); store(id, one); return one; }
function store(id, one) { items.set(id, one); }
`;
  expect((await outcome({ text })).declined).toBe(reason);
});

it.each([
  ['require', `${LOADED}\n`.replace('\n', "\nconst { load } = require('./load.js');\n")],
  ['import', `${LOADED}\n`.replace('\n', "\nimport { load } from './load.js';\n")],
])('what a patch adds is above the container, also where a file has its %s below', async (_, text) => {
  const { after } = await outcome({ text });
  const at = (part: string): number => after?.indexOf(part) ?? -1;
  expect(at('LRUCache')).toBeGreaterThanOrEqual(0);
  expect(at('LRUCache')).toBeLessThan(at('const items'));
  expect(at('const MAX_ENTRIES')).toBeGreaterThanOrEqual(0);
  expect(at('const MAX_ENTRIES')).toBeLessThan(at('const items'));
});

it('a number beside a cache that the code sets is no count of its entries', async () => {
  const text = ofClass(`  bytes = 0;
  async add(id) {
    const known = this.known.get(id);
    if (known) return known;
    const one = await load(id);
    this.known.set(id, one);
    this.bytes += sizeOf(one);
    return one;
  }
  clear() { this.bytes = 0; this.known.clear(); }
}`);
  expect((await outcome({ text, name: 'Items.known' })).declined).toBe('needs-lru-cache');
});

it.each([
  ['load(id)', null],
  ['db.query(id)', null],
  ['userById(id)', null],
  ['priceOf(id)', null],
  ['users.one(id)', null],
  ["db.get('SELECT * FROM users WHERE id = ?', id)", null],
  ["db.run('SELECT * FROM users WHERE id = ?', id)", null],
  ['findOrder(id)', null],
  ['compileTemplate(id)', null],
  ["db.run('INSERT INTO users VALUES (?)', id)", 'may-do-more'],
  ["fetch('/users/' + id)", null],
  ["fetch('/charges/' + id, { method: 'POST' })", 'may-do-more'],
  ['Promise.all([loadUser(id), loadRights(id)])', null],
  ['Promise.all([loadUser(id), carryOut(id)])', 'may-do-more'],
  ['findOrCreateUser(id)', 'may-do-more'],
  ['requestRefund(id)', 'may-do-more'],
  ['increaseBy(id)', 'may-do-more'],
  ['firstSeen(id)', 'may-do-more'],
  ['getNextNumber(id)', 'may-do-more'],
  ['readAndDelete(id)', 'may-do-more'],
  ['resolveChannel(id)', 'may-do-more'],
  ['pickOne(id)', 'may-do-more'],
])('a call that has to come again is judged by its name: %s', async (call, reason) => {
  const text = known(`  const one = await ${call};
  items.set(id, one);
  return one;
}`);
  const { declined, after } = await outcome({ text });
  expect(declined, after ?? '').toBe(reason);
});
