export interface MemoryOptions {
  /** Added to every sample and metric, such as the mode, a version, or a shard. */
  tags?: Record<string, string>;
  /** Answer requests from other machines too. Default false. */
  exposed?: boolean;
  /** Time between two samples, in milliseconds. A sample takes less than 1 ms. Default 1,000. */
  intervalMs?: number;
}

export const MEMORY_OPTIONS = Symbol('MEMORY_OPTIONS');
