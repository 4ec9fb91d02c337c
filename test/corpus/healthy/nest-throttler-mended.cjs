/* corpus
{
  "source": ["https://github.com/nestjs/throttler/pull/2637"],
  "says": "the same service as nest-throttler, with the version that sweeps: once a minute, later than these requests end",
  "dependencies": {
    "@nestjs/common": "11.1.1",
    "@nestjs/core": "11.1.1",
    "@nestjs/platform-express": "11.1.1",
    "@nestjs/throttler": "6.7.1",
    "reflect-metadata": "0.2.2",
    "rxjs": "7.8.2"
  },
  "filling": true
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
