import { createClient } from '@redis/client';
import { warn } from '../kit/problem.js';
import { missingBounds, placeOf } from './redis-bounds.js';

export interface RedisLinkOptions {
  /** `redis://`, `rediss://` or `unix://`, as the client reads it. */
  url: string;
  /** How long an answer is waited for. */
  deadlineMs: number;
}

/** What a command came to, by the name under which it is counted. Only a hit has a value. */
export type Reply = { kind: 'hits'; text: string } | { kind: 'misses' | 'late' | 'errors' | 'skipped' };

/**
 * Commands on their way at most. The client keeps each until Redis answers, and its queue has no bound by default:
 * behind a Redis that hangs, it grows with every request. What does not fit is not asked.
 */
const MOST_COMMANDS = 2_000;
/** A connection on which nothing moves for so long is given up: Redis stopped, or the network between is gone. */
const STALL_MS = 5_000;
/** Keeps an idle connection from looking stalled. The client sends none while the last is not answered. */
const PING_MS = STALL_MS / 2;
const LONGEST_PAUSE_MS = 1_000;

/**
 * A connection to Redis that nobody waits for longer than the deadline, and that never throws: Redis away, slow,
 * full or talking nonsense is a reply like any other.
 */
export class RedisLink {
  private readonly client;
  private readonly place;
  /** An answer did not come in time. Nothing more is asked until it comes, or until the connection is a new one. */
  private slow = false;
  /** The operator was told that Redis is away. */
  private told = false;

  constructor(private readonly options: RedisLinkOptions) {
    this.place = placeOf(options.url);
    this.client = createClient({
      url: options.url,
      name: 'leak-lab',
      disableOfflineQueue: true,
      commandsQueueMaxLength: MOST_COMMANDS,
      // The client's own deadline ends with the sending: it does not help against a Redis that hangs.
      commandOptions: { timeout: undefined },
      maintNotifications: 'disabled',
      pingInterval: PING_MS,
      socket: {
        connectTimeout: STALL_MS,
        socketTimeout: STALL_MS,
        reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, LONGEST_PAUSE_MS),
      },
    });
    this.client
      .on('ready', () => void this.greet())
      .on('error', (error: NodeJS.ErrnoException) => this.tell(error.code ?? error.message));
  }

  /** Connects, and connects again whenever the connection breaks. Waits for nothing. */
  open(): void {
    this.client.connect().catch(() => {
      // Told by the event already; it ends only with `close`.
    });
  }

  close(): void {
    this.client.destroy();
  }

  get state(): 'ready' | 'slow' | 'away' {
    if (!this.client.isReady) return 'away';
    return this.slow ? 'slow' : 'ready';
  }

  async get(key: string): Promise<Reply> {
    if (this.state !== 'ready') return { kind: 'skipped' };
    return this.inTime(this.client.get(key));
  }

  async set(key: string, text: string, ttlMs: number): Promise<Reply> {
    if (this.state !== 'ready') return { kind: 'skipped' };
    return this.inTime(this.client.set(key, text, { expiration: { type: 'PX', value: ttlMs } }));
  }

  private inTime(answer: Promise<string | null>): Promise<Reply> {
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        this.slow = true;
        resolve({ kind: 'late' });
      }, this.options.deadlineMs);
      const settle = (reply: Reply): void => {
        this.slow = false;
        clearTimeout(deadline);
        resolve(reply);
      };
      answer.then(
        (text) => settle(text === null ? { kind: 'misses' } : { kind: 'hits', text }),
        () => settle({ kind: 'errors' }),
      );
    });
  }

  private tell(reason: string): void {
    if (this.told || !this.client.isOpen) return;
    this.told = true;
    warn(
      'LEAK_LAB_REDIS_AWAY',
      `${this.place.where} does not answer (${reason}): users come from the directory until it does. Start it, or give its address with --redis-url`,
    );
  }

  /** Each time, for it may be another Redis, or the same with other settings. */
  private async greet(): Promise<void> {
    this.slow = false;
    if (this.told) process.stderr.write(`leak-lab: ${this.place.where} answers again\n`);
    this.told = false;
    try {
      for (const { what, command } of missingBounds(await this.client.info('memory'))) {
        warn(
          'LEAK_LAB_REDIS_UNBOUNDED',
          `${this.place.where} ${what}. Run: redis-cli ${this.place.flags} ${command}`,
        );
      }
    } catch {
      // Not allowed to ask, or gone again.
    }
  }
}
