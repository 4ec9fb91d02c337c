export interface LoadSheddingOptions {
  /**
   * Share of the limit, 0 to 1, at which new requests are refused. It applies to the post-GC heap and to the memory of
   * the container (cgroup). Undefined: load is never shed, and the process does not exit.
   */
  shedAt?: number;
  /** Share of the limit at which the process exits without waiting. Default 0.9, and at least `shedAt`. */
  exitAt?: number;
  /** How long memory may take to fall after load shedding begins, in milliseconds. Then the process exits. Default 2,000. */
  recoveryMs?: number;
  /** Folder for crash evidence, which is written before the process exits. Undefined: none is written. */
  evidenceDir?: string;
  /** Also write a heap snapshot, unless it is too expensive. It contains every string in memory, secrets included. */
  snapshot?: boolean;
  /** Paths that are always answered, with everything below them. Default: those of the kit. */
  exempt?: string[];
  /** Answer `GET /health` to other machines too. Default false. */
  exposed?: boolean;
}

export const LOAD_SHEDDING_OPTIONS = Symbol('LOAD_SHEDDING_OPTIONS');

/** Exit code of a process that is short of memory: `EX_TEMPFAIL` of sysexits.h, which Node itself never uses. */
export const EXIT_OUT_OF_MEMORY = 75;
