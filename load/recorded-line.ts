import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { OF_CONNECTION } from './recorded-requests.js';

/** A longer body is passed on and not recorded. */
const MOST_BODY_BYTES = 2 ** 20;
/** Names of headers that hold credentials, of which every application invents its own. */
const SECRET = /auth|cookie|token|secret|password|session|signature|csrf|xsrf|api-?key|credential/i;

/** The body of one request while it passes, as far as it can be recorded. */
export class RecordedBody {
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes <= MOST_BODY_BYTES) this.chunks.push(chunk);
    else this.chunks.length = 0;
  }

  /** Empty for no body; null for one that is too long or no text, which a line of JSON could not repeat as it was. */
  text(): string | null {
    const whole = Buffer.concat(this.chunks);
    return this.bytes > MOST_BODY_BYTES || !isUtf8(whole) ? null : whole.toString();
  }
}

export const isSecret = (name: string): boolean => SECRET.test(name);

/** One line of a recording, without headers of its connection and those that are not wanted. */
export function recordedLine(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  path: string,
  body: string,
  isWanted: (header: string) => boolean,
): string {
  const recorded = Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name) && isWanted(name));
  const request = { method, path, headers: Object.fromEntries(recorded), ...(body === '' ? {} : { body }) };
  return `${JSON.stringify(request)}\n`;
}
