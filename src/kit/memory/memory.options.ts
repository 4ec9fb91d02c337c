export interface MemoryOptions {
  /** Said in every sample, beside the figures: the mode, a version, a shard. */
  tags?: Record<string, string>;
  /** Answer to other machines too. Default false. */
  exposed?: boolean;
  /** How often to look, in milliseconds. A look takes less than one. Default 1,000. */
  intervalMs?: number;
}

export const MEMORY_OPTIONS = Symbol('MEMORY_OPTIONS');
