import { Session } from 'node:inspector/promises';
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';

/** Node's additions to the protocol (src/inspector/node_protocol.pdl in nodejs/node). */
interface NodeCommands {
  'NodeWorker.enable': { paramsType: [{ waitForDebuggerOnStart: boolean }]; returnType: void };
  'NodeWorker.disable': { paramsType: []; returnType: void };
  'NodeWorker.sendMessageToWorker': {
    paramsType: [{ sessionId: string; message: string }];
    returnType: void;
  };
}
interface NodeEvents {
  'NodeWorker.attachedToWorker': [{ sessionId: string; workerInfo: { title: string; url: string } }];
  'NodeWorker.detachedFromWorker': [{ sessionId: string }];
  'NodeWorker.receivedMessageFromWorker': [{ sessionId: string; message: string }];
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
  /** Calls the listener at every event of this name. @returns a function that removes it */
  on<Event extends keyof Events>(event: Event, listener: (params: Events[Event][0]) => void): () => void;
  close(): Promise<void>;
}

/** The inspector of this process. */
export function ownSession(): InspectorSession {
  const session = new Session();
  session.connect();
  return {
    // Node types each command as an overload of its own, and a generic call cannot select one: hence the casts.
    post: (method, ...[params]) => session.post(method as never, params as never) as Promise<never>,
    on: (event, listener) => {
      const handler = ({ params }: { params: never }): void => listener(params);
      session.on(event, handler as never);
      return () => session.off(event, handler as never);
    },
    close: async () => session.disconnect(),
  };
}
