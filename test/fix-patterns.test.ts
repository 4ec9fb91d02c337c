import { describe, expect, it } from 'vitest';
import { type Code, handleAfter, tryCode, tryFix } from './support/fix.js';

const PATCHES: Record<string, [leak: Code, after: string]> = {
  'an entry that is deleted after work is deleted in a finally': [
    {
      text: `const loads = new Map();
export async function handle(id) {
  const load = find(id);
  loads.set(id, load);
  const found = await load; // may fail
  loads.delete(id);
  return found;
}
`,
      kind: 'promises',
      name: 'src/a.js › loads',
    },
    `export async function handle(id) {
  const load = find(id);
  loads.set(id, load);
  try {
    const found = await load; // may fail
    return found;
  } finally {
    loads.delete(id);
  }
}`,
  ],
  'what comes after the deletion stays outside of the try, where it uses nothing of it': [
    {
      text: `const busy = new Set();
export async function handle(id) {
  busy.add(id);
  await work(id);
  busy.delete(id);
  await report(id);
}
`,
      name: 'src/a.js › busy',
    },
    `export async function handle(id) {
  busy.add(id);
  try {
    await work(id);
  } finally {
    busy.delete(id);
  }
  await report(id);
}`,
  ],
  'lines of a template literal keep their text inside a try': [
    {
      text: `const busy = new Set();
export async function handle(id) {
  busy.add(id);
  const found = await query(\`
select *
from t\`);
  busy.delete(id);
  return found;
}
`,
      name: 'src/a.js › busy',
    },
    `export async function handle(id) {
  busy.add(id);
  try {
    const found = await query(\`
select *
from t\`);
    return found;
  } finally {
    busy.delete(id);
  }
}`,
  ],
  'a listener of an async function is removed in a finally, with a name if it has none': [
    {
      text: `export async function handle(id) {
  let stale = false;
  prices.on('change', () => { stale = true; });
  return load(id, stale);
}
`,
      kind: 'listeners',
      name: 'src/a.js › prices',
      at: 'prices.on',
    },
    `export async function handle(id) {
  let stale = false;
  const onChange = () => { stale = true; };
  prices.on('change', onChange);
  try {
    return await load(id, stale);
  } finally {
    prices.off('change', onChange);
  }
}`,
  ],
  'what is returned settles before the end, whatever gives the promise': [
    {
      text: `export async function handle(id: string) {
  const lease = setInterval(() => renew(id), 1000);
  let name = '';
  for (const part of await parts(id)) name += part;
  if (name === '') return new Promise((resolve) => later(resolve));
  if (name === 'x') return load(id) as Promise<unknown>;
  if (name === 'y') return sql\`select \${name}\`;
  if (name === 'z') return cache?.get(name);
  return name;
}
`,
      file: 'src/a.ts',
      kind: 'timers',
      name: 'timers of 1,000 ms',
      at: 'setInterval',
    },
    `export async function handle(id: string) {
  const lease = setInterval(() => renew(id), 1000);
  try {
    let name = '';
    for (const part of await parts(id)) name += part;
    if (name === '') return await new Promise((resolve) => later(resolve));
    if (name === 'x') return await (load(id) as Promise<unknown>);
    if (name === 'y') return await sql\`select \${name}\`;
    if (name === 'z') return await cache?.get(name);
    return name;
  } finally {
    clearInterval(lease);
  }
}`,
  ],
  'a listener that writes to a response is removed when that closes': [
    {
      text: `function handle(req, res) {
  bus.on('tick', (tick) => res.write(tick));
}
`,
      kind: 'listeners',
      name: 'src/a.js › bus',
      at: 'bus.on',
    },
    `function handle(req, res) {
  const onTick = (tick) => res.write(tick);
  bus.on('tick', onTick);
  res.once('close', () => bus.off('tick', onTick));
}`,
  ],
  'an interval of a socket is cleared when that closes': [
    {
      text: `function handle(socket) {
  setInterval(() => socket.ping(), 1000).unref();
}
`,
      kind: 'timers',
      name: 'timers of 1,000 ms',
      at: 'setInterval',
    },
    `function handle(socket) {
  const timer = setInterval(() => socket.ping(), 1000).unref();
  socket.once('close', () => clearInterval(timer));
}`,
  ],
  'an interval beside work is cleared in a finally': [
    {
      text: `export async function handle(id) {
  const lease = setInterval(() => renew(id), 1000);
  await work(id);
}
`,
      kind: 'timers',
      name: 'timers of 1,000 ms',
      at: 'setInterval',
    },
    `export async function handle(id) {
  const lease = setInterval(() => renew(id), 1000);
  try {
    await work(id);
  } finally {
    clearInterval(lease);
  }
}`,
  ],
  'a listener of an AbortSignal is removed as it was added': [
    {
      text: `export async function handle(id) {
  const stop = () => cancel(id);
  shutdown.addEventListener('abort', stop, { once: true });
  return work(id);
}
`,
      kind: 'listeners',
      name: 'src/a.js › shutdown',
      at: 'addEventListener',
    },
    `export async function handle(id) {
  const stop = () => cancel(id);
  shutdown.addEventListener('abort', stop, { once: true });
  try {
    return await work(id);
  } finally {
    shutdown.removeEventListener('abort', stop);
  }
}`,
  ],
  'a listener of a combined signal is added to each of its sources': [
    {
      text: `export async function handle(id, client) {
  const signal = AbortSignal.any([shutdown, client]);
  const stop = () => cancel(id);
  signal.addEventListener('abort', stop);
  return work(id);
}
`,
      name: 'src/a.js:3',
      at: 'cancel(id)',
    },
    `export async function handle(id, client) {
  const signals = [shutdown, client];
  const stop = () => cancel(id);
  for (const signal of signals) signal.addEventListener('abort', stop);
  try {
    return await work(id);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', stop);
  }
}`,
  ],
  'a log keeps its latest entries': [
    {
      text: `const recent = [];
export function handle(id) {
  recent.push(id);
  if (id) recent.push({ id });
  return recent.slice(-10);
}
`,
      name: 'src/a.js › recent',
    },
    `export function handle(id) {
  recent.push(id);
  if (recent.length > MAX_ENTRIES) recent.shift();
  if (id) {
    recent.push({ id });
    if (recent.length > MAX_ENTRIES) recent.shift();
  }
  return recent.slice(-10);
}`,
  ],
  'a part of a Buffer is copied': [
    {
      text: `const keys = [];
let next = 0;
export function handle(frame) {
  const key = frame.subarray(0, 8);
  keys[next++ % 100] = key;
}
`,
      kind: 'buffers',
      name: 'src/a.js › keys',
    },
    `export function handle(frame) {
  const key = frame.subarray(0, 8);
  keys[next++ % 100] = Buffer.alloc(key.length, key);
}`,
  ],
  'the fields that a finalizer needs are held, and not the object': [
    {
      text: `const registry = new FinalizationRegistry((release) => release());
export function handle(order) {
  registry.register(order, () => release(order.id, order.id));
}
`,
      kind: 'finalizers',
      name: 'src/a.js › registry',
    },
    `export function handle(order) {
  const orderId = order.id;
  registry.register(order, () => release(orderId, orderId));
}`,
  ],
  'a race leaves nothing on the long-lived promise': [
    {
      text: `const stopped = new Promise(() => {});
export async function handle(id) {
  return Promise.race([load(id), timeout(id), stopped]);
}
`,
      kind: 'promises',
      name: 'src/a.js › stopped',
    },
    `export async function handle(id) {
  return raceWith(stopped, Promise.race([load(id), timeout(id)]));
}`,
  ],
  'a stored closure is made where its scope has nothing else': [
    {
      text: `let last = null;
export function handle(id) {
  const before = last;
  const isNews = () => before?.id !== id;
  if (isNews()) last = { id, describe: () => \`asked for \${id}\` };
}
`,
      kind: 'closures',
      name: 'src/a.js › last',
      at: 'describe:',
    },
    `export function handle(id) {
  const before = last;
  const isNews = () => before?.id !== id;
  if (isNews()) last = { id, describe: makeDescribe(id) };
}`,
  ],
  'a client that is made for each request is made once': [
    {
      text: `import { Agent } from 'undici';

/** Answers. */
export function handle(url) {
  const agent = new Agent({ connections: 2 });
  return fetch(url, { dispatcher: agent });
}
`,
      name: 'src/a.js › handle()',
      at: 'new Agent',
    },
    `export function handle(url) {
  return fetch(url, { dispatcher: agent });
}`,
  ],
};

describe('a patch', () => {
  it.each(Object.entries(PATCHES))('of a pattern: %s', async (_, [leak, after]) => {
    expect(await handleAfter(leak)).toBe(after);
  });

  it('of strings copies what the diagnosis saw to be slices', async () => {
    const text = `const names = [];
export function keep(line) {
  const name = line.slice(0, 20);
  names.push(name);
}
`;
    const leak: Code = { text, name: 'src/a.js › names' };
    const advice = 'Small strings that were cut from large ones retain the large ones. Copy them.';
    expect((await tryCode({ ...leak, advice })).after).toContain('names.push(Buffer.from(name).toString());');
    // Arrays have `slice` as well. Without that advice, it is a log that nothing reads.
    expect((await tryCode(leak)).after).not.toContain('Buffer.from');
  });

  it('of an interceptor ends a subscription with the answer', async () => {
    const { after } = await tryCode({
      text: `import { tap } from 'rxjs';

@Injectable()
export class Follow implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    let rate = 1;
    this.rates.subscribe((now) => (rate = now));
    return next.handle().pipe(
      tap(() => log(rate)),
    );
  }
}
`,
      file: 'src/follow.ts',
      kind: 'listeners',
      name: 'AppModule › Rates.observers',
      at: 'subscribe',
    });
    expect(after).toContain("import { tap, finalize } from 'rxjs';");
    expect(after).toContain(`    const subscription = this.rates.subscribe((now) => (rate = now));
    return next.handle().pipe(
      tap(() => log(rate)),
      finalize(() => subscription.unsubscribe()),
    );`);
  });

  it('of a request-scoped provider moves what its hook removes to the end of the request', async () => {
    const { after } = await tryFix({
      files: {
        'src/online.ts': 'export class Online {\n  readonly visits = new Set<object>();\n}\n',
        'src/visit.ts': `import { Injectable, type OnModuleDestroy, Scope } from '@nestjs/common';

@Injectable({ scope: Scope.REQUEST })
export class Visit implements OnModuleDestroy {
  constructor(private readonly online: Online) {
    this.online.visits.add(this);
  }

  async handle(id: string): Promise<Order> {
    return find(id);
  }

  /** Leaves. */
  onModuleDestroy(): void {
    this.online.visits.delete(this);
  }
}
`,
      },
      name: 'AppModule › Online.visits',
      type: 'Set',
    });
    expect(after).toBe(`import { Injectable, Scope } from '@nestjs/common';

@Injectable({ scope: Scope.REQUEST })
export class Visit {
  constructor(private readonly online: Online) {
    this.online.visits.add(this);
  }

  async handle(id: string): Promise<Order> {
    try {
      return await find(id);
    } finally {
      this.online.visits.delete(this);
    }
  }
}
`);
  });

  it('of keys that are new objects each time compares them by value', async () => {
    const { after, assumes } = await tryCode({
      text: `const quotes = new Map<Key, Quote>();
export async function quote(currency: string): Promise<Quote> {
  const key = { currency };
  const known = quotes.get(key);
  if (known) return known;
  const found = await load(key.currency);
  quotes.set(key, found);
  return found;
}
`,
      file: 'src/a.ts',
      name: 'src/a.ts › quotes',
    });
    expect(after).toContain('new LRUCache<string, Quote>(');
    expect(after).toContain('quotes.get(JSON.stringify(key))');
    expect(after).toContain('quotes.set(JSON.stringify(key), found)');
    expect(assumes).toContain('keys-by-value');
  });

  it('keeps carriage returns, tabs and a byte order mark', async () => {
    const text =
      '\uFEFFconst busy = new Set();\r\nexport async function handle(id) {\r\n\tbusy.add(id);\r\n\tawait work(id);\r\n\tbusy.delete(id);\r\n}\r\n';
    const { after } = await tryCode({ text, name: 'src/a.js › busy' });
    expect(after).toBe(
      '\uFEFFconst busy = new Set();\r\nexport async function handle(id) {\r\n\tbusy.add(id);\r\n\ttry {\r\n\t\tawait work(id);\r\n\t} finally {\r\n\t\tbusy.delete(id);\r\n\t}\r\n}\r\n',
    );
  });
});

const DECLINED: Record<string, [leak: Code, code: string]> = {
  'the result is declared between, and more work uses it': [
    {
      text: `const busy = new Set();
export async function handle(id) {
  busy.add(id);
  const found = await work(id);
  busy.delete(id);
  await report(found);
}
`,
      name: 'src/a.js › busy',
    },
    'used-after',
  ],
  'a Set remembers what was seen': [
    {
      text: `const seen = new Set();
export function handle(id) {
  if (seen.has(id)) return;
  seen.add(id);
  send(id);
}
`,
      name: 'src/a.js › seen',
    },
    'remembers-seen',
  ],
  'some path returns before the deletion, and keeps what was loaded': [
    {
      text: `const pages = new Map();
export async function handle(url) {
  const loading = load(url);
  pages.set(url, loading);
  const page = await loading;
  if (page.ok) return page;
  pages.delete(url);
  return null;
}
`,
      name: 'src/a.js › pages',
    },
    'leaves-early',
  ],
  'a listener is what the caller asked for': [
    {
      text: `export async function handle(topic, listener) {
  await connect();
  bus.on('message', listener);
  await acknowledge(topic);
}
`,
      kind: 'listeners',
      name: 'src/a.js › bus',
      at: 'bus.on',
    },
    'outlives-function',
  ],
  'a listener passes on to others what comes': [
    {
      text: `export async function handle(room) {
  bus.on('message', (message) => server.emit(room, message));
  await join(room);
}
`,
      kind: 'listeners',
      name: 'src/a.js › bus',
      at: 'bus.on',
    },
    'outlives-function',
  ],
  'an interval has to go on after its function': [
    {
      text: `export async function handle(id) {
  const job = await start(id);
  setInterval(() => poll(job), 1000);
  return job;
}
`,
      kind: 'timers',
      name: 'timers of 1,000 ms',
      at: 'setInterval',
    },
    'ends-at-once',
  ],
  'a listener is added by a function that only adds it': [
    {
      text: `export function handle(listener) {
  bus.on('tick', (tick) => listener(tick));
}
`,
      kind: 'listeners',
      name: 'src/a.js › bus',
      at: 'bus.on',
    },
    'outlives-function',
  ],
  'a listener is removed on another path already': [
    {
      text: `export async function handle(id) {
  const onTick = () => renew(id);
  bus.on('tick', onTick);
  if (await work(id)) bus.off('tick', onTick);
}
`,
      kind: 'listeners',
      name: 'src/a.js › bus',
      at: 'bus.on',
    },
    'ended-elsewhere',
  ],
  'a queue waits to be sent': [
    {
      text: `const events = [];
export function handle(id) { events.push(id); }
export function flush() { send(events.splice(0)); }
`,
      name: 'src/a.js › events',
    },
    'is-emptied',
  ],
  'a list is data': [
    {
      text: `const orders = [];
export function handle(order) { orders.push(order); }
export function all() { return orders.map((one) => one.id); }
`,
      name: 'src/a.js › orders',
    },
    'may-be-data',
  ],
  'entries of a log are looked up': [
    {
      text: `const recent = [];
export function handle(order) { recent.push(order); }
export function one(id) { return recent.find((one) => one.id === id); }
`,
      name: 'src/a.js › recent',
    },
    'is-looked-up',
  ],
  'a finalizer needs a method of the object': [
    {
      text: `const registry = new FinalizationRegistry((release) => release());
export function handle(order) { registry.register(order, () => order.release()); }
`,
      kind: 'finalizers',
      name: 'src/a.js › registry',
    },
    'held-is-target',
  ],
  'another closure uses the object that a finalizer waits for': [
    {
      text: `const registry = new FinalizationRegistry((release) => release());
export function handle(order) {
  const show = () => order.name;
  registry.register(order, () => release(order.id));
  return show();
}
`,
      kind: 'finalizers',
      name: 'src/a.js › registry',
    },
    'captured-beside',
  ],
  'a client is opened for each request': [
    {
      text: `export async function handle(url) {
  const client = createClient({ url: 'redis://a' });
  await client.connect();
  return client.get(url);
}
`,
      name: 'src/a.js › handle()',
      at: 'createClient',
    },
    'belongs-to-request',
  ],
  'a client is made of the request': [
    {
      text: `export async function handle(token) {
  const client = new ApiClient(token);
  return client.get('/me');
}
`,
      name: 'src/a.js › handle()',
      at: 'ApiClient',
    },
    'follows-from-request',
  ],
  'a combined signal is given to other code': [
    {
      text: `export async function handle(id, client) {
  const signal = AbortSignal.any([shutdown, client]);
  signal.addEventListener('abort', () => cancel(id));
  return fetch(id, { signal });
}
`,
      name: 'src/a.js:3',
      at: 'cancel(id)',
    },
    'signal-is-shared',
  ],
  'a stored closure uses this': [
    {
      text: `export class A {
  handle(id) {
    const before = this.last;
    const isNews = () => before?.id !== id;
    if (isNews()) this.last = { id, describe: () => this.name + id };
  }
}
`,
      kind: 'closures',
      name: 'A.last',
      at: 'describe:',
    },
    'uses-more-of-scope',
  ],
};

describe('no patch', () => {
  it.each(Object.entries(DECLINED))('is made where %s', async (_, [leak, code]) => {
    const { declined, after } = await tryCode(leak);
    expect(declined, after ?? '').toBe(code);
  });

  it('is made of a string that is appended to', async () => {
    const { declined } = await tryCode({
      text: "let log = '';\nexport function handle(id) { log += id; }\n",
      name: 'src/a.js › log',
    });
    expect(declined).toBe('owner-not-found');
  });
});

const patched = (file: string) => ({
  patch: { pattern: 'bounded-cache', file: expect.stringMatching(new RegExp(`/@acme/orm/${file}$`)) },
});

it('a leak in what the project built is patched in what that was built of, where a source map beside it says so', async () => {
  const code = `const rows = new Map();
export const row = (id) => {
  if (!rows.has(id)) rows.set(id, read(id));
  return rows.get(id);
};
`;
  const files = { 'src/shop/rows.ts': code, 'dist/src/shop/rows.js': code };
  const map = '{"version": 3, "sources": ["../../../src/shop/rows.ts"], "mappings": "", "names": []}';
  const mapped = { ...files, 'dist/src/shop/rows.js.map': map };
  const name = 'dist/src/shop/rows.js › rows';
  const file = /(?<!dist)\/src\/shop\/rows\.ts$/;
  expect((await tryFix({ files: mapped, name })).fixed).toMatchObject({
    patch: { pattern: 'bounded-cache', file: expect.stringMatching(file) as string },
  });
  // Sources that are not here cannot be changed.
  const { 'src/shop/rows.ts': _, ...deployed } = mapped;
  expect((await tryFix({ files: deployed, name })).fixed).toMatchObject({
    patch: { file: expect.stringMatching(/\/dist\/src\/shop\/rows\.js$/) as string },
  });
});

describe('a leak of an installed package', () => {
  const CACHE = `const rows = new Map();
exports.row = (id) => {
  if (!rows.has(id)) rows.set(id, read(id));
  return rows.get(id);
};
`;
  const files = {
    'node_modules/@acme/orm/package.json': '{"name": "@acme/orm", "version": "1.2.3"}',
    'node_modules/@acme/orm/index.js': CACHE,
    'src/server.js': "const { row } = require('@acme/orm');\n",
  };
  const map = '{"version": 3, "sources": ["../src/index.ts"], "mappings": "", "names": []}';
  const built = {
    ...files,
    'node_modules/@acme/orm/src/index.ts': CACHE,
    'node_modules/@acme/orm/cjs/index.js': CACHE,
    'node_modules/@acme/orm/cjs/index.js.map': map,
  };
  const ofSource = 'node_modules/@acme/orm/src/index.ts › rows';
  const twice = {
    ...built,
    'node_modules/@acme/orm/esm/index.js': CACHE,
    'node_modules/@acme/orm/esm/index.js.map': map,
  };
  it('is patched in the form of patch-package', async () => {
    const { fixed } = await tryFix({ files, name: 'node_modules/@acme/orm/index.js › rows' });
    expect(fixed).toMatchObject(patched('index.js'));
  });

  it('is patched in the file that runs, where a source map named what that was built of', async () => {
    expect((await tryFix({ files: built, name: ofSource })).fixed).toMatchObject(patched('cjs/index.js'));
    const rawPath = ['node_modules/@acme/orm/esm/index.js', 'variable rows (Map)'];
    const { fixed } = await tryFix({ files: twice, name: ofSource, rawPath });
    expect(fixed).toMatchObject(patched('esm/index.js'));
  });

  it('is not patched where it has several builds, and none is known to run', async () => {
    const { declined } = await tryFix({ files: twice, name: ofSource });
    expect(declined).toBe('several-builds');
  });
});
