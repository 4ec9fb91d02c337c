import { createHash } from 'node:crypto';
import type { SentRequest } from '../src/kit/compare/index.js';
import type { RequestTemplate } from './request-template.js';

/** Requests by number: the same number is the same request, for whichever service. */
export class RequestSource {
  /** @param templates take turns; there is at least one */
  constructor(private readonly templates: readonly RequestTemplate[]) {}

  /** After how many requests the same ones come again; null where each has a number or digits of its own. */
  get repeatsAfter(): number | null {
    const isFixed = this.templates.every(({ path, body }) => !/\{(n|random)\}/.test(path + (body ?? '')));
    return isFixed ? this.templates.length : null;
  }

  at(index: number): SentRequest {
    const template = this.templates[index % this.templates.length];
    if (!template) throw new Error('a source of requests needs a template');
    const { method, path, headers, body } = template;
    return {
      method,
      path: filled(path, index),
      headers,
      ...(body === undefined ? {} : { body: filled(body, index) }),
    };
  }

  range(from: number, count: number): SentRequest[] {
    return Array.from({ length: count }, (_, i) => this.at(from + i));
  }
}

/** `{n}` is the number of the request from 1, `{random}` 16 digits that follow from it. */
function filled(text: string, index: number): string {
  return text
    .replaceAll('{n}', String(index + 1))
    .replaceAll('{random}', () => createHash('sha256').update(String(index)).digest('hex').slice(0, 16));
}
