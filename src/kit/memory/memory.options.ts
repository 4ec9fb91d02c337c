export interface MemoryOptions {
  /** Said in every sample, beside the figures: the mode, a version, a shard. */
  tags?: Record<string, string>;
  /** Answer to other machines too. Default false. */
  exposed?: boolean;
}

export const MEMORY_OPTIONS = Symbol('MEMORY_OPTIONS');
