import { Inject, Injectable } from '@nestjs/common';
import { sampleOwnMemory, type Sample } from '../process/sample.js';
import { MEMORY_OPTIONS, type MemoryOptions } from './memory.options.js';

/** Reads the figures of one part of the service. Called at each sample, so it must be cheap. */
export type Gauge = () => object;

@Injectable()
export class MemoryService {
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

  async sample(): Promise<Sample & Record<string, unknown>> {
    const parts = Object.fromEntries([...this.gauges].map(([name, gauge]) => [name, gauge()]));
    return { time: new Date().toISOString(), ...this.options.tags, ...(await sampleOwnMemory()), ...parts };
  }
}
