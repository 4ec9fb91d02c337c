import type { Client, Transport } from './client.js';
import { http1Client } from './http1-client.js';
import { http2Client } from './http2-client.js';

/** @param connections the most requests that are on their way at a time */
export function openClient(origin: URL, transport: Transport, connections: number): Client {
  return (transport.http2 ? http2Client : http1Client)(origin, transport, connections);
}
