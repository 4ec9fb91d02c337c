import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';

/** What a request has beside its URL. Without a method it is a GET. */
export interface RequestParts {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Limits {
  withinMs: number;
  signal: AbortSignal;
}

export interface Answer {
  status: number;
  statusText: string;
  location: string | undefined;
  body: string;
}

/**
 * Sends one request the way the load does: it follows no redirect and accepts any port and any body. `fetch` refuses
 * ports that browsers block, such as 6000, and sends no body with a GET.
 */
export async function sendRequest(url: URL, parts: RequestParts, limits: Limits): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = parts;
  // Not AbortSignal.any: in Node 20 the signal of a timeout in it can be collected before it fires.
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, limits.withinMs);
  limits.signal.addEventListener('abort', stop, { once: true });
  try {
    limits.signal.throwIfAborted();
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const options = { method, headers, signal: controller.signal };
      const send = url.protocol === 'https:' ? https.request : http.request;
      send(url, options, resolve).once('error', reject).end(body);
    });
    return {
      status: response.statusCode ?? 0, // always set in a response to a client
      statusText: response.statusMessage ?? '',
      location: response.headers.location,
      body: await text(response),
    };
  } finally {
    clearTimeout(timer);
    limits.signal.removeEventListener('abort', stop);
  }
}
