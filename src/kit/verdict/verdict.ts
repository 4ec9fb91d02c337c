export type VerdictKind = 'leak' | 'bounded' | 'unsettled';

/** What readings of memory say about growth. All numbers are finite, so a verdict survives JSON. */
export interface Verdict {
  kind: VerdictKind;
  /** Bytes kept for each request (or second), and the interval they lie in; null when too little is known for one. */
  bytesPerRequest: { estimate: number; low: number; high: number } | null;
  /** 0…1: how sure it is that the verdict is right, however often one looks; 0 for unsettled. */
  confidence: number;
  /** Work covered by the readings the verdict rests on, and how many readings those are. */
  requests: number;
  rounds: number;
  /** One sentence or two for a person: what was seen, and what would have been, or why it is not settled. */
  reason: string;
}

export type Unit = 'request' | 'second' | 'call';

export interface JudgeOptions {
  /** Smallest growth that counts as a leak, in bytes for each unit of work; default 2. */
  smallestLeakBytes?: number;
  /** What `work` counts; changes the words only. Default 'request'. */
  unit?: Unit;
}
