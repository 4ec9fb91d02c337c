import { Inject, Injectable, Logger } from '@nestjs/common';
import { UNCOUNTED } from '../census/index.js';
import { sampleOwnMemory, type Sample } from '../process/sample.js';
import { MEMORY_OPTIONS, type MemoryOptions } from './memory.options.js';
import type { TrackedFigures } from './tracked.js';

/**
 * Reads the figures of one part of the service. Called at each sample, so it must be cheap. Those of `TrackedFigures`
 * become metrics: what it holds, the bound that it declares, and how it is hit.
 */
export type Gauge = () => object;

@Injectable()
export class MemoryService {
  static readonly [UNCOUNTED] = true;
  private readonly gauges = new Map<string, Gauge>();

  constructor(@Inject(MEMORY_OPTIONS) private readonly options: MemoryOptions) {}

  /**
   * Adds the figures of one part to every sample, under its name.
   * The names come from code, never from a request: their number is the program's.
   */
  track(name: string, gauge: Gauge): void {
    if (this.gauges.has(name)) throw new Error(`"${name}" is tracked already: give this part another name`);
    this.gauges.set(name, gauge);
  }

  /** A part whose gauge throws is told once and dropped: what watches the service must not end it. */
  parts(): [name: string, figures: TrackedFigures][] {
    return [...this.gauges].flatMap(([name, gauge]) => {
      try {
        return [[name, gauge()]];
      } catch (error) {
        this.gauges.delete(name);
        new Logger('MemoryModule').warn(`"${name}" is tracked no more, its gauge failed: ${String(error)}`);
        return [];
      }
    });
  }

  async sample(): Promise<Sample & Record<string, unknown>> {
    const parts = Object.fromEntries(this.parts());
    return { time: new Date().toISOString(), ...this.options.tags, ...(await sampleOwnMemory()), ...parts };
  }
}
