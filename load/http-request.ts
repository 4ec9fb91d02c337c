import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';

export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Until {
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
 * One request, as the load sends them: no redirect is followed, and any port and any body will do. `fetch` asks no
 * port that browsers keep away from, such as 6000, and sends no body with a GET.
 */
export async function ask(url: URL, asking: Asking, until: Until): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = asking;
  // Not AbortSignal.any: Node 20 lets go of the signal of a time-out in it before its time.
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, until.withinMs);
  until.signal.addEventListener('abort', stop, { once: true });
  try {
    until.signal.throwIfAborted();
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const options = { method, headers, signal: controller.signal };
      const send = url.protocol === 'https:' ? https.request : http.request;
      send(url, options, resolve).once('error', reject).end(body);
    });
    return {
      status: response.statusCode!,
      statusText: response.statusMessage!,
      location: response.headers.location,
      body: await text(response),
    };
  } finally {
    clearTimeout(timer);
    until.signal.removeEventListener('abort', stop);
  }
}
