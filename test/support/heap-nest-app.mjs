// A Nest application with owners of every sort, without decorators' syntax so that any Node runs it.
// Writes a heap snapshot of itself to the path given.
import 'reflect-metadata';
import { Controller, Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { writeHeapSnapshot } from 'node:v8';

const filled = (count, name) => new Map(Array.from({ length: count }, (_, at) => [`${name}-${at}`, { at }]));

class LeakyUserCache {
  users = filled(2002, 'user');
}
class Index {
  byName = filled(1900, 'name');
}
class UsersService {
  #recent = filled(1800, 'recent');
  index = new Index();
  constructor(cache) {
    this.cache = cache;
  }
  size() {
    return this.#recent.size;
  }
}
class UsersController {
  seen = filled(1700, 'seen');
  constructor(service) {
    this.service = service;
  }
}
class UsersModule {}
class AppModule {}
const moduleVariable = filled(1600, 'variable');

const decorate = (target, ...decorators) => decorators.forEach((decorator) => decorator(target));
const inject = (target, ...tokens) => tokens.forEach((token, at) => Inject(token)(target, undefined, at));
decorate(LeakyUserCache, Injectable());
decorate(UsersService, Injectable());
inject(UsersService, 'UserCache');
decorate(UsersController, Controller('users'));
inject(UsersController, UsersService);
decorate(
  UsersModule,
  Module({
    providers: [
      { provide: 'UserCache', useClass: LeakyUserCache },
      UsersService,
      { provide: 'STORE', useFactory: () => filled(1500, 'store') },
    ],
    controllers: [UsersController],
  }),
);
decorate(AppModule, Module({ imports: [UsersModule] }));

const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
globalThis.useApp = () => [app, moduleVariable];
writeHeapSnapshot(process.argv[2]);
process.exit(0);
