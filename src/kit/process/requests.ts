import { Problem } from '../problem.js';

/** A collection of a heap of gigabytes takes seconds. A process that does not answer for a minute is stopped. */
export const ANSWER_WITHIN_MS = 60_000;
/** A snapshot of such a heap takes minutes. */
const SNAPSHOT_WITHIN_MS = 20 * 60_000;

/** A message of the inspector protocol, as the inspector sends it. */
export interface Message {
  /** The command that this answers; an event has none. */
  id?: number;
  result?: unknown;
  error?: { message: string };
  /** The name of an event. */
  method?: string;
  params?: unknown;
}

interface Request {
  method: string;
  /** `never`: the type of an answer follows from its command, which the caller of `post` knows. */
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** The commands that wait for their answers, by id. */
export class Requests {
  private readonly pending = new Map<number, Request>();
  private lastId = 0;

  /**
   * @param target what errors call the process or thread
   * @param transmit sends one message; false where that is not possible any more
   */
  constructor(
    private readonly target: string,
    private readonly transmit: (message: string, id: number) => boolean,
    /** How long an answer may take. */
    private readonly answerWithinMs = ANSWER_WITHIN_MS,
  ) {}

  send(method: string, params: object): Promise<never> {
    return new Promise<never>((resolve, reject) => {
      const id = ++this.lastId;
      const withinMs = method === 'HeapProfiler.takeHeapSnapshot' ? SNAPSHOT_WITHIN_MS : this.answerWithinMs;
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(
          new Problem(
            'LEAK_LAB_NO_INSPECTOR',
            `${this.target} did not answer ${method} within ${withinMs / 1000} s: it is stopped or too busy. Resume it if a debugger or a signal has stopped it, and try again.`,
          ),
        );
      }, withinMs);
      timer.unref(); // what waits for an answer has a connection open
      this.pending.set(id, { method, resolve, reject, timer });
      if (this.transmit(JSON.stringify({ id, method, params }), id)) return;
      this.take(id);
      reject(new Problem('LEAK_LAB_DIED', `${this.target} has ended. Start it again and measure anew.`));
    });
  }

  settle({ id, result, error }: Message): void {
    if (id === undefined) return;
    const request = this.take(id);
    if (!request) return;
    if (!error) request.resolve(result as never);
    else
      request.reject(
        new Problem(
          'LEAK_LAB_NO_INSPECTOR',
          `the inspector of ${this.target} refused ${request.method}: ${error.message}`,
        ),
      );
  }

  failAll(): void {
    for (const id of this.pending.keys())
      this.take(id)?.reject(
        new Problem(
          'LEAK_LAB_DIED',
          `${this.target} ended before it answered. Start it again and measure anew.`,
        ),
      );
  }

  private take(id: number): Request | undefined {
    const request = this.pending.get(id);
    this.pending.delete(id);
    clearTimeout(request?.timer);
    return request;
  }
}
