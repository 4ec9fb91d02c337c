import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { MemoryModule } from '../src/kit/memory/memory.module.js';
import { MemoryMonitor } from '../src/kit/memory/memory.monitor.js';
import { MemoryService } from '../src/kit/memory/memory.service.js';
import { HeapTrendWatch } from '../src/kit/memory/watch/heap-trend.js';

const tracked = new Map<number, number>();

@Module({ imports: [MemoryModule.register({ intervalMs: 3_500_000 })] })
class MonitoredModule {}

let app: NestFastifyApplication;
let monitor: MemoryMonitor;
beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(MonitoredModule, new FastifyAdapter(), {
    logger: false,
  });
  await app.init();
  monitor = app.get(MemoryMonitor);
  app.get(MemoryService).track('tracked', () => ({ entries: tracked.size, hits: 1, misses: 2 }));
});
afterAll(() => app.close());

const SAMPLES = 1_000;
/** As JSON, so many samples take several times as much. */
const BOUND_BYTES = 500_000;

async function takeSamples(): Promise<number> {
  for (let count = 0; count < SAMPLES; count += 1) {
    tracked.set(count % 50, count);
    await monitor.takeSample();
  }
  globalThis.gc!();
  return process.memoryUsage().heapUsed;
}

/** Growth of the post-GC heap by so many samples, once the history is full. */
async function growthBytes(): Promise<number> {
  const before = await takeSamples();
  return (await takeSamples()) - before;
}

it('the memory of the monitor stays bounded, while a subscriber that stores every sample exceeds the same bound', async () => {
  await takeSamples();
  expect(await growthBytes()).toBeLessThan(BOUND_BYTES);
  const stored: string[] = [];
  const subscription = monitor.samples.subscribe((event) => stored.push(JSON.stringify(event)));
  expect(await growthBytes()).toBeGreaterThan(BOUND_BYTES);
  subscription.unsubscribe();
  expect(monitor.points().length).toBeLessThanOrEqual(720);
});

it('the monitor counts major collections and measures the post-GC heap', async () => {
  const before = (await monitor.takeSample()).gc.majors;
  globalThis.gc!();
  await expect.poll(async () => (await monitor.takeSample()).gc.majors).toBeGreaterThan(before);
  const { heapAfterGcBytes, memory } = await monitor.takeSample();
  expect(heapAfterGcBytes).toBeGreaterThan(1e6);
  expect(heapAfterGcBytes).toBeLessThan(memory.heapTotalBytes);
});

it('a stopped monitor counts no requests, and its latest sample can still be read', async () => {
  expect(monitor.requests).toBeDefined();
  monitor.stop();
  expect(monitor.requests).toBeUndefined();
  expect((await monitor.now()).containers.map(({ name }) => name)).toContain('tracked');
});

it('a measurement that fails again and again is logged once and does not end the process', async () => {
  const warned = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  const failing = vi.spyOn(HeapTrendWatch.prototype, 'add').mockImplementation(() => {
    throw new Error('a broken measurement');
  });
  const options = { timeout: 30_000 };
  monitor.onApplicationBootstrap();
  globalThis.gc!();
  await vi.waitFor(
    () => expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('a broken measurement')),
    options,
  );
  globalThis.gc!();
  await vi.waitFor(() => expect(failing.mock.calls.length).toBeGreaterThan(1), options);
  expect(warned).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});
