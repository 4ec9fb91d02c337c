/** Why a verdict is what it is, as data. `verdictText` words it. */
export type Reason =
  | { code: 'steady-growth' }
  | { code: 'flat'; smallestLeakBytes: number }
  | { code: 'flat-after-step'; smallestLeakBytes: number }
  /** Growth slows down, as a warm-up or a cache that fills does. */
  | { code: 'slowing' }
  /** Growth happened at one place. */
  | { code: 'step' }
  /** Memory fell by much of what it had gained. */
  | { code: 'fell' }
  /** Flat as a whole, and the latest readings grow. */
  | { code: 'growth-began' }
  /** The interval contains the smallest leak. */
  | { code: 'interval-too-wide'; smallestLeakBytes: number }
  /** A container with a declared bound has not reached it. */
  | { code: 'filling' }
  | { code: 'too-few-readings' }
  /** Only leaks larger than most would show in so little work. */
  | { code: 'too-little-work'; work: number; smallestLeakBytes: number; neededWork: number }
  /** Most of the work failed, so that what it does when it succeeds was hardly measured. */
  | { code: 'work-failed'; share: number }
  /** The process ended near its heap limit, and memory had grown until then. */
  | { code: 'ended-at-heap-limit'; firstBytes: number; lastBytes: number; limitBytes: number }
  /** The process ended while its memory grew, far from its heap limit. */
  | { code: 'ended-while-growing'; firstBytes: number; lastBytes: number; limitBytes: number };

export type ReasonCode = Reason['code'];
