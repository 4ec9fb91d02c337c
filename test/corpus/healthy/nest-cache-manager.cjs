/* corpus
{
  "says": "the cache of Nest's documentation, in memory, with at most fifteen thousand answers of ten minutes each",
  "dependencies": {
    "@nestjs/cache-manager": "3.0.1",
    "@nestjs/common": "11.1.1",
    "@nestjs/core": "11.1.1",
    "@nestjs/platform-express": "11.1.1",
    "cache-manager": "6.4.3",
    "cacheable": "1.9.0",
    "keyv": "5.3.3",
    "reflect-metadata": "0.2.2",
    "rxjs": "7.8.2"
  },
  "filling": true
}
*/
require('reflect-metadata');
const { randomInt } = require('node:crypto');
const { CACHE_MANAGER, CacheModule } = require('@nestjs/cache-manager');
const { Controller, Get, Inject, Injectable, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { CacheableMemory } = require('cacheable');
const { Keyv } = require('keyv');

class Prices {
  constructor(cache) {
    this.cache = cache;
  }
  of(product) {
    return this.cache.wrap(`price:${product}`, async () => ({
      product,
      net: product % 1_000,
      tiers: [1, 10, 100].map((from) => ({ from, off: from / 1_000 })),
    }));
  }
}
Injectable()(Prices);
Inject(CACHE_MANAGER)(Prices, undefined, 0);

class PricesController {
  constructor(prices) {
    this.prices = prices;
  }
  get() {
    return this.prices.of(randomInt(2 ** 32));
  }
}
Controller('')(PricesController);
Inject(Prices)(PricesController, undefined, 0);
Get()(PricesController.prototype, 'get', Object.getOwnPropertyDescriptor(PricesController.prototype, 'get'));

class AppModule {}
Module({
  imports: [
    CacheModule.register({
      stores: [new Keyv({ store: new CacheableMemory({ ttl: 600_000, lruSize: 15_000 }) })],
      ttl: 600_000,
    }),
  ],
  controllers: [PricesController],
  providers: [Prices],
})(AppModule);

void NestFactory.create(AppModule, { logger: false }).then(async (app) => {
  await app.listen(0, '127.0.0.1');
  console.log(app.getHttpServer().address().port);
});
