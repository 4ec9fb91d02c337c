/** What a process cannot have more of than so much, by whom sets the limit. */
export type LimitCode =
  /** V8's heap limit. */
  | 'heap'
  /** RLIMIT_NOFILE. */
  | 'open-files'
  /** RLIMIT_AS. */
  | 'address-space'
  /** The limits of its control group. */
  | 'container-memory'
  | 'container-processes'
  /** RLIMIT_NPROC, of all processes and threads of its user. */
  | 'user-processes'
  | 'machine-memory'
  | 'machine-processes'
  /** Local ports of connections that are opened. */
  | 'ports';

/** How far away one limit of a process is. */
export interface Headroom {
  code: LimitCode;
  /** What the process itself uses: bytes, files, processes with threads, or sockets. */
  used: number;
  /** What it can still have. Of what it shares, others take as well. */
  free: number;
}
