// A Nest application whose memory grows and is released on request. It is written without decorator syntax, so that
// every Node version runs it as it is.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { LoadSheddingModule } from '../../dist/src/kit/memory/load-shedding/load-shedding.module.js';
import { MemoryModule } from '../../dist/src/kit/memory/memory.module.js';

const get = (controller, method, path) =>
  Get(path)(controller.prototype, method, Object.getOwnPropertyDescriptor(controller.prototype, method));

class GrowController {
  items = [];
  /** Adds about 1 MB of small objects. */
  grow() {
    for (let at = 0; at < 10_000; at += 1) this.items.push({ text: `item ${at} ${Math.random()}` });
    return { items: this.items.length };
  }
  /** Allocates as much, and retains nothing. */
  garbage() {
    return { items: Array.from({ length: 10_000 }, (_, at) => ({ text: `${at} ${Math.random()}` })).length };
  }
  /** Forces a collection; needs --expose-gc. */
  collect() {
    globalThis.gc();
    return {};
  }
  async free() {
    this.items = [];
    return {};
  }
  async slow() {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { slow: true };
  }
}
Controller()(GrowController);
for (const method of ['grow', 'garbage', 'collect', 'free', 'slow']) get(GrowController, method, method);

class AppModule {}
Module({
  imports: [
    MemoryModule.register({}),
    LoadSheddingModule.register({ ...JSON.parse(process.argv[2]), exempt: ['/health', '/memory', '/free'] }),
  ],
  controllers: [GrowController],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error'] });
// The tests cover programs that handle SIGTERM and programs that do not.
if (process.argv[3] === 'hooks') app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());
