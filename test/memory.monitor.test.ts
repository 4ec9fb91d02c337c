import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { MemoryModule } from '../src/kit/memory/memory.module.js';
import { MemoryMonitor } from '../src/kit/memory/memory.monitor.js';
import { MemoryService } from '../src/kit/memory/memory.service.js';
import { HeapTrendWatch } from '../src/kit/memory/watch/heap-trend.js';

const held = new Map<number, number>();

@Module({ imports: [MemoryModule.register({ intervalMs: 3_500_000 })] })
class WatchedModule {}

let app: NestFastifyApplication;
let monitor: MemoryMonitor;
beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(WatchedModule, new FastifyAdapter(), {
    logger: false,
  });
  await app.init();
  monitor = app.get(MemoryMonitor);
  app.get(MemoryService).track('held', () => ({ entries: held.size, hits: 1, misses: 2 }));
});
afterAll(() => app.close());

const LOOKS = 1_000;
/** Looks that are kept, as the page gets them, take several times as much. */
const BOUND_BYTES = 500_000;

async function takeLooks(): Promise<number> {
  for (let count = 0; count < LOOKS; count += 1) {
    held.set(count % 50, count);
    await monitor.look();
  }
  globalThis.gc!();
  return process.memoryUsage().heapUsed;
}

/** What so many looks leave behind, once the history has its full length. */
async function grown(): Promise<number> {
  const before = await takeLooks();
  return (await takeLooks()) - before;
}

it('the watch itself keeps a bounded memory; whoever kept every look would not', async () => {
  await takeLooks();
  expect(await grown()).toBeLessThan(BOUND_BYTES);
  const kept: string[] = [];
  const subscription = monitor.looks.subscribe((look) => kept.push(JSON.stringify(look)));
  expect(await grown()).toBeGreaterThan(BOUND_BYTES);
  subscription.unsubscribe();
  expect(monitor.points().length).toBeLessThanOrEqual(720);
});

it('sees a major collection, and what it left', async () => {
  const before = (await monitor.look()).gc.majors;
  globalThis.gc!();
  await expect.poll(async () => (await monitor.look()).gc.majors).toBeGreaterThan(before);
  const { heapAfterGcBytes, sample } = await monitor.look();
  expect(heapAfterGcBytes).toBeGreaterThan(1e6);
  expect(heapAfterGcBytes).toBeLessThan(sample.heapTotalBytes);
});

it('works on any application, and stops with it', async () => {
  expect(monitor.requests).toBeDefined();
  monitor.stop();
  expect(monitor.requests).toBeUndefined();
  expect((await monitor.now()).containers.map(({ name }) => name)).toContain('held');
});

it('does not end the program that it watches, whatever fails in a look', async () => {
  const told = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  const failing = vi.spyOn(HeapTrendWatch.prototype, 'add').mockImplementation(() => {
    throw new Error('of all things');
  });
  const patience = { timeout: 30_000 };
  monitor.onApplicationBootstrap();
  globalThis.gc!();
  await vi.waitFor(
    () => expect(told).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('of all things')),
    patience,
  );
  globalThis.gc!();
  await vi.waitFor(() => expect(failing.mock.calls.length).toBeGreaterThan(1), patience);
  expect(told).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});
