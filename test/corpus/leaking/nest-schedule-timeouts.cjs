/* corpus
{
  "source": ["https://docs.nestjs.com/techniques/task-scheduling#dynamic-timeouts"],
  "says": "the registry keeps what is added to it until deleteTimeout() is called, also when the timeout is over",
  "dependencies": {
    "@nestjs/common": "11.1.1",
    "@nestjs/core": "11.1.1",
    "@nestjs/platform-fastify": "11.1.1",
    "@nestjs/schedule": "6.0.0",
    "reflect-metadata": "0.2.2",
    "rxjs": "7.8.2"
  },
  "suspect": { "kinds": ["container", "timers"], "named": "SchedulerRegistry|timeouts" }
}
*/
require('reflect-metadata');
const { randomUUID } = require('node:crypto');
const { Controller, Get, Inject, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { FastifyAdapter } = require('@nestjs/platform-fastify');
const { ScheduleModule, SchedulerRegistry } = require('@nestjs/schedule');

class OrdersController {
  constructor(registry) {
    this.registry = registry;
  }
  place() {
    const id = randomUUID();
    this.registry.addTimeout(
      `confirm ${id}`,
      setTimeout(() => {}, 20),
    );
    return { id };
  }
}
Controller('')(OrdersController);
Inject(SchedulerRegistry)(OrdersController, undefined, 0);
Get()(
  OrdersController.prototype,
  'place',
  Object.getOwnPropertyDescriptor(OrdersController.prototype, 'place'),
);

class AppModule {}
Module({ imports: [ScheduleModule.forRoot()], controllers: [OrdersController] })(AppModule);

void NestFactory.create(AppModule, new FastifyAdapter(), { logger: false }).then(async (app) => {
  await app.listen(0, '127.0.0.1');
  console.log(app.getHttpServer().address().port);
});
