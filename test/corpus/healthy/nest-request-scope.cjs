/* corpus
{
  "says": "a provider for each request, a listener that is taken off again, an async context: all of them end with the answer",
  "dependencies": {
    "@nestjs/common": "11.1.1",
    "@nestjs/core": "11.1.1",
    "@nestjs/platform-express": "11.1.1",
    "reflect-metadata": "0.2.2",
    "rxjs": "7.8.2"
  }
}
*/
require('reflect-metadata');
const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter, once } = require('node:events');
const { Controller, Get, Inject, Injectable, Module, Scope } = require('@nestjs/common');
const { NestFactory, REQUEST } = require('@nestjs/core');

const bus = new EventEmitter().setMaxListeners(0);
const context = new AsyncLocalStorage();

class Trail {
  constructor(request) {
    this.steps = Array.from({ length: 20 }, (_, at) => `${request.url} ${at}`);
  }
}
Injectable({ scope: Scope.REQUEST })(Trail);
Inject(REQUEST)(Trail, undefined, 0);

class TrailController {
  constructor(trail) {
    this.trail = trail;
  }
  async get() {
    return context.run({ trail: this.trail }, async () => {
      const priced = once(bus, 'priced');
      setImmediate(() => bus.emit('priced', 42));
      const [price] = await priced;
      return { price, steps: context.getStore().trail.steps.length };
    });
  }
}
Controller('')(TrailController);
Inject(Trail)(TrailController, undefined, 0);
Get()(TrailController.prototype, 'get', Object.getOwnPropertyDescriptor(TrailController.prototype, 'get'));

class AppModule {}
Module({ controllers: [TrailController], providers: [Trail] })(AppModule);
void NestFactory.create(AppModule, { logger: false }).then(async (app) => {
  await app.listen(0, '127.0.0.1');
  console.log(app.getHttpServer().address().port);
});
