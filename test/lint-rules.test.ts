import { readFile } from 'node:fs/promises';
import parser from '@typescript-eslint/parser';
import { RuleTester } from 'eslint';
import { describe, expect, it } from 'vitest';
import { rules } from '../src/lint/index.js';

/** What each rule flags, and what looks like it and is right. */
const cases: Record<string, { flagged: Record<string, string>; fine: Record<string, string> }> = {
  'unbounded-container': {
    flagged: {
      'a private Map of a provider': provider(
        'private users = new Map(); get(id) { this.users.set(id, load(id)); }',
      ),
      'a #private Set': provider(
        '#seen = new Set(); see(id) { this.#seen.add(id); return this.#seen.size; }',
      ),
      'an object by key': provider('private byId = {}; put(id, v) { this.byId[id] = v; }'),
      'a list of a controller':
        '@Controller() class C { private log: string[] = []; post(b) { this.log.push(b); } }',
      'a module variable': 'const users = new Map(); export function get(id) { users.set(id, load(id)); }',
      'a delete that makes room for the same key': provider(
        'private m = new Map(); get(k) { this.m.delete(k); this.m.set(k, load(k)); }',
      ),
      'a field that the constructor makes': provider(
        'private users: Map<string, User>; constructor() { this.users = new Map(); } get(id) { this.users.set(id, 1); }',
      ),
      'a static field, of a class that is no singleton':
        'class User { private static known = new Map(); static of(id) { User.known.set(id, new User()); } }',
      'a static field, by this':
        'class User { static #known = new Map(); static of(id) { this.#known.set(id, new User()); } }',
      'a private method that requests reach': provider(
        'private m = new Map(); get(k) { return this.load(k); } private load(k) { this.m.set(k, 1); }',
      ),
    },
    fine: {
      'a delete': provider(
        'private m = new Map(); get(k) { this.m.set(k, 1); } drop(k) { this.m.delete(k); }',
      ),
      'a list that is cut': provider(
        'private l = []; add(x) { this.l.push(x); if (this.l.length > MAX) this.l.shift(); }',
      ),
      'a Map that says no when it is full': provider(
        'private m = new Map(); put(k) { if (this.m.size < 9) this.m.set(k, 1); }',
      ),
      'a list that is replaced': provider(
        'private l = []; add(x) { this.l.push(x); } flush() { this.l = []; }',
      ),
      'a ring': provider('private l = []; private i = 0; add(x) { this.l[this.i++ % 9] = x; }'),
      'a field that the constructor makes, and others replace': provider(
        'private l: string[]; constructor() { this.l = []; } add(x) { this.l.push(x); } flush() { this.l = []; }',
      ),
      'a field that the constructor is given': provider(
        'private m; constructor(m) { this.m = m; } put(k) { this.m.set(k, 1); }',
      ),
      'a static field that is emptied':
        'class User { private static known = new Map(); static of(id) { User.known.set(id, 1); } static clear() { User.known.clear(); } }',
      'what is filled at the start': provider(
        'private m = new Map(); onModuleInit() { for (const k of K) this.m.set(k, 1); }',
      ),
      'a step of the start': provider(
        'private m = new Map(); onModuleInit() { this.scan(); } private scan() { all.forEach((k) => this.m.set(k, 1)); }',
      ),
      'a registry': provider('private m = new Map(); registerHandler(k, h) { this.m.set(k, h); }'),
      'names that may not come twice': provider(
        'private m = new Map(); track(k, h) { if (this.m.has(k)) throw new Error(k); this.m.set(k, h); }',
      ),
      'keys that the program was written with': provider(
        "private m = new Map(); a() { this.m.set('a', 1); this.m.set(Kind.B, 2); }",
      ),
      'a container that others get to see': provider(
        'private m = new Map(); put(k) { this.m.set(k, 1); } all() { return this.m; }',
      ),
      'a class that is no singleton': 'class Job { private seen = new Set(); see(x) { this.seen.add(x); } }',
      'a request-scoped provider':
        '@Injectable({ scope: Scope.REQUEST }) class R { private seen = new Set(); see(x) { this.seen.add(x); } }',
      'a WeakMap': provider('private m = new WeakMap(); put(k) { this.m.set(k, 1); }'),
      'an exported variable': 'export const users = new Map(); export function get(id) { users.set(id, 1); }',
      'a decorator’s registry':
        'const columns = new Map(); export function Money() { return (entity, name) => { columns.set(entity, name); }; }',
      'a bound that is told in a comment': provider(
        '/** Bounded: one for each of the 20 currencies. */ private m = new Map(); put(k) { this.m.set(k, 1); }',
      ),
    },
  },
  'listener-without-removal': {
    flagged: {
      'a listener with each call': provider(
        "constructor(private bus) {} get() { this.bus.on('change', () => {}); }",
      ),
      'a listener on the process': provider("get() { process.on('exit', () => {}); }"),
      'a listener on a module variable': `import { bus } from './bus.js'; ${provider("get() { bus.addListener('x', f); }")}`,
      'an abort listener that is never called': provider(
        "get() { this.shutdown.signal.addEventListener('abort', f, { once: true }); }",
      ),
      'a signal that joins a long-lived one': provider(
        "get() { const s = AbortSignal.any([this.shutdown.signal, mine]); s.addEventListener('abort', f); }",
      ),
      'a subscription that nobody keeps': provider(
        'constructor(private rates$) {} get() { this.rates$.subscribe((rate) => use(rate)); }',
      ),
    },
    fine: {
      'a listener that is taken off': provider(
        "get() { this.bus.on('x', f); try { work(); } finally { this.bus.off('x', f); } }",
      ),
      'a listener of the constructor': provider("constructor(private bus) { this.bus.on('x', () => {}); }"),
      'a listener of the start': provider("onModuleInit() { this.bus.on('x', () => {}); }"),
      'a listener on what the call was given': provider("handle(socket) { socket.on('data', f); }"),
      'a listener on what the call made': provider("get() { const stream = open(); stream.on('end', f); }"),
      'a new client each time': provider("connect() { this.client = open(); this.client.on('error', f); }"),
      'a handler that the call was given': provider(
        'on(event, handler) { return this.bus.on(event, handler); }',
      ),
      'a listener with a signal': provider("get(signal) { this.bus.addEventListener('x', f, { signal }); }"),
      'a subscription that is kept': provider(
        'get() { const s = this.rates$.subscribe(f); return () => s.unsubscribe(); }',
      ),
      'a subscription that ends by itself': provider(
        'get() { this.rates$.pipe(take(1)).subscribe(f); this.http.get(url).subscribe(f); }',
      ),
      'a route':
        "@Controller() class C { constructor(private router) {} get() { return this.router.on('x'); } }",
    },
  },
  'interval-without-clear': {
    flagged: {
      'an interval that nobody keeps': provider('get() { setInterval(() => poll(), 1000); }'),
      'an interval in a function': 'export function watch() { globalThis.setInterval(poll, 10); }',
      'a field that is never cleared': provider(
        'private timer; onModuleInit() { this.timer = setInterval(poll, 10); }',
      ),
      'a variable that is never used': 'function watch() { const timer = setInterval(poll, 10); }',
    },
    fine: {
      'an interval that is cleared': provider(
        'private timer; onModuleInit() { this.timer = setInterval(f, 9); } onModuleDestroy() { clearInterval(this.timer); }',
      ),
      'an interval that is unref’ed': provider('constructor() { setInterval(f, 9).unref(); }'),
      'a variable that is unref’ed': 'function watch() { const t = setInterval(f, 9); t.unref?.(); }',
      'one that is returned': 'function watch() { return setInterval(f, 9); }',
      'one that is handed on':
        "class S { private t; a() { this.t = setInterval(f, 9); this.registry.addInterval('poll', this.t); } }",
      'a script’s own': 'setInterval(() => tick(), 1000);',
    },
  },
  'race-with-stored-promise': {
    flagged: {
      'a promise of the provider': provider('get() { return Promise.race([work(), this.stopped]); }'),
      'a promise of the module':
        'const closed = new Promise(() => {}); export const get = () => Promise.race([closed, work()]);',
    },
    fine: {
      'promises of this call': provider(
        'get() { const late = sleep(10); return Promise.race([work(), late, this.load()]); }',
      ),
      'a promise that the call was given': 'export const get = (stopped) => Promise.race([stopped, work()]);',
      'one race at the start': 'const closed = connect(); await Promise.race([closed, work()]);',
    },
  },
  'finalizer-captures-target': {
    flagged: {
      'the target itself': 'const r = new FinalizationRegistry(f); function a(x) { r.register(x, x); }',
      'a closure over it': provider(
        'registry = new FinalizationRegistry(f); get(o) { this.registry.register(o, () => this.release(o.id)); }',
      ),
      'an object with it':
        'const r = new FinalizationRegistry(f); function a(x) { r.register(x, { x, at: 1 }); }',
      'a closure over this':
        'const r = new FinalizationRegistry(f); class A { constructor() { r.register(this, () => this.close()); } }',
    },
    fine: {
      'its id': 'const r = new FinalizationRegistry(f); function a(x) { r.register(x, x.id, x); }',
      'a closure over something else':
        'const r = new FinalizationRegistry(f); function a(x, file) { r.register(x, () => file.x.close()); }',
      'another kind of registry': 'function a(x, registry) { registry.register(x, { x }); }',
    },
  },
  'cache-without-bound': {
    flagged: {
      'a ttl alone': "import { LRUCache } from 'lru-cache'; new LRUCache({ ttl: 1000, ttlAutopurge: true });",
      'a ttl alone, required': "const { LRUCache: Cache } = require('lru-cache'); new Cache({ ttl: 1000 });",
      'node-cache with a ttl': "import NodeCache from 'node-cache'; new NodeCache({ stdTTL: 10 });",
      'cache-manager’s own Map': "import { createCache } from 'cache-manager'; createCache({ ttl: 10 });",
      'Nest’s cache with nothing said':
        "import { CacheModule } from '@nestjs/cache-manager'; @Module({ imports: [CacheModule.register()] }) class M {}",
      'Nest’s cache with a ttl':
        "import { CacheModule } from '@nestjs/cache-manager'; CacheModule.register({ isGlobal: true, ttl: 10 });",
      'Nest’s cache with a ttl, made later':
        "import { CacheModule } from '@nestjs/cache-manager'; CacheModule.registerAsync({ useFactory: (config) => ({ ttl: config.ttl }) });",
      'lodash’s memoize': "import { memoize } from 'lodash'; const read = memoize((path) => load(path));",
      'lodash’s memoize, as a member':
        "import _ from 'lodash'; const read = _.memoize((path) => load(path));",
      'memoizee with an age':
        "import memoizee from 'memoizee'; memoizee(load, { promise: true, maxAge: 1000 });",
    },
    fine: {
      entries: "import { LRUCache } from 'lru-cache'; new LRUCache({ max: 100, ttl: 1000 });",
      bytes: "import { LRUCache } from 'lru-cache'; new LRUCache({ maxSize: 1e6, sizeCalculation: f });",
      'options from elsewhere':
        "import { LRUCache } from 'lru-cache'; new LRUCache(options); new LRUCache({ ...options });",
      'another LRUCache': "import { LRUCache } from './own.js'; new LRUCache({ ttl: 1 });",
      'node-cache with a bound':
        "import NodeCache from 'node-cache'; new NodeCache({ stdTTL: 10, maxKeys: 100 });",
      'a store': "import { createCache } from 'cache-manager'; createCache({ stores: [redis] });",
      'a store of Nest’s cache':
        "import { CacheModule } from '@nestjs/cache-manager'; CacheModule.register({ stores: [redis] }); CacheModule.registerAsync({ useFactory: () => ({ stores: [redis] }) });",
      'options of Nest’s cache from elsewhere':
        "import { CacheModule } from '@nestjs/cache-manager'; CacheModule.registerAsync({ useClass: Options }); CacheModule.registerAsync({ useFactory: (c) => { return c.cache; } });",
      'a cache of one’s own':
        "import { memoize } from 'lodash'; const read = memoize(load); read.cache = new Bounded();",
      'memoizee with a bound': "import memoizee from 'memoizee'; memoizee(load, { max: 100 });",
    },
  },
  'delete-outside-finally': {
    flagged: {
      'a load that may fail': provider(
        'async load(id) { const p = find(id); this.loads.set(id, p); const o = await p; this.loads.delete(id); return o; }',
      ),
    },
    fine: {
      'a finally': provider(
        'async load(id) { this.loads.set(id, p); try { return await p; } finally { this.loads.delete(id); } }',
      ),
      'a failure that is caught': provider(
        'async load(id) { this.loads.set(id, p); try { await p; } catch { log(); } this.loads.delete(id); }',
      ),
      'nothing that waits': provider('load(id) { this.loads.set(id, 1); work(); this.loads.delete(id); }'),
      'another key': provider('async load(id) { this.loads.set(id, p); await p; this.loads.delete(other); }'),
    },
  },
  'request-scoped-hook': {
    flagged: {
      'a request-scoped provider':
        '@Injectable({ scope: Scope.REQUEST }) class V { onModuleDestroy() { visits.delete(this); } }',
    },
    fine: {
      'a singleton': provider('onModuleDestroy() { visits.clear(); }'),
      'another method': '@Injectable({ scope: Scope.REQUEST }) class V { close() {} }',
    },
  },
};

function provider(body: string): string {
  return `@Injectable() class Service { ${body} }`;
}

it.each(Object.keys(rules))('docs/lint.md says what %s is for', async (name) => {
  const page = await readFile('docs/lint.md', 'utf8');
  expect(page).toContain(`\n## ${name}\n`);
  expect(cases[name]!.flagged).not.toEqual({});
});

RuleTester.describe = describe;
RuleTester.it = it;
const tester = new RuleTester({ languageOptions: { parser } });
for (const [name, { flagged, fine }] of Object.entries(cases)) {
  tester.run(name, rules[name] as never, {
    valid: Object.entries(fine).map(([title, code]) => ({ name: `leaves alone: ${title}`, code })),
    invalid: Object.entries(flagged).map(([title, code]) => ({ name: `flags: ${title}`, code, errors: 1 })),
  });
}
