import { Controller, Injectable, Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LRUCache } from 'lru-cache';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { censusOf, declaredBoundOf, UNCOUNTED } from '../src/kit/census/index.js';
import { appWith } from './support/app.js';

const filled = (size: number) => new Map(Array.from({ length: size }, (_, index) => [index, index]));

class Store {
  items = filled(3);
  max = 12;
}

class Ring {
  has() {}
  delete() {}
  get size(): never {
    throw new Error('a size that cannot be told');
  }
}

let gettersCalled = 0;

const RECENT: unique symbol = Symbol('recent');

@Injectable()
class Keeper {
  static everybody = new Set([1, 2]);
  users = filled(5);
  [RECENT] = [1, 2, 3];
  store = new Store();
  broken = new Ring();
  options = { retries: 3, hosts: ['a', 'b'] };
  byName = Object.fromEntries(filled(100));
  lru = new LRUCache<number, number>({ max: 10 });
  proxy = new Proxy(new Map(), {
    getOwnPropertyDescriptor: () => {
      throw new Error('a trap was sprung');
    },
  });
  get trap() {
    gettersCalled += 1;
    return filled(9);
  }
}
Object.defineProperty(Keeper.prototype, 'later', { get: () => (gettersCalled += 1) });

@Injectable()
class Watcher {
  static readonly [UNCOUNTED] = true;
  history = filled(7);
}

@Controller()
class Pages {
  seen = new Set(['x']);
  alias: Map<number, number>;
  constructor(
    keeper: Keeper,
    readonly watcher: Watcher,
  ) {
    this.alias = keeper.users; // the same Map by another name
  }
}

@Module({
  controllers: [Pages],
  providers: [
    Keeper,
    Watcher,
    { provide: 'NAMES', useValue: filled(4) },
    { provide: 'ALSO_NAMES', useExisting: 'NAMES' },
    { provide: 'NOTHING', useValue: null },
  ],
})
class ShopModule {}

describe('of an application', () => {
  let census: Record<string, { type: string; entries: number; bound: unknown }>;
  beforeAll(async () => {
    const app = await NestFactory.createApplicationContext(ShopModule, { logger: false });
    census = Object.fromEntries(censusOf(app).map(({ name, ...entry }) => [name, entry]));
    expect(censusOf(app.get(ModulesContainer))).toEqual(censusOf(app));
    await app.close();
  });

  it('names what providers and controllers hold, and counts it', () => {
    const counts = Object.entries(census).map(
      ([name, { type, entries }]) => `${name}: ${type} of ${entries}`,
    );
    expect(counts.toSorted((one, other) => one.localeCompare(other))).toEqual([
      'ShopModule › Keeper.byName: Object of 100',
      'ShopModule › Keeper.lru: LRUCache of 0',
      'ShopModule › Keeper.options.hosts: Array of 2',
      'ShopModule › Keeper.store.items: Map of 3',
      'ShopModule › Keeper.users: Map of 5',
      'ShopModule › Keeper[Symbol(recent)]: Array of 3',
      'ShopModule › NAMES: Map of 4',
      'ShopModule › Pages.seen: Set of 1',
      'ShopModule › static Keeper.everybody: Set of 2',
    ]);
  });

  it('tells the bound that a container or its only holder declares', () => {
    expect(census['ShopModule › Keeper.store.items']!.bound).toEqual({
      declaredBy: 'max',
      limit: 12,
      filled: 0.25,
    });
    expect(census['ShopModule › Keeper.lru']!.bound).toMatchObject({ declaredBy: 'max', limit: 10 });
    expect(census['ShopModule › Keeper.users']!.bound).toBeNull();
  });

  it('springs no trap: no getter of the program is called', () => {
    expect(gettersCalled).toBe(0);
  });
});

function lru(options: LRUCache.Options<number, string, unknown>) {
  const cache = new LRUCache<number, string>(options);
  for (let key = 0; key < 8; key += 1) cache.set(key, 'x');
  return declaredBoundOf(cache);
}

describe('a declared bound', () => {
  it('is the one that is nearest to full', () => {
    expect(lru({ max: 16 })).toEqual({ declaredBy: 'max', limit: 16, filled: 0.5 });
    expect(lru({ max: 80, maxSize: 10, sizeCalculation: () => 1 })).toEqual({
      declaredBy: 'maxSize',
      limit: 10,
      filled: 0.8,
    });
  });

  it('is no time to live, unless something sweeps', () => {
    expect(lru({ ttl: 60_000, max: 0, ttlAutopurge: true })).toMatchObject({ declaredBy: 'ttl', filled: 1 });
    expect(declaredBoundOf({ ttl: 60_000, items: new Map() })).toBeNull();
  });

  it('is not zero, nor infinite', () => {
    class Unbounded extends Map {
      max = Infinity;
      capacity = 0;
    }
    expect(declaredBoundOf(new Unbounded())).toBeNull();
    expect(declaredBoundOf(Object.assign(new Map(), { max: 4 }))).toMatchObject({ limit: 4 });
  });
});

it('refuses what is no application', () => {
  expect(() => censusOf({})).toThrow(/ModulesContainer/);
});

describe.each(['leaky', 'fixed'])('of the %s service', (mode) => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await appWith(mode, '--max-entries', '10');
  });
  afterAll(() => app.close());

  it('finds the cache by name, with its bound where it has one', async () => {
    for (const id of ['a', 'b', 'c']) await request(app.getHttpServer()).get(`/users/${id}`).expect(200);
    const cache = censusOf(app).find(({ property }) => property === 'users')!;
    expect(cache).toMatchObject(
      mode === 'leaky'
        ? { name: 'UsersModule › LeakyUserCache.users', type: 'Map', entries: 3, bound: null }
        : { name: 'UsersModule › FixedUserCache.users', entries: 3, bound: { declaredBy: 'max', limit: 10 } },
    );
  });
});
