/* corpus
{
  "source": ["https://github.com/nestjs/nest/issues/10286", "https://github.com/nestjs/nest/pull/10287"],
  "says": "a request whose connection breaks off stays in the client's routing map; mended by 9.1.1",
  "dependencies": {
    "@nestjs/common": "9.0.11",
    "@nestjs/core": "9.0.11",
    "@nestjs/microservices": "9.0.11",
    "@nestjs/platform-express": "9.0.11",
    "reflect-metadata": "0.1.13",
    "rxjs": "7.5.6"
  },
  "requests": 4000,
  "suspect": { "kinds": ["container", "closures", "objects"], "named": "routingMap|ClientTCP|\\bclient\\b" }
}
*/
require('reflect-metadata');
const { createServer } = require('node:net');
const { Controller, Get, Inject, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { ClientProxyFactory, Transport } = require('@nestjs/microservices');

// An audit service behind a balancer that drops connections.
const audit = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.destroy());
});

class ShopController {
  constructor(client) {
    this.client = client;
  }
  index() {
    this.client.send({ cmd: 'record' }, { path: '/', at: Date.now() }).subscribe({ error: () => {} });
    return { ok: true };
  }
}
Reflect.decorate(
  [Get()],
  ShopController.prototype,
  'index',
  Object.getOwnPropertyDescriptor(ShopController.prototype, 'index'),
);
Inject('AUDIT')(ShopController, undefined, 0);
Reflect.decorate([Controller()], ShopController);

class ShopModule {}
Reflect.decorate(
  [
    Module({
      controllers: [ShopController],
      providers: [
        {
          provide: 'AUDIT',
          useFactory: () =>
            ClientProxyFactory.create({
              transport: Transport.TCP,
              options: { host: '127.0.0.1', port: audit.address().port },
            }),
        },
      ],
    }),
  ],
  ShopModule,
);

audit.listen(0, '127.0.0.1', async () => {
  const app = await NestFactory.create(ShopModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  console.log(app.getHttpServer().address().port);
});
