import type { EventEmitter } from 'node:events';
import type { Server } from 'node:net';
import type { HttpAdapterHost } from '@nestjs/core';

/** Nest types the server of an unknown adapter as `any`; of every adapter for HTTP it is one of Node's. */
export function httpServerOf(adapters: HttpAdapterHost): Server | undefined {
  return adapters.httpAdapter?.getHttpServer() as Server | undefined;
}

export function listenersOf(emitter: EventEmitter | undefined): number {
  if (typeof emitter?.eventNames !== 'function') return 0;
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}

/** How many connections clients hold open now; they vary with the traffic, and no leak of the service is among them. */
export async function acceptedConnections(server: Server | undefined): Promise<number> {
  if (typeof server?.getConnections !== 'function') return 0;
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)));
}
