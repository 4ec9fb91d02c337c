import { EventEmitter } from 'node:events';
import { Session } from 'node:inspector/promises';
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';
import { WebSocket } from 'ws';
import { Problem } from '../problem.js';

/** Node's own additions to the protocol (src/inspector/node_protocol.pdl in nodejs/node). */
interface NodeCommands {
  'NodeWorker.enable': { paramsType: [{ waitForDebuggerOnStart: boolean }]; returnType: void };
  'NodeWorker.disable': { paramsType: []; returnType: void };
}
interface NodeEvents {
  'NodeWorker.attachedToWorker': [{ sessionId: string; workerInfo: { title: string; url: string } }];
}

type Commands = ProtocolMapping.Commands & NodeCommands;
type Events = ProtocolMapping.Events & NodeEvents;

/** A session with the inspector of a process, this one or another, typed by the Chrome DevTools Protocol. */
export interface InspectorSession {
  /** Sends one command and waits for its answer. */
  post<Method extends keyof Commands>(
    method: Method,
    ...params: Commands[Method]['paramsType']
  ): Promise<Commands[Method]['returnType']>;
  /** Calls the listener at every event of this name. @returns what ends that. */
  on<Event extends keyof Events>(event: Event, listener: (params: Events[Event][0]) => void): () => void;
  close(): Promise<void>;
}

/** The inspector of this process. */
export function ownSession(): InspectorSession {
  const session = new Session();
  session.connect();
  return {
    // Node types each command by an overload of its own, which no generic call can choose from.
    post: (method, ...[params]) => session.post(method as never, params as never) as Promise<never>,
    on: (event, listener) => {
      const heard = ({ params }: { params: never }): void => listener(params);
      session.on(event, heard as never);
      return () => session.off(event, heard as never);
    },
    close: async () => session.disconnect(),
  };
}

/** A collection of a heap of gigabytes takes seconds; a process that is silent for a minute does not run. */
const PATIENCE_MS = 60_000;
/** A snapshot of such a heap takes minutes. */
const PATIENCE_FOR_SNAPSHOT_MS = 20 * 60_000;
const FAREWELL_MS = 500;

interface Message {
  id?: number;
  result?: unknown;
  /** Of an event, which has no id. */
  method?: string;
  params?: unknown;
  error?: { message: string };
}

/** The inspector of another process, at the address that it published. */
export async function remoteSession(webSocketUrl: string, pid: number): Promise<InspectorSession> {
  const socket = new WebSocket(webSocketUrl, { perMessageDeflate: false, handshakeTimeout: PATIENCE_MS });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  const events = new EventEmitter();
  let lastId = 0;

  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      for (const { reject } of waiting.values())
        reject(new Problem('LEAK_LAB_DIED', `process ${pid} ended while it was asked`));
      waiting.clear();
      resolve();
    });
  });
  socket.on('message', (data) => {
    // Text frames, which ws hands over as a Buffer.
    const { id, result, error, method, params } = JSON.parse((data as Buffer).toString()) as Message;
    if (method) events.emit(method, params);
    const waiter = id === undefined ? undefined : waiting.get(id);
    if (!waiter) return;
    waiting.delete(id!);
    if (error)
      waiter.reject(
        new Problem('LEAK_LAB_NO_INSPECTOR', `the inspector of process ${pid} says: ${error.message}`),
      );
    else waiter.resolve(result as never);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (cause) =>
      reject(
        new Problem(
          'LEAK_LAB_NO_INSPECTOR',
          `cannot talk to the inspector of process ${pid}: ${cause.message}`,
          { cause },
        ),
      ),
    );
  });
  socket.on('error', () => {}); // what breaks later closes the socket, and that is told to those who wait

  return {
    post: (method, ...[params = {}]) =>
      new Promise<never>((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) {
          reject(new Problem('LEAK_LAB_DIED', `process ${pid} has ended`));
          return;
        }
        const id = ++lastId;
        const patienceMs =
          method === 'HeapProfiler.takeHeapSnapshot' ? PATIENCE_FOR_SNAPSHOT_MS : PATIENCE_MS;
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(
            new Problem(
              'LEAK_LAB_NO_INSPECTOR',
              `process ${pid} did not answer ${method} within ${patienceMs / 1000} s: it is stopped, in a debugger or by a signal, or too busy`,
            ),
          );
        }, patienceMs);
        const settle =
          <T>(then: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer);
            then(value);
          };
        waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
        socket.send(JSON.stringify({ id, method, params }));
      }),
    on: (event, listener) => {
      events.on(event, listener);
      return () => events.off(event, listener);
    },
    close: async () => {
      socket.close();
      // A process that is exiting answers no farewell: Node waits at its end until everybody has let go.
      const timer = setTimeout(() => socket.terminate(), FAREWELL_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}
