// A Nest application that keeps what it is asked to keep, and lets go of it when asked: what looks like a leak and
// is none. Without decorators' syntax, so that any Node runs it.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { LoadSheddingModule } from '../../dist/src/kit/memory/load-shedding/load-shedding.module.js';
import { MemoryModule } from '../../dist/src/kit/memory/memory.module.js';

const get = (controller, method, path) =>
  Get(path)(controller.prototype, method, Object.getOwnPropertyDescriptor(controller.prototype, method));

class KeepController {
  kept = [];
  /** About a megabyte of small objects. */
  keep() {
    for (let at = 0; at < 10_000; at += 1) this.kept.push({ text: `kept ${at} ${Math.random()}` });
    return { kept: this.kept.length };
  }
  /** As much, but nobody keeps it. */
  litter() {
    return { litter: Array.from({ length: 10_000 }, (_, at) => ({ text: `${at} ${Math.random()}` })).length };
  }
  /** What the collector would do sooner or later, now: given with --expose-gc. */
  collect() {
    globalThis.gc();
    return {};
  }
  async free() {
    this.kept = [];
    return {};
  }
  async slow() {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { slow: true };
  }
}
Controller()(KeepController);
for (const method of ['keep', 'litter', 'collect', 'free', 'slow']) get(KeepController, method, method);

class AppModule {}
Module({
  imports: [
    MemoryModule.register({}),
    LoadSheddingModule.register({ ...JSON.parse(process.argv[2]), exempt: ['/health', '/memory', '/free'] }),
  ],
  controllers: [KeepController],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error'] });
// Some of these applications listen to SIGTERM, and some do not.
if (process.argv[3] === 'hooks') app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());
