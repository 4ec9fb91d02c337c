import { readFile } from 'node:fs/promises';
import parser from '@typescript-eslint/parser';
import { RuleTester } from 'eslint';
import { describe, expect, it } from 'vitest';
import { rules } from '../src/lint/index.js';

/** Code that each rule reports, and similar code that it accepts, by a description. */
const cases: Record<string, { reported: Record<string, string>; accepted: Record<string, string> }> = {
  'unbounded-container': {
    reported: {
      'a private Map of a provider': provider(
        'private users = new Map(); get(id) { this.users.set(id, load(id)); }',
      ),
      'a #private Set': provider(
        '#seen = new Set(); see(id) { this.#seen.add(id); return this.#seen.size; }',
      ),
      'an object that is filled by key': provider('private byId = {}; put(id, v) { this.byId[id] = v; }'),
      'an array of a controller':
        '@Controller() class C { private log: string[] = []; post(b) { this.log.push(b); } }',
      'a module variable': 'const users = new Map(); export function get(id) { users.set(id, load(id)); }',
      'a Map whose delete is followed by a set of the same key': provider(
        'private m = new Map(); get(k) { this.m.delete(k); this.m.set(k, load(k)); }',
      ),
      'a field that the constructor creates': provider(
        'private users: Map<string, User>; constructor() { this.users = new Map(); } get(id) { this.users.set(id, 1); }',
      ),
      'a static field of a class that is not a singleton':
        'class User { private static known = new Map(); static of(id) { User.known.set(id, new User()); } }',
      'a static field that is accessed through this':
        'class User { static #known = new Map(); static of(id) { this.#known.set(id, new User()); } }',
      'a Map that a private method fills during requests': provider(
        'private m = new Map(); get(k) { return this.load(k); } private load(k) { this.m.set(k, 1); }',
      ),
    },
    accepted: {
      'a Map from which a method deletes': provider(
        'private m = new Map(); get(k) { this.m.set(k, 1); } drop(k) { this.m.delete(k); }',
      ),
      'an array that is truncated': provider(
        'private l = []; add(x) { this.l.push(x); if (this.l.length > MAX) this.l.shift(); }',
      ),
      'a Map that refuses entries when it is full': provider(
        'private m = new Map(); put(k) { if (this.m.size < 9) this.m.set(k, 1); }',
      ),
      'an array that is replaced': provider(
        'private l = []; add(x) { this.l.push(x); } flush() { this.l = []; }',
      ),
      'an array that is used as a ring': provider(
        'private l = []; private i = 0; add(x) { this.l[this.i++ % 9] = x; }',
      ),
      'a field that the constructor creates and a method replaces': provider(
        'private l: string[]; constructor() { this.l = []; } add(x) { this.l.push(x); } flush() { this.l = []; }',
      ),
      'a field that the constructor receives as an argument': provider(
        'private m; constructor(m) { this.m = m; } put(k) { this.m.set(k, 1); }',
      ),
      'a static field that is emptied':
        'class User { private static known = new Map(); static of(id) { User.known.set(id, 1); } static clear() { User.known.clear(); } }',
      'a Map that onModuleInit fills': provider(
        'private m = new Map(); onModuleInit() { for (const k of K) this.m.set(k, 1); }',
      ),
      'a Map that a private method fills for onModuleInit': provider(
        'private m = new Map(); onModuleInit() { this.scan(); } private scan() { all.forEach((k) => this.m.set(k, 1)); }',
      ),
      'a Map that a register method fills': provider(
        'private m = new Map(); registerHandler(k, h) { this.m.set(k, h); }',
      ),
      'a Map that refuses a key the second time': provider(
        'private m = new Map(); track(k, h) { if (this.m.has(k)) throw new Error(k); this.m.set(k, h); }',
      ),
      'a Map with constant keys': provider(
        "private m = new Map(); a() { this.m.set('a', 1); this.m.set(Kind.B, 2); }",
      ),
      'a container that a method returns': provider(
        'private m = new Map(); put(k) { this.m.set(k, 1); } all() { return this.m; }',
      ),
      'a field of a class that is not a singleton':
        'class Job { private seen = new Set(); see(x) { this.seen.add(x); } }',
      'a field of a request-scoped provider':
        '@Injectable({ scope: Scope.REQUEST }) class R { private seen = new Set(); see(x) { this.seen.add(x); } }',
      'a WeakMap': provider('private m = new WeakMap(); put(k) { this.m.set(k, 1); }'),
      'an exported variable': 'export const users = new Map(); export function get(id) { users.set(id, 1); }',
      'a Map that a decorator fills':
        'const columns = new Map(); export function Money() { return (entity, name) => { columns.set(entity, name); }; }',
      'a Map whose comment states its bound': provider(
        '/** Bounded: one for each of the 20 currencies. */ private m = new Map(); put(k) { this.m.set(k, 1); }',
      ),
    },
  },
  'listener-without-removal': {
    reported: {
      'a listener that each call adds to a field': provider(
        "constructor(private bus) {} get() { this.bus.on('change', () => {}); }",
      ),
      'a listener that each call adds to the process': provider("get() { process.on('exit', () => {}); }"),
      'a listener that each call adds to a module variable': `import { bus } from './bus.js'; ${provider("get() { bus.addListener('x', f); }")}`,
      'an abort listener with once on a long-lived signal': provider(
        "get() { this.shutdown.signal.addEventListener('abort', f, { once: true }); }",
      ),
      'an abort listener on a signal that is combined with a long-lived one': provider(
        "get() { const s = AbortSignal.any([this.shutdown.signal, mine]); s.addEventListener('abort', f); }",
      ),
      'a subscription that is not stored': provider(
        'constructor(private rates$) {} get() { this.rates$.subscribe((rate) => use(rate)); }',
      ),
    },
    accepted: {
      'a listener that is removed': provider(
        "get() { this.bus.on('x', f); try { work(); } finally { this.bus.off('x', f); } }",
      ),
      'a listener that the constructor adds': provider(
        "constructor(private bus) { this.bus.on('x', () => {}); }",
      ),
      'a listener that onModuleInit adds': provider("onModuleInit() { this.bus.on('x', () => {}); }"),
      'a listener on an argument of the call': provider("handle(socket) { socket.on('data', f); }"),
      'a listener on an object that the call created': provider(
        "get() { const stream = open(); stream.on('end', f); }",
      ),
      'a listener on a field that the call replaces': provider(
        "connect() { this.client = open(); this.client.on('error', f); }",
      ),
      'a handler that is an argument of the call': provider(
        'on(event, handler) { return this.bus.on(event, handler); }',
      ),
      'a listener with a signal': provider("get(signal) { this.bus.addEventListener('x', f, { signal }); }"),
      'a subscription that is stored': provider(
        'get() { const s = this.rates$.subscribe(f); return () => s.unsubscribe(); }',
      ),
      'a subscription that ends by itself': provider(
        'get() { this.rates$.pipe(take(1)).subscribe(f); this.http.get(url).subscribe(f); }',
      ),
      'a method on that takes one argument, such as a route':
        "@Controller() class C { constructor(private router) {} get() { return this.router.on('x'); } }",
    },
  },
  'interval-without-clear': {
    reported: {
      'an interval whose handle is not stored': provider('get() { setInterval(() => poll(), 1000); }'),
      'an interval of a function whose handle is not stored':
        'export function watch() { globalThis.setInterval(poll, 10); }',
      'an interval in a private field that is never cleared': provider(
        'private timer; onModuleInit() { this.timer = setInterval(poll, 10); }',
      ),
      'an interval in a variable that is never used':
        'function watch() { const timer = setInterval(poll, 10); }',
    },
    accepted: {
      'an interval that is cleared': provider(
        'private timer; onModuleInit() { this.timer = setInterval(f, 9); } onModuleDestroy() { clearInterval(this.timer); }',
      ),
      'an interval that is unref’ed': provider('constructor() { setInterval(f, 9).unref(); }'),
      'a variable that is unref’ed': 'function watch() { const t = setInterval(f, 9); t.unref?.(); }',
      'an interval that is returned': 'function watch() { return setInterval(f, 9); }',
      'an interval that is passed to a function':
        "class S { private t; a() { this.t = setInterval(f, 9); this.registry.addInterval('poll', this.t); } }",
      'an interval at the top level of a script': 'setInterval(() => tick(), 1000);',
    },
  },
  'race-with-stored-promise': {
    reported: {
      'a promise in a field of the provider': provider(
        'get() { return Promise.race([work(), this.stopped]); }',
      ),
      'a promise in a variable of the module':
        'const closed = new Promise(() => {}); export const get = () => Promise.race([closed, work()]);',
    },
    accepted: {
      'promises that the call creates': provider(
        'get() { const late = sleep(10); return Promise.race([work(), late, this.load()]); }',
      ),
      'a promise that is an argument of the call':
        'export const get = (stopped) => Promise.race([stopped, work()]);',
      'one race at the top level of a module':
        'const closed = connect(); await Promise.race([closed, work()]);',
    },
  },
  'finalizer-captures-target': {
    reported: {
      'the target as the held value':
        'const r = new FinalizationRegistry(f); function a(x) { r.register(x, x); }',
      'a closure over the target': provider(
        'registry = new FinalizationRegistry(f); get(o) { this.registry.register(o, () => this.release(o.id)); }',
      ),
      'an object that contains the target':
        'const r = new FinalizationRegistry(f); function a(x) { r.register(x, { x, at: 1 }); }',
      'a closure over this':
        'const r = new FinalizationRegistry(f); class A { constructor() { r.register(this, () => this.close()); } }',
    },
    accepted: {
      'the id of the target':
        'const r = new FinalizationRegistry(f); function a(x) { r.register(x, x.id, x); }',
      'a closure over another object':
        'const r = new FinalizationRegistry(f); function a(x, file) { r.register(x, () => file.x.close()); }',
      'a register method of another kind of registry':
        'function a(x, registry) { registry.register(x, { x }); }',
    },
  },
  'cache-without-bound': {
    reported: {
      'lru-cache with only a ttl':
        "import { LRUCache } from 'lru-cache'; new LRUCache({ ttl: 1000, ttlAutopurge: true });",
      'lru-cache with only a ttl, loaded with require':
        "const { LRUCache: Cache } = require('lru-cache'); new Cache({ ttl: 1000 });",
      'node-cache with only a ttl': "import NodeCache from 'node-cache'; new NodeCache({ stdTTL: 10 });",
      'cache-manager without stores':
        "import { createCache } from 'cache-manager'; createCache({ ttl: 10 });",
      'Nest’s cache without options':
        "import { CacheModule } from '@nestjs/cache-manager'; @Module({ imports: [CacheModule.register()] }) class M {}",
      'Nest’s cache with only a ttl':
        "import { CacheModule } from '@nestjs/cache-manager'; CacheModule.register({ isGlobal: true, ttl: 10 });",
      'Nest’s cache with only a ttl from a factory':
        "import { CacheModule } from '@nestjs/cache-manager'; CacheModule.registerAsync({ useFactory: (config) => ({ ttl: config.ttl }) });",
      'memoize of lodash': "import { memoize } from 'lodash'; const read = memoize((path) => load(path));",
      'memoize as a member of lodash':
        "import _ from 'lodash'; const read = _.memoize((path) => load(path));",
      'memoizee with only a maxAge':
        "import memoizee from 'memoizee'; memoizee(load, { promise: true, maxAge: 1000 });",
    },
    accepted: {
      'lru-cache with max': "import { LRUCache } from 'lru-cache'; new LRUCache({ max: 100, ttl: 1000 });",
      'lru-cache with maxSize':
        "import { LRUCache } from 'lru-cache'; new LRUCache({ maxSize: 1e6, sizeCalculation: f });",
      'lru-cache with options that are not in the call':
        "import { LRUCache } from 'lru-cache'; new LRUCache(options); new LRUCache({ ...options });",
      'an LRUCache of another package': "import { LRUCache } from './own.js'; new LRUCache({ ttl: 1 });",
      'node-cache with maxKeys':
        "import NodeCache from 'node-cache'; new NodeCache({ stdTTL: 10, maxKeys: 100 });",
      'cache-manager with a store':
        "import { createCache } from 'cache-manager'; createCache({ stores: [redis] });",
      'Nest’s cache with a store':
        "import { CacheModule } from '@nestjs/cache-manager'; CacheModule.register({ stores: [redis] }); CacheModule.registerAsync({ useFactory: () => ({ stores: [redis] }) });",
      'Nest’s cache with options that are not in the call':
        "import { CacheModule } from '@nestjs/cache-manager'; CacheModule.registerAsync({ useClass: Options }); CacheModule.registerAsync({ useFactory: (c) => { return c.cache; } });",
      'memoize of lodash with its cache replaced':
        "import { memoize } from 'lodash'; const read = memoize(load); read.cache = new Bounded();",
      'memoizee with max': "import memoizee from 'memoizee'; memoizee(load, { max: 100 });",
    },
  },
  'delete-outside-finally': {
    reported: {
      'a delete after an await that may throw': provider(
        'async load(id) { const p = find(id); this.loads.set(id, p); const o = await p; this.loads.delete(id); return o; }',
      ),
    },
    accepted: {
      'a delete in a finally': provider(
        'async load(id) { this.loads.set(id, p); try { return await p; } finally { this.loads.delete(id); } }',
      ),
      'a delete after a try that catches': provider(
        'async load(id) { this.loads.set(id, p); try { await p; } catch { log(); } this.loads.delete(id); }',
      ),
      'a delete without an await before it': provider(
        'load(id) { this.loads.set(id, 1); work(); this.loads.delete(id); }',
      ),
      'a delete of another key': provider(
        'async load(id) { this.loads.set(id, p); await p; this.loads.delete(other); }',
      ),
    },
  },
  'request-scoped-hook': {
    reported: {
      'a shutdown hook of a request-scoped provider':
        '@Injectable({ scope: Scope.REQUEST }) class V { onModuleDestroy() { visits.delete(this); } }',
    },
    accepted: {
      'a hook of a singleton': provider('onModuleDestroy() { visits.clear(); }'),
      'another method of a request-scoped provider':
        '@Injectable({ scope: Scope.REQUEST }) class V { close() {} }',
    },
  },
};

function provider(body: string): string {
  return `@Injectable() class Service { ${body} }`;
}

it.each(Object.keys(rules))(
  'docs/lint.md describes the rule %s, and this file has cases for it',
  async (name) => {
    const page = await readFile('docs/lint.md', 'utf8');
    expect(page).toContain(`\n## ${name}\n`);
    expect(cases[name]?.reported ?? {}).not.toEqual({});
  },
);

RuleTester.describe = describe;
RuleTester.it = it;
const tester = new RuleTester({ languageOptions: { parser } });
for (const [name, { reported, accepted }] of Object.entries(cases)) {
  // The cast: `Rule` declares only what the rules use of ESLint's types.
  tester.run(`the rule ${name}`, rules[name] as never, {
    valid: Object.entries(accepted).map(([title, code]) => ({ name: `accepts ${title}`, code })),
    invalid: Object.entries(reported).map(([title, code]) => ({ name: `reports ${title}`, code, errors: 1 })),
  });
}
