import { describe, expect, it } from 'vitest';
import { type Code, tryCode, tryFix } from './support/fix.js';

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

interface Bounded extends Omit<Code, 'name'> {
  name?: string;
  /** The changed lines that there have to be; all of them where `isAll` is set. */
  changes: string[];
  isAll?: boolean;
  assumes?: string[];
}

const CONSTANT = [
  '+/** The most entries that users may have: more than are in use at one time. */',
  '+const MAX_ENTRIES = 500;',
  '+',
];

const CACHES: Record<string, Bounded> = {
  'becomes an lru-cache with a named bound, and the rest of the file stays as it is': {
    text: CACHE_ASIDE,
    isAll: true,
    changes: [
      "+import { LRUCache } from 'lru-cache';",
      '-const users = new Map<string, User>(); // by id',
      ...CONSTANT,
      '+const users = new LRUCache<string, User>({ max: MAX_ENTRIES }); // by id',
    ],
    assumes: ['loads-again', 'loads-the-same', 'bound-is-enough'],
  },
  'loses its oldest entry where lru-cache is not installed': {
    text: CACHE_ASIDE,
    hasLruCache: false,
    changes: [
      '+  for (const oldest of users.keys()) {',
      '+    if (users.size <= MAX_ENTRIES) break;',
      '+    users.delete(oldest);',
      '+  }',
    ],
    assumes: ['oldest-first'],
  },
  'is found in CommonJS, with the quotes and without the semicolons of its file': {
    text: `"use strict"
const db = require("./db")

const users = new Map()

module.exports.find = async (id) => {
  if (!users.has(id)) users.set(id, await db.find(id))
  return users.get(id)
}
`,
    file: 'src/users.cjs',
    name: 'src/users.cjs › users',
    isAll: true,
    changes: [
      '+const { LRUCache } = require("lru-cache")',
      '-const users = new Map()',
      ...CONSTANT.map((line) => line.replace(/;$/, '')),
      '+const users = new LRUCache({ max: MAX_ENTRIES })',
    ],
  },
  'may be a field of a decorated class, with its type beside it': {
    text: `import { Injectable } from '@nestjs/common';

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
    name: 'UsersModule › Users.cache',
    isAll: true,
    changes: [
      "+import { LRUCache } from 'lru-cache';",
      ...CONSTANT.map((line) => line.replace('users', 'cache')),
      '-  private readonly cache: Map<string, User> = new Map();',
      '+  private readonly cache: LRUCache<string, User> = new LRUCache({ max: MAX_ENTRIES });',
    ],
  },
  'may be a private field that the constructor fills': {
    text: `export class Users {
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
    file: 'src/users.js',
    name: 'src/users.js › users › Users.#cache',
    changes: ['+    this.#cache = new LRUCache({ max: MAX_ENTRIES });'],
  },
  'lowers a number that grows with its entries, where one is evicted': {
    text: `const users = new Map();
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
    file: 'src/users.js',
    name: 'Users.cache',
    changes: [
      '+  cache = new LRUCache({',
      '+    max: MAX_ENTRIES,',
      '+    dispose: (user) => {',
      '+      this.bytes -= sizeOf(user);',
      '+    },',
      '+  });',
    ],
  },
  'may be an object': {
    text: `import { load } from './load.js';
const pages: Record<string, Page> = {};
export async function page(url: string): Promise<Page> {
  if (pages[url]) return pages[url];
  const found = await load(url);
  pages[url] = found;
  return found;
}
export const forget = (url: string): void => { delete pages[url]; };
`,
    file: 'src/pages.ts',
    name: 'src/pages.ts › pages',
    changes: [
      '+const pages: LRUCache<string, Page> = new LRUCache<string, Page>({ max: MAX_ENTRIES });',
      '+  if (pages.get(url)) return pages.get(url);',
      '+  pages.set(url, found);',
      '+export const forget = (url: string): void => { pages.delete(url); };',
    ],
    assumes: ['keys-are-text'],
  },
  'may be an object whose assignments are values': {
    text: `const pages = {};
export const page = (url) => pages[url] || (pages[url] = load(url));
`,
    file: 'src/pages.js',
    name: 'src/pages.js › pages',
    changes: [
      '+const pages = new LRUCache({ max: MAX_ENTRIES });',
      '+export const page = (url) => pages.get(url) || stored(pages, url, load(url));',
      '+function stored(cache, key, value) {',
      '+  cache.set(key, value);',
      '+  return value;',
    ],
  },
  'may be written in one line that asks for the entry first': {
    text: `const pages = {};
export async function page(url) {
  pages[url] = pages[url] ?? (await load(url));
  return pages[url];
}
`,
    file: 'src/pages.js',
    name: 'src/pages.js › pages',
    changes: ['+  pages.set(url, pages.get(url) ?? (await load(url)));', '+  return pages.get(url);'],
  },
  'may be an object that becomes a Map where lru-cache is not installed': {
    text: `const pages: { [url: string]: Page } = {};
export async function page(url: string): Promise<Page> {
  if (!Object.hasOwn(pages, url)) pages[url] = await load(url);
  return pages[url];
}
setInterval(() => { for (const url in pages) if (pages[url].old) delete pages[url]; }, 60_000);
`,
    file: 'src/pages.ts',
    name: 'src/pages.ts › pages',
    hasLruCache: false,
    changes: [
      '+const pages: Map<string, Page> = new Map<string, Page>();',
      '+  if (!pages.has(url)) {',
      '+    pages.set(url, await load(url));',
      '+    for (const oldest of pages.keys()) {',
      '+      if (pages.size <= MAX_ENTRIES) break;',
      '+      pages.delete(oldest);',
      '+    }',
      '+  }',
      '+  return pages.get(url);',
      '+setInterval(() => { for (const url of pages.keys()) if (pages.get(url).old) pages.delete(url); }, 60_000);',
    ],
    assumes: ['oldest-first', 'keys-are-text'],
  },
  'may be asked with objects in one line, and they stay compared by their fields': {
    text: `const items = new Map();
export async function item(a, b) {
  if (!items.has({ a, b })) items.set({ a, b }, await load(a, b));
  return items.get({ a, b });
}
`,
    file: 'src/items.js',
    name: 'src/items.js › items',
    hasLruCache: false,
    changes: [
      '+  if (!items.has(JSON.stringify({ a, b }))) {',
      '+    items.set(JSON.stringify({ a, b }), await load(a, b));',
      '+    for (const oldest of items.keys()) {',
      '+  return items.get(JSON.stringify({ a, b }));',
    ],
  },
  'may hold entries with a time to live, and a loop that removes those that have expired': {
    text: `const rates = new Map();
setInterval(() => { for (const [id, { until }] of rates) if (until < Date.now()) rates.delete(id); }, 60_000);
export async function rateOf(id) {
  const known = rates.get(id);
  if (known && known.until > Date.now()) return known.rate;
  const rate = await fetchRate(id);
  rates.set(id, { rate, until: Date.now() + 1000 });
  return rate;
}
`,
    file: 'src/rates.js',
    name: 'src/rates.js › rates',
    changes: ['+const rates = new LRUCache({ max: MAX_ENTRIES });'],
  },
};

describe('a Map that caches what is loaded', () => {
  it.each(Object.entries(CACHES))('%s', async (_, { changes, isAll, assumes = [], ...code }) => {
    const made = await tryCode({ file: 'src/users.ts', name: 'src/users.ts › users', ...code });
    expect(made.changes, JSON.stringify(made.fixed)).toEqual(
      isAll ? changes : expect.arrayContaining(changes),
    );
    expect(made.assumes).toEqual(expect.arrayContaining(assumes));
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
});

const FOUND = `const items = new Map();
export async function get(id) {
  const known = items.get(id);
  if (known) return known;
  const one = await load(id);
  items.set(id, one);
  return one;
}`;

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
  ['what is listed', `${FOUND}\nexport const all = () => [...items.values()];`, 'is-listed'],
  ['what other code gets', `${FOUND}\nreport(items);`, 'escapes'],
  [
    'what has a bound',
    FOUND.replace('  items.set', '  if (items.size >= MAX) items.clear();\n  items.set'),
    'is-bounded',
  ],
  [
    'what has entries from the start',
    FOUND.replace('new Map()', "new Map([['a', first]])"),
    'has-initial-entries',
  ],
  [
    'what is replaced as a whole',
    `${FOUND.replace('const items', 'let items')}\nexport const reset = () => { items = new Map(); };`,
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
    const { declined, fixed } = await tryCode({ text, file: 'src/items.js', name: 'src/items.js › items' });
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

  it.each(['users', '$users', 'users$'])(
    'is left alone where another file uses it, called %s',
    async (name) => {
      const files = {
        'src/users.ts': CACHE_ASIDE.replace('const users', 'export const users').replaceAll(
          /\busers\b/g,
          () => name,
        ),
        'src/admin.ts': `import { ${name} } from './users.js';\nexport const count = () => ${name}.size;\n`,
      };
      expect((await tryFix({ files, name: `src/users.ts › ${name}` })).declined).toBe('used-elsewhere');
    },
  );
});

describe('a suspect without a patch', () => {
  it.each([
    ['no file of the project', 'node_modules/orm/index.js › pool', '', 'not-in-your-source'],
    ['a file outside of the project', `${process.cwd()}/src/app.ts › pool`, '', 'not-in-your-source'],
    [
      'two declarations of the same name',
      'src/users.ts › users',
      `${CACHE_ASIDE}\nfunction other() { const users = new Map(); return users.size; }\n`,
      'several-owners',
    ],
  ])('is one of %s', async (_, name, text, reason) => {
    expect((await tryCode({ text, file: 'src/users.ts', name })).declined).toBe(reason);
  });

  it('is one whose file does not parse', async () => {
    const { fixed } = await tryCode({
      text: 'const users = new Map(;',
      file: 'src/users.js',
      name: 'src/users.js › users',
    });
    expect(fixed).toMatchObject({ declined: { code: 'does-not-parse', file: 'src/users.js', line: 1 } });
  });
});
