import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { UNCOUNTED } from '../census/index.js';
import { outsideSample, type OutsideSample } from '../outside/index.js';
import { sampleOwnMemory, type Sample } from '../process/sample.js';
import { MEMORY_OPTIONS, type MemoryOptions } from './memory.options.js';
import { publish, withdraw } from './published.js';
import type { TrackedFigures } from './tracked.js';

/**
 * Reads the figures of one part of the service. It is called for each sample, so it must be cheap. The figures of
 * `TrackedFigures` become metrics: entries, declared bound, hits and misses.
 */
export type Gauge = () => object;

@Injectable()
export class MemoryService implements OnModuleDestroy {
  static readonly [UNCOUNTED] = true;
  private readonly gauges = new Map<string, Gauge>();

  constructor(@Inject(MEMORY_OPTIONS) private readonly options: MemoryOptions) {
    publish(this);
  }

  onModuleDestroy(): void {
    withdraw(this);
  }

  /**
   * Adds the figures of one part to every sample, under its name. Names must come from code, never from a request, so
   * that their number is bounded.
   *
   * @throws Error if the name is tracked already
   */
  track(name: string, gauge: Gauge): void {
    if (this.gauges.has(name))
      throw new Error(`"${name}" is already tracked: choose another name for this part`);
    this.gauges.set(name, gauge);
  }

  /** The figures of all parts. A part whose gauge throws is logged and dropped, so that it cannot end the service. */
  parts(): [name: string, figures: TrackedFigures][] {
    return [...this.gauges].flatMap(([name, gauge]) => {
      try {
        return [[name, gauge()]];
      } catch (error) {
        this.gauges.delete(name);
        new Logger('MemoryModule').warn(
          `"${name}" is no longer tracked, because its gauge failed: ${String(error)}`,
        );
        return [];
      }
    });
  }

  async sample(): Promise<Sample & { outside?: OutsideSample } & Record<string, unknown>> {
    const parts = Object.fromEntries(this.parts());
    const outside = outsideSample(process.pid);
    return {
      time: new Date().toISOString(),
      ...this.options.tags,
      ...(await sampleOwnMemory()),
      ...(outside && { outside }),
      ...parts,
    };
  }
}
