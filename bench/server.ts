import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { MemoryMonitor } from '../src/kit/memory/memory.monitor.js';

/** A server to measure, in a process of its own. Each kind loads only its own modules. */
const [kind] = process.argv.slice(2);

let monitor: MemoryMonitor | undefined;

@Module({})
class EmptyModule {}

async function start(): Promise<string> {
  if (kind === 'empty' || kind === 'empty watched') {
    const { MemoryModule } = kind === 'empty' ? {} : await import('../src/kit/memory/memory.module.js');
    return listen(
      await NestFactory.create<NestFastifyApplication>(
        { module: EmptyModule, imports: MemoryModule ? [MemoryModule.register()] : [] },
        new FastifyAdapter(),
        { logger: false },
      ),
    );
  }
  const { readSettings } = await import('../src/settings.js');
  if (kind === 'fastify') {
    const { fastifyApp } = await import('./fastify-app.js');
    return fastifyApp(readSettings(['fixed'])).listen({ port: 0, host: '127.0.0.1' });
  }
  if (kind === 'nest alone') {
    const { nestApp } = await import('./nest-app.js');
    return listen(await nestApp(readSettings(['fixed'])));
  }
  const { createApp } = await import('../src/app.js');
  const { MemoryMonitor } = await import('../src/kit/memory/memory.monitor.js');
  const app = await createApp(readSettings(['fixed']));
  const url = await listen(app);
  monitor = app.get(MemoryMonitor);
  return url;
}

async function listen(app: NestFastifyApplication): Promise<string> {
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

process.on('message', (question) => {
  if (question === 'after a collection') globalThis.gc!();
  if (question === 'watch') {
    monitor?.stop(); // it has been running since the start
    monitor?.onApplicationBootstrap();
  }
  if (question === 'rest') monitor?.stop();
  const { user, system } = process.cpuUsage();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send!({ cpuMicroseconds: user + system, liveBytes: heapUsed + external, rssBytes: rss });
});
process.on('disconnect', () => process.exit());
process.send!({ url: await start() });
