import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Message, Requests } from './requests.js';
import type { InspectorSession } from './session.js';

/** A worker thread, with an inspector session of its own inside the session of its process. */
export interface WorkerThread {
  /** Node's number of the thread (`threadId`). */
  thread: number;
  /** The path of its script; empty for code that was passed as text. */
  script: string;
  /** Closing it closes nothing: it ends with the session of the process. */
  session: InspectorSession;
}

/** One thread of many does not keep the others waiting for a minute: they are measured in the same rounds. */
const ANSWER_WITHIN_MS = 20_000;

interface Nested {
  requests: Requests;
  events: EventEmitter;
}

/**
 * Opens a session with every worker thread that a process has now, threads of threads included. They close with the
 * session of the process, or when `NodeWorker.disable` is sent to it.
 *
 * @param session of the main thread
 * @param target what errors call the process
 */
export async function workerThreads(session: InspectorSession, target: string): Promise<WorkerThread[]> {
  const found: WorkerThread[] = [];
  const open = new Map<string, Nested>();
  const stop = session.on('NodeWorker.attachedToWorker', ({ sessionId, workerInfo }) => {
    const thread = Number(/\[worker (\d+)\]/.exec(workerInfo.title)?.[1] ?? 0);
    const nested = nest(session, sessionId, `worker thread ${thread} of ${target}`);
    open.set(sessionId, nested);
    found.push({ thread, script: pathOf(workerInfo.url), session: sessionOf(nested) });
  });
  session.on('NodeWorker.receivedMessageFromWorker', ({ sessionId, message: text }) => {
    const nested = open.get(sessionId);
    const message = JSON.parse(text) as Message;
    if (message.method !== undefined) nested?.events.emit(message.method, message.params);
    nested?.requests.settle(message);
  });
  session.on('NodeWorker.detachedFromWorker', ({ sessionId }) => {
    open.get(sessionId)?.requests.failAll();
    open.delete(sessionId);
  });
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  stop(); // threads that start later are not attached to
  return found.toSorted((a, b) => a.thread - b.thread);
}

function nest(session: InspectorSession, sessionId: string, target: string): Nested {
  const requests = new Requests(
    target,
    (message) => {
      // The session of the process refuses it when the thread has ended.
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => requests.failAll());
      return true;
    },
    ANSWER_WITHIN_MS,
  );
  return { requests, events: new EventEmitter() };
}

function sessionOf({ requests, events }: Nested): InspectorSession {
  return {
    post: (method, ...[params = {}]) => requests.send(method, params),
    on: (event, listener) => {
      events.on(event, listener);
      return () => events.off(event, listener);
    },
    close: async () => {},
  };
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}
