import { randomBytes } from 'node:crypto';
import type { SentRequest } from '../src/kit/compare/index.js';

/** One kind of request. In path and body `{n}` stands for a running number and `{random}` for 16 random digits. */
export type RequestTemplate = SentRequest;

let requestNumber = 0;

/** Replaces the placeholders of a text, with new values at each call. */
export function fillIn(text: string): string {
  if (!text.includes('{')) return text;
  return text
    .replaceAll('{n}', () => String((requestNumber += 1)))
    .replaceAll('{random}', () => randomBytes(8).toString('hex'));
}

/** The request of a template, with new values for its placeholders. */
export function filledIn(template: RequestTemplate): SentRequest {
  const { path, body } = template;
  return { ...template, path: fillIn(path), ...(body === undefined ? {} : { body: fillIn(body) }) };
}
