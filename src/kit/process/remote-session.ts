import { EventEmitter } from 'node:events';
import { WebSocket } from 'ws';
import { Problem } from '../problem.js';
import type { InspectorSession } from './session.js';

/** A collection of a heap of gigabytes takes seconds. A process that does not answer for a minute is stopped. */
const ANSWER_WITHIN_MS = 60_000;
/** A snapshot of such a heap takes minutes. */
const SNAPSHOT_WITHIN_MS = 20 * 60_000;
const CLOSES_WITHIN_MS = 500;

/**
 * A session with the inspector of another process.
 *
 * @param webSocketUrl the address that the inspector publishes
 * @param target what errors call the process, such as `process 123`
 * @throws Problem LEAK_LAB_NO_INSPECTOR when no connection can be made. The session's `post` rejects with it when the
 *   inspector refuses a command or does not answer in time, and with LEAK_LAB_DIED when the process ends.
 */
export async function remoteSession(webSocketUrl: string, target: string): Promise<InspectorSession> {
  const socket = new WebSocket(webSocketUrl, {
    perMessageDeflate: false,
    handshakeTimeout: ANSWER_WITHIN_MS,
  });
  const requests = new Requests(socket, target);
  const events = new EventEmitter();
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      requests.failAll();
      resolve();
    });
  });
  socket.on('message', (data) => {
    // The inspector sends text frames in the protocol's shape, and ws passes each on as one Buffer.
    const message = JSON.parse((data as Buffer).toString()) as Message;
    if (message.method !== undefined) events.emit(message.method, message.params);
    requests.settle(message);
  });
  await opened(socket, target);
  socket.on('error', () => {}); // the socket closes after an error, and that rejects the pending requests

  return {
    post: (method, ...[params = {}]) => requests.send(method, params),
    on: (event, listener) => {
      events.on(event, listener);
      return () => events.off(event, listener);
    },
    close: async () => {
      socket.close();
      // A process that is exiting does not answer the closing handshake: Node waits for its clients to disconnect.
      const timer = setTimeout(() => socket.terminate(), CLOSES_WITHIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function opened(socket: WebSocket, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (cause) =>
      reject(
        new Problem(
          'LEAK_LAB_NO_INSPECTOR',
          `cannot connect to the inspector of ${target}: ${cause.message}. Check that the process still runs, and try again.`,
          { cause },
        ),
      ),
    );
  });
}

interface Message {
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
class Requests {
  private readonly pending = new Map<number, Request>();
  private lastId = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly target: string,
  ) {}

  send(method: string, params: object): Promise<never> {
    return new Promise<never>((resolve, reject) => {
      if (this.socket.readyState !== WebSocket.OPEN) {
        reject(new Problem('LEAK_LAB_DIED', `${this.target} has ended. Start it again and measure anew.`));
        return;
      }
      const id = ++this.lastId;
      const withinMs = method === 'HeapProfiler.takeHeapSnapshot' ? SNAPSHOT_WITHIN_MS : ANSWER_WITHIN_MS;
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(
          new Problem(
            'LEAK_LAB_NO_INSPECTOR',
            `${this.target} did not answer ${method} within ${withinMs / 1000} s: it is stopped or too busy. Resume it if a debugger or a signal has stopped it, and try again.`,
          ),
        );
      }, withinMs);
      this.pending.set(id, { method, resolve, reject, timer });
      this.socket.send(JSON.stringify({ id, method, params }));
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
