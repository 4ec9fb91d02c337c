import { describe, expect, it } from 'vitest';
import { tryFix, type TriedProject } from './support/fix.js';

/** One file of a service, and the variable or field that leaks. */
const one = (text: string, name: string, other: Partial<TriedProject> = {}, file = 'src/users.ts') =>
  tryFix({ files: { [file]: text }, name, ...other });

const CACHE_ASIDE = `import { db } from './db.js';

const users = new Map<string, User>(); // by id

export async function findUser(id: string): Promise<User> {
  const known = users.get(id);
  if (known) return known;
  const user = await db.find(id);
  users.set(id, user);
  return user;
}
`;

const service = (body: string) => `import { UserCache } from './cache.js';
export class Users {
  constructor(private readonly cache: UserCache, private readonly db: Database) {}
  async find(id: string): Promise<User> {
${body}
  }
}
`;

describe('a Map that caches what is loaded', () => {
  it('becomes an lru-cache with a named bound, and the rest of the file stays as it is', async () => {
    const { changes, assumes } = await one(CACHE_ASIDE, 'src/users.ts › users');
    expect(changes).toEqual([
      "+import { LRUCache } from 'lru-cache';",
      '-const users = new Map<string, User>(); // by id',
      '+/** The most entries that users may have: more than are in use at one time. */',
      '+const MAX_ENTRIES = 500;',
      '+',
      '+const users = new LRUCache<string, User>({ max: MAX_ENTRIES }); // by id',
    ]);
    expect(assumes).toEqual(['loads-again', 'loads-the-same', 'bound-is-enough']);
  });

  it('loses its oldest entry where lru-cache is not installed', async () => {
    const { changes, assumes } = await one(CACHE_ASIDE, 'src/users.ts › users', { hasLruCache: false });
    expect(changes.slice(-4)).toEqual([
      '+  for (const oldest of users.keys()) {',
      '+    if (users.size <= MAX_ENTRIES) break;',
      '+    users.delete(oldest);',
      '+  }',
    ]);
    expect(assumes).toContain('oldest-first');
  });

  it('is found in CommonJS, with the quotes and without the semicolons of its file', async () => {
    const { changes } = await one(
      `"use strict"
const db = require("./db")

const users = new Map()

module.exports.find = async (id) => {
  if (!users.has(id)) users.set(id, await db.find(id))
  return users.get(id)
}
`,
      'src/users.cjs › users',
      {},
      'src/users.cjs',
    );
    expect(changes).toEqual([
      '+const { LRUCache } = require("lru-cache")',
      '-const users = new Map()',
      '+/** The most entries that users may have: more than are in use at one time. */',
      '+const MAX_ENTRIES = 500',
      '+',
      '+const users = new LRUCache({ max: MAX_ENTRIES })',
    ]);
  });

  it('may be a field of a decorated class, with its type beside it', async () => {
    const { changes } = await one(
      `import { Injectable } from '@nestjs/common';

/** Finds users. */
@Injectable()
export class Users {
  private readonly cache: Map<string, User> = new Map();

  constructor(private readonly db: Database) {}

  async find(id: string): Promise<User> {
    return this.cache.get(id) ?? this.load(id);
  }

  private async load(id: string): Promise<User> {
    const user = await this.db.find(id);
    this.cache.set(id, user);
    return user;
  }
}
`,
      'UsersModule › Users.cache',
    );
    expect(changes).toEqual([
      "+import { LRUCache } from 'lru-cache';",
      '+/** The most entries that cache may have: more than are in use at one time. */',
      '+const MAX_ENTRIES = 500;',
      '+',
      '-  private readonly cache: Map<string, User> = new Map();',
      '+  private readonly cache: LRUCache<string, User> = new LRUCache({ max: MAX_ENTRIES });',
    ]);
  });

  it('may be a private field that the constructor fills', async () => {
    const { changes } = await one(
      `export class Users {
  #cache;
  constructor(db) {
    this.db = db;
    this.#cache = new Map();
  }
  async find(id) {
    let user = this.#cache.get(id);
    if (user === undefined) {
      user = await this.db.find(id);
      this.#cache.set(id, user);
    }
    return user;
  }
}
`,
      'src/users.js › users › Users.#cache',
      {},
      'src/users.js',
    );
    expect(changes).toContain('+    this.#cache = new LRUCache({ max: MAX_ENTRIES });');
  });

  it('may have functions of its own, if all that call them load what is missing', async () => {
    const cache = `export class UserCache {
  private readonly users = new Map<string, User>();
  get(id: string): User | undefined {
    return this.users.get(id);
  }
  set(user: User): void {
    this.users.set(user.id, user);
  }
}
`;
    const good = service(`    const known = this.cache.get(id);
    if (known) return known;
    const user = await this.db.find(id);
    this.cache.set(user);
    return user;`);
    const bad = service(`    return this.cache.get(id)!;`);
    const name = 'UsersModule › UserCache.users';
    const found = await tryFix({ files: { 'src/cache.ts': cache, 'src/users.ts': good }, name });
    expect(found.changes).toContain(
      '+  private readonly users = new LRUCache<string, User>({ max: MAX_ENTRIES });',
    );
    expect((await tryFix({ files: { 'src/cache.ts': cache, 'src/users.ts': bad }, name })).declined).toBe(
      'caller-keeps-nothing',
    );
    expect((await tryFix({ files: { 'src/cache.ts': cache }, name })).declined).toBe('callers-not-found');
  });

  it('lowers a number that grows with its entries, where one is evicted', async () => {
    const { after } = await one(
      `const users = new Map();
class Users {
  bytes = 0;
  cache = new Map();
  async find(id) {
    const known = this.cache.get(id);
    if (known) return known;
    const user = await load(id);
    this.cache.set(id, user);
    this.bytes += sizeOf(user);
    return user;
  }
}
`,
      'Users.cache',
      {},
      'src/users.js',
    );
    expect(after).toContain(`  cache = new LRUCache({
    max: MAX_ENTRIES,
    dispose: (user) => {
      this.bytes -= sizeOf(user);
    },
  });`);
  });

  it('may be an object', async () => {
    const { changes, assumes } = await one(
      `import { load } from './load.js';
const pages: Record<string, Page> = {};
export async function page(url: string): Promise<Page> {
  if (pages[url]) return pages[url];
  const found = await load(url);
  pages[url] = found;
  return found;
}
export const forget = (url: string): void => { delete pages[url]; };
`,
      'src/pages.ts › pages',
      {},
      'src/pages.ts',
    );
    expect(changes).toEqual(
      expect.arrayContaining([
        '+const pages: LRUCache<string, Page> = new LRUCache<string, Page>({ max: MAX_ENTRIES });',
        '+  if (pages.get(url)) return pages.get(url);',
        '+  pages.set(url, found);',
        '+export const forget = (url: string): void => { pages.delete(url); };',
      ]),
    );
    expect(assumes).toContain('keys-are-text');
  });

  it('may hold entries with a time to live, and a loop that removes those that have expired', async () => {
    const { declined } = await one(
      `const rates = new Map();
setInterval(() => { for (const [id, { until }] of rates) if (until < Date.now()) rates.delete(id); }, 60_000);
export async function rateOf(id) {
  const known = rates.get(id);
  if (known && known.until > Date.now()) return known.rate;
  const rate = await fetchRate(id);
  rates.set(id, { rate, until: Date.now() + 1000 });
  return rate;
}
`,
      'src/rates.js › rates',
      {},
      'src/rates.js',
    );
    expect(declined).toBeNull();
  });
});

/** What looks like a cache and is none, or may be none. */
const notCaches: [what: string, text: string, code: string][] = [
  [
    'the only copy of what clients sent',
    `const items = new Map();
     app.post('/items', (req, res) => { items.set(req.body.id, req.body); res.end(); });
     app.get('/items/:id', (req, res) => { res.json(items.get(req.params.id)); });`,
    'only-copy',
  ],
  [
    'data whose absence is an error',
    `const items = new Map();
     export function update(id, change) {
       const item = items.get(id);
       if (!item) throw new Error('no such item');
       items.set(id, apply(item, change));
     }`,
    'miss-is-an-error',
  ],
  [
    'counters',
    `const items = new Map();
     export function hit(ip) { items.set(ip, (items.get(ip) ?? 0) + 1); return items.get(ip); }`,
    'only-copy',
  ],
  [
    'counters that are computed',
    `const items = new Map();
     export function hit(ip) {
       const before = items.get(ip) || none(ip);
       items.set(ip, before + 1);
       return before;
     }`,
    'entries-change',
  ],
  [
    'what accumulates',
    `const items = new Map();
     export function add(id, more) {
       const before = items.get(id) ?? empty(id);
       const after = merge(before, more);
       items.set(id, after);
       return after;
     }`,
    'entries-change',
  ],
  [
    'state that is created for a new key and changed afterwards',
    `const items = new Map();
     export function hit(ip) {
       let one = items.get(ip);
       if (!one) { one = { hits: 0 }; items.set(ip, one); }
       one.hits += 1;
       return one.hits;
     }`,
    'entries-change',
  ],
  [
    'sessions, which are created and not loaded',
    `const items = new Map();
     export function session(id) {
       const known = items.get(id);
       if (known) return known;
       const one = createSession(id);
       items.set(id, one);
       return one;
     }`,
    'entries-are-made',
  ],
  [
    'objects that are made on the spot',
    `const items = new Map();
     export function session(id) { return items.get(id) ?? open(id); }
     function open(id) { const one = new Session(id); items.set(id, one); return one; }`,
    'entries-are-made',
  ],
  [
    'values that differ each time',
    `const items = new Map();
     export function token(id) {
       if (!items.has(id)) items.set(id, sign(id));
       return items.get(id);
     }
     function sign(id) { return id + randomUUID(); }`,
    'loads-differ',
  ],
  [
    'values of what a client sent',
    `const items = new Map();
     export function put(req) {
       const known = items.get(req.id);
       if (known) return known;
       const one = parse(req.body);
       items.set(req.id, one);
       return one;
     }`,
    'loads-differ',
  ],
  [
    'what is listed',
    `const items = new Map();
     export async function get(id) {
       const known = items.get(id);
       if (known) return known;
       const one = await load(id);
       items.set(id, one);
       return one;
     }
     export const all = () => [...items.values()];`,
    'is-listed',
  ],
  [
    'what other code gets',
    `const items = new Map();
     export async function get(id) {
       const known = items.get(id);
       if (known) return known;
       const one = await load(id);
       items.set(id, one);
       return one;
     }
     report(items);`,
    'escapes',
  ],
  [
    'what has a bound',
    `const items = new Map();
     export async function get(id) {
       const known = items.get(id);
       if (known) return known;
       const one = await load(id);
       if (items.size >= MAX) items.clear();
       items.set(id, one);
       return one;
     }`,
    'is-bounded',
  ],
  [
    'what has entries from the start',
    `const items = new Map([['a', first]]);
     export async function get(id) {
       const known = items.get(id);
       if (known) return known;
       const one = await load(id);
       items.set(id, one);
       return one;
     }`,
    'has-initial-entries',
  ],
  [
    'what is replaced as a whole',
    `let items = new Map();
     export async function get(id) {
       const known = items.get(id);
       if (known) return known;
       const one = await load(id);
       items.set(id, one);
       return one;
     }
     export const reset = () => { items = new Map(); };`,
    'is-replaced',
  ],
  [
    'what nothing reads',
    `const items = new Map();
     export async function put(id) { items.set(id, await load(id)); }`,
    'never-read',
  ],
];

describe('a Map that is no cache', () => {
  it.each(notCaches)('is left alone where it is %s', async (_, text, code) => {
    const { declined, fixed } = await one(text, 'src/items.js › items', {}, 'src/items.js');
    expect(declined, JSON.stringify(fixed)).toBe(code);
  });

  it('is left alone where another file takes it out of an object', async () => {
    const field = `export class Users {
  known = new Map();
  async find(id) {
    if (!this.known.has(id)) this.known.set(id, await load(id));
    return this.known.get(id);
  }
}
`;
    const files = {
      'src/users.js': field,
      'src/admin.js': 'export const count = ({ known }) => known.size;\n',
    };
    expect((await tryFix({ files, name: 'Users.known' })).declined).toBe('used-elsewhere');
  });

  it('is left alone where another file uses it', async () => {
    const files = {
      'src/users.ts': CACHE_ASIDE.replace('const users', 'export const users'),
      'src/admin.ts': "import { users } from './users.js';\nexport const count = () => users.size;\n",
    };
    expect((await tryFix({ files, name: 'src/users.ts › users' })).declined).toBe('used-elsewhere');
  });
});

describe('a suspect without a patch', () => {
  it('is one of no file of the project', async () => {
    const { declined } = await tryFix({
      files: { 'src/a.js': '' },
      name: 'node_modules/orm/index.js › pool',
    });
    expect(declined).toBe('not-in-your-source');
  });

  it('is one of a file outside of the project', async () => {
    const { declined } = await tryFix({
      files: { 'src/a.js': '' },
      name: `${process.cwd()}/src/app.ts › pool`,
    });
    expect(declined).toBe('not-in-your-source');
  });

  it('is one whose file does not parse', async () => {
    const { declined, fixed } = await one(
      'const users = new Map(;',
      'src/users.js › users',
      {},
      'src/users.js',
    );
    expect(declined).toBe('does-not-parse');
    expect(fixed).toMatchObject({ declined: { file: 'src/users.js', line: 1 } });
  });

  it('is one of two declarations of the same name', async () => {
    const text = `${CACHE_ASIDE}\nfunction other() { const users = new Map(); return users.size; }\n`;
    expect((await one(text, 'src/users.ts › users')).declined).toBe('several-owners');
  });
});
