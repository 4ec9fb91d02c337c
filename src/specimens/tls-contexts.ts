import { createSecureContext, type SecureContext } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { findOrder, isOneIn, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * TLS context that is not replaced
 *
 * Met: a server with many host names loads a new certificate for one of them, and adds a context for it. The old one
 * stays in the list. Contexts that are created for each connection, and cached by a name that clients choose, are the
 * same.
 * Case: nodejs/node#34451, where `addContext` adds to a list from which nothing is removed.
 * Shows: native memory by 13 kB per context, and more for each certificate that OpenSSL parsed. The heap has an object
 * of some hundred bytes for each.
 * Fix: store one context per host name, so that the new one replaces the old one, and limit how many names there are.
 * Cost: none.
 */

const ONE_IN = 20;
const HOSTS = 4;

@Injectable()
export class LeakyTlsContexts extends Specimen {
  private readonly contexts: [host: number, context: SecureContext][] = [];

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const context = createSecureContext({ minVersion: 'TLSv1.2' });
    this.contexts.push([hostOf(order), context]); // ← the bug: the context of the old certificate stays in the list
    return order;
  }
}

@Injectable()
export class FixedTlsContexts extends Specimen {
  /** Bounded by the number of hosts. */
  private readonly contexts = new Map<number, SecureContext>();

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const context = createSecureContext({ minVersion: 'TLSv1.2' });
    this.contexts.set(hostOf(order), context);
    return order;
  }
}

/** The host whose certificate was renewed. */
function hostOf({ cents }: Order): number {
  return Math.floor(cents / ONE_IN) % HOSTS;
}

export const tlsContexts: Pair = { leaky: LeakyTlsContexts, fixed: FixedTlsContexts };
