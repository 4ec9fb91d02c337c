/** Classes of Node that have one object per connection. */
const CONNECTIONS = /^(?:Socket|TLSSocket|TCP|Pipe|HTTPParser|ServerHttp2Session)$/;

/** A connection that leaks belongs to a request. Of requests that keep connections alive, far more share one. */
export const FEWEST_LEAKED = 1 / 20;

export function isConnection(className: string): boolean {
  return CONNECTIONS.test(className);
}
