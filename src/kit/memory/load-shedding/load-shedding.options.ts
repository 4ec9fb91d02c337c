export interface LoadSheddingOptions {
  /**
   * The share of the memory there is, 0 to 1, at which new requests are refused: of the heap after a collection of
   * all of it, or of the container. Undefined: nothing is ever refused, and nobody leaves.
   */
  shedAt?: number;
  /** The share at which the process leaves without another look. Default 0.9, and never less than `shedAt`. */
  exitAt?: number;
  /** How long it may take to become less once requests are refused, in milliseconds. Default 2,000. */
  patienceMs?: number;
  /** Where evidence is written before the process leaves. Undefined: nowhere. */
  evidenceDir?: string;
  /** Write a heap snapshot as well, where its price fits. It holds every string there is, secrets included. */
  snapshot?: boolean;
  /** Paths that are answered while others are refused, with what is below them. Default those of the kit. */
  exempt?: string[];
  /** Answer `GET /health` to other machines too. Default false. */
  exposed?: boolean;
}

export const LOAD_SHEDDING_OPTIONS = Symbol('LOAD_SHEDDING_OPTIONS');

/** How the process ends that leaves for lack of memory: `EX_TEMPFAIL`, "try again", which no other end of Node has. */
export const EXIT_OUT_OF_MEMORY = 75;
