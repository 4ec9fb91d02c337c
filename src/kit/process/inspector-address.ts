import http from 'node:http';
import { text } from 'node:stream/consumers';

/** How long a port that may be an inspector's is given to answer. */
const ANSWERS_WITHIN_MS = 2_000;

/** The WebSocket address that an inspector publishes; undefined where none answers. */
export async function inspectorAt(port: number, host = '127.0.0.1'): Promise<string | undefined> {
  try {
    const list = await bodyAt(`http://${host}:${port}/json/list`);
    // Anything may listen there. What is not this shape throws, and counts as no inspector.
    const targets = JSON.parse(list) as { type?: string; webSocketDebuggerUrl?: string }[];
    return targets.find(({ type }) => type === 'node')?.webSocketDebuggerUrl;
  } catch {
    return undefined;
  }
}

/**
 * Not by `fetch`: when the process is killed while it connects, the promise of `fetch` may stay pending without a
 * socket or timer that keeps the event loop alive, and Node exits with code 13 (Node 20.20.2, undici 6.24.1).
 */
async function bodyAt(url: string): Promise<string> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const options = { agent: false, signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) };
    http.get(url, options, resolve).once('error', reject);
  });
  return text(response);
}
