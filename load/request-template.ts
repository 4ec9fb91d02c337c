import { randomBytes } from 'node:crypto';
import type autocannon from 'autocannon';

/** One kind of request. In path and body `{n}` stands for a running number and `{random}` for 16 random digits. */
export interface RequestTemplate {
  method: string;
  path: string;
  body?: string | undefined;
  headers: Record<string, string>;
}

const PLACEHOLDER = /\{(n|random)\}/;

let requestNumber = 0;

/** Replaces the placeholders of a text, with new values at each call. */
export function fillIn(text: string): string {
  return text
    .replaceAll('{n}', () => String((requestNumber += 1)))
    .replaceAll('{random}', () => randomBytes(8).toString('hex'));
}

/** The template as autocannon wants it, filled in anew for each request. */
export function engineRequest({ method, path, body, headers }: RequestTemplate): autocannon.Request {
  // The types list the usual methods only; the engine writes any method that it is given.
  const request = { method: method as 'GET', path, headers, ...(body === undefined ? {} : { body }) };
  if (!PLACEHOLDER.test(path + (body ?? ''))) return request;
  return {
    ...request,
    setupRequest: (now) => ({
      ...now,
      path: fillIn(path),
      ...(body === undefined ? {} : { body: fillIn(body) }),
    }),
  };
}
