import { Controller, Injectable, Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LRUCache } from 'lru-cache';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { censusOf, declaredBoundOf, UNCOUNTED } from '../src/kit/census/index.js';
import { appWith } from './support/app.js';

const mapOf = (size: number) => new Map(Array.from({ length: size }, (_, index) => [index, index]));

class Store {
  items = mapOf(3);
  max = 12;
}

class Ring {
  has() {}
  delete() {}
  get size(): never {
    throw new Error('this size cannot be read');
  }
}

let gettersCalled = 0;

const RECENT: unique symbol = Symbol('recent');

@Injectable()
class Keeper {
  static everybody = new Set([1, 2]);
  users = mapOf(5);
  [RECENT] = [1, 2, 3];
  store = new Store();
  broken = new Ring();
  options = { retries: 3, hosts: ['a', 'b'] };
  byName = Object.fromEntries(mapOf(100));
  lru = new LRUCache<number, number>({ max: 10 });
  proxy = new Proxy(new Map(), {
    getOwnPropertyDescriptor: () => {
      throw new Error('a proxy trap was called');
    },
  });
  get trap() {
    gettersCalled += 1;
    return mapOf(9);
  }
}
Object.defineProperty(Keeper.prototype, 'later', { get: () => (gettersCalled += 1) });

@Injectable()
class Watcher {
  static readonly [UNCOUNTED] = true;
  history = mapOf(7);
}

@Controller()
class Pages {
  seen = new Set(['x']);
  alias: Map<number, number>;
  constructor(
    keeper: Keeper,
    readonly watcher: Watcher,
  ) {
    this.alias = keeper.users; // the same Map as a second property
  }
}

@Module({
  controllers: [Pages],
  providers: [
    Keeper,
    Watcher,
    { provide: 'NAMES', useValue: mapOf(4) },
    { provide: 'ALSO_NAMES', useExisting: 'NAMES' },
    { provide: 'NOTHING', useValue: null },
  ],
})
class ShopModule {}

describe('the census of an application', () => {
  let census: Record<string, { type: string; entries: number; bound: unknown }>;
  beforeAll(async () => {
    const app = await NestFactory.createApplicationContext(ShopModule, { logger: false });
    census = Object.fromEntries(censusOf(app).map(({ name, ...entry }) => [name, entry]));
    expect(censusOf(app.get(ModulesContainer))).toEqual(censusOf(app));
    await app.close();
  });

  it('names and counts the containers of providers and controllers', () => {
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

  it('reads the bound that a container, or its owner, declares', () => {
    expect(census['ShopModule › Keeper.store.items']!.bound).toEqual({
      declaredBy: 'max',
      limit: 12,
      filled: 0.25,
    });
    expect(census['ShopModule › Keeper.lru']!.bound).toMatchObject({ declaredBy: 'max', limit: 10 });
    expect(census['ShopModule › Keeper.users']!.bound).toBeNull();
  });

  it('calls no getter of the program', () => {
    expect(gettersCalled).toBe(0);
  });
});

function lru(options: LRUCache.Options<number, string, unknown>) {
  const cache = new LRUCache<number, string>(options);
  for (let key = 0; key < 8; key += 1) cache.set(key, 'x');
  return declaredBoundOf(cache);
}

describe('a declared bound', () => {
  it('is the bound nearest to full if there are several', () => {
    expect(lru({ max: 16 })).toEqual({ declaredBy: 'max', limit: 16, filled: 0.5 });
    expect(lru({ max: 80, maxSize: 10, sizeCalculation: () => 1 })).toEqual({
      declaredBy: 'maxSize',
      limit: 10,
      filled: 0.8,
    });
  });

  it('is a time to live only if expired entries are removed', () => {
    expect(lru({ ttl: 60_000, max: 0, ttlAutopurge: true })).toMatchObject({ declaredBy: 'ttl', filled: 1 });
    expect(declaredBoundOf({ ttl: 60_000, items: new Map() })).toBeNull();
  });

  it('is never zero or infinite', () => {
    class Unbounded extends Map {
      max = Infinity;
      capacity = 0;
    }
    expect(declaredBoundOf(new Unbounded())).toBeNull();
    expect(declaredBoundOf(Object.assign(new Map(), { max: 4 }))).toMatchObject({ limit: 4 });
  });
});

it('a census of something other than an application is refused', () => {
  expect(() => censusOf({})).toThrow(/ModulesContainer/);
});

describe.each(['leaky', 'fixed'])('the census of the %s service', (mode) => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await appWith(mode, '--max-entries', '10');
  });
  afterAll(() => app.close());

  it('contains the cache by name, with its bound if it declares one', async () => {
    for (const id of ['a', 'b', 'c']) await request(app.getHttpServer()).get(`/users/${id}`).expect(200);
    const cache = censusOf(app).find(({ property }) => property === 'users')!;
    expect(cache).toMatchObject(
      mode === 'leaky'
        ? { name: 'UsersModule › LeakyUserCache.users', type: 'Map', entries: 3, bound: null }
        : { name: 'UsersModule › FixedUserCache.users', entries: 3, bound: { declaredBy: 'max', limit: 10 } },
    );
  });
});
