import { createClient } from '@redis/client';
import { warn } from '../kit/problem.js';
import { missingBounds, placeOf } from './redis-bounds.js';

export interface RedisLinkOptions {
  /** `redis://`, `rediss://` or `unix://`, as the client reads it. */
  url: string;
  /** How long a command waits for its reply. */
  deadlineMs: number;
}

/** The outcome of a command, by the name under which it is counted. Only a hit has a value. */
export type Reply = { kind: 'hits'; text: string } | { kind: 'misses' | 'late' | 'errors' | 'skipped' };

/**
 * Most commands that wait for a reply. The client keeps each until Redis answers, and its queue has no bound by default:
 * when Redis hangs, the queue grows with every request. Commands beyond this bound fail at once.
 */
const MOST_COMMANDS = 2_000;
/** A connection without traffic for this long is closed: Redis has stopped, or the network has failed. */
const STALL_MS = 5_000;
/** Pings keep an idle connection from looking stalled. The client sends none while a ping is not answered. */
const PING_MS = STALL_MS / 2;
/** The longest pause between two attempts to connect. */
const LONGEST_PAUSE_MS = 1_000;

/**
 * A connection to Redis. A command waits no longer than the deadline and never throws: if Redis is unreachable, slow,
 * full or sends invalid data, the reply says so.
 */
export class RedisLink {
  private readonly client;
  private readonly place;
  /** A reply is overdue. No command is sent until it arrives or the connection is replaced. */
  private slow = false;
  /** Whether the operator was warned that Redis does not answer. */
  private isReported = false;

  constructor(private readonly options: RedisLinkOptions) {
    this.place = placeOf(options.url);
    this.client = createClient({
      url: options.url,
      name: 'leak-lab',
      disableOfflineQueue: true,
      commandsQueueMaxLength: MOST_COMMANDS,
      // The client's own deadline covers only the sending of a command: it does not help when Redis hangs.
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
      .on('ready', () => void this.whenReady())
      .on('error', (error: NodeJS.ErrnoException) => this.reportAway(error.code ?? error.message));
  }

  /** Starts to connect, and connects again whenever the connection breaks. Does not wait for it. */
  open(): void {
    this.client.connect().catch(() => {
      // The `error` event has reported it. The promise rejects only after `close`.
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
    return this.withDeadline(this.client.get(key));
  }

  async set(key: string, text: string, ttlMs: number): Promise<Reply> {
    if (this.state !== 'ready') return { kind: 'skipped' };
    return this.withDeadline(this.client.set(key, text, { expiration: { type: 'PX', value: ttlMs } }));
  }

  private withDeadline(answer: Promise<string | null>): Promise<Reply> {
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

  private reportAway(reason: string): void {
    if (this.isReported || !this.client.isOpen) return;
    this.isReported = true;
    warn(
      'LEAK_LAB_REDIS_AWAY',
      `${this.place.where} does not answer (${reason}): until it does, users are read from the directory. Start Redis, or set its address with --redis-url`,
    );
  }

  /** Checks the bounds after every connection: it may be another Redis, or the same with other settings. */
  private async whenReady(): Promise<void> {
    this.slow = false;
    if (this.isReported) process.stderr.write(`leak-lab: ${this.place.where} answers again\n`);
    this.isReported = false;
    try {
      for (const { what, command } of missingBounds(await this.client.info('memory'))) {
        warn(
          'LEAK_LAB_REDIS_UNBOUNDED',
          `${this.place.where} ${what}. Run: redis-cli ${this.place.flags} ${command}`,
        );
      }
    } catch {
      // This user may not run INFO, or the connection is lost again.
    }
  }
}
