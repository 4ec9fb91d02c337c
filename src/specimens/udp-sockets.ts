import { createSocket, type Socket } from 'node:dgram';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { findOrder, isOneIn, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Socket per message
 *
 * Met: a client for metrics, logs or DNS is created where it is needed, sends one message and is dropped. A socket that
 * has sent is bound to a port, and libuv retains it until it is closed. The same happens with an HTTP agent, or a
 * connection to a database, per request.
 * Case: sivy/node-statsd#3, where each metric that was sent left a socket.
 * Shows: the number of open sockets, and some kilobytes of native memory each. The process fails at its limit of open
 * files (EMFILE), or when the system has no free ports.
 * Fix: create one client when the service starts, use it for everything, and close it when the service stops.
 * Cost: none. One socket is also faster.
 */

const ONE_IN = 50;
const METRICS_PORT = 8125;

@Injectable()
export class LeakyUdpSockets extends Specimen implements OnModuleDestroy {
  private readonly sockets: Socket[] = [];

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (isOneIn(ONE_IN, order)) await sendMetric(this.socket());
    return order;
  }

  private socket(): Socket {
    const socket = createSocket('udp4');
    this.sockets.push(socket); // ← the bug: each metric has a socket of its own, which is open until the service stops
    return socket;
  }

  onModuleDestroy(): void {
    for (const socket of this.sockets) socket.close();
  }
}

@Injectable()
export class FixedUdpSockets extends Specimen implements OnModuleDestroy {
  private readonly sockets: Socket[] = [];

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (isOneIn(ONE_IN, order)) await sendMetric(this.socket());
    return order;
  }

  private socket(): Socket {
    const [shared = createSocket('udp4')] = this.sockets;
    this.sockets[0] = shared;
    return shared;
  }

  onModuleDestroy(): void {
    for (const socket of this.sockets) socket.close();
  }
}

/** To this machine. Nobody has to listen there. */
function sendMetric(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send('orders:1|c', METRICS_PORT, '127.0.0.1', (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

export const udpSockets: Pair = { leaky: LeakyUdpSockets, fixed: FixedUdpSockets };
