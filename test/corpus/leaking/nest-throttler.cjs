/* corpus
{
  "source": ["https://github.com/nestjs/throttler/issues/2665", "https://github.com/nestjs/throttler/pull/2689"],
  "says": "the in-memory storage of 6.5.0 never removes the record of a client; mended in 6.7.1",
  "dependencies": {
    "@nestjs/common": "11.1.1",
    "@nestjs/core": "11.1.1",
    "@nestjs/platform-express": "11.1.1",
    "@nestjs/throttler": "6.5.0",
    "reflect-metadata": "0.2.2",
    "rxjs": "7.8.2"
  },
  "requests": 10000,
  "suspect": { "kinds": ["container"], "named": "ThrottlerStorage" }
}
*/
require('reflect-metadata');
const { randomInt } = require('node:crypto');
const { Controller, Get, Module } = require('@nestjs/common');
const { APP_GUARD, NestFactory } = require('@nestjs/core');
const { ThrottlerGuard, ThrottlerModule } = require('@nestjs/throttler');

class CatsController {
  all() {
    return ['tabby', 'siamese'];
  }
}
Controller('')(CatsController);
Get()(CatsController.prototype, 'all', Object.getOwnPropertyDescriptor(CatsController.prototype, 'all'));

class AppModule {}
Module({
  imports: [
    ThrottlerModule.forRoot({
      throttlers: [{ ttl: 100, limit: 10 }],
      // Behind a proxy, each client has an address of its own.
      getTracker: () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`,
    }),
  ],
  controllers: [CatsController],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})(AppModule);

void NestFactory.create(AppModule, { logger: false }).then(async (app) => {
  await app.listen(0, '127.0.0.1');
  console.log(app.getHttpServer().address().port);
});
