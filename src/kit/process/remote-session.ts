import { EventEmitter } from 'node:events';
import { WebSocket } from 'ws';
import { Problem } from '../problem.js';
import { ANSWER_WITHIN_MS, type Message, Requests } from './requests.js';
import { SendWindow } from './send-window.js';
import type { InspectorSession } from './session.js';

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
  const isOpen = (): boolean => socket.readyState === WebSocket.OPEN;
  const window = new SendWindow((message) => {
    if (isOpen()) socket.send(message); // what is not sent any more is rejected when the socket has closed
  });
  const requests = new Requests(target, (message, id) => {
    if (!isOpen()) return false;
    window.send(id, message);
    return true;
  });
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
    if (message.id !== undefined) window.answered(message.id);
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
