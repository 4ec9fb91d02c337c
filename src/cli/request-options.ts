import { readFile, stat } from 'node:fs/promises';
import { validateHeaderValue } from 'node:http';
import type { Transport } from '../../load/client.js';
import type { RequestTemplate } from '../../load/request-template.js';
import { many, text, toggle } from '../command/options.js';
import { Problem } from '../kit/problem.js';

export const isUrl = (value: string): boolean =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

/** What each request is. */
export const requestOptions = {
  method: text({
    default: 'GET',
    placeholder: 'METHOD',
    test: (value) => /^[A-Z]+$/.test(value),
    accepts: 'a method such as POST',
    why: 'the HTTP method of the requests',
  }),
  body: text({
    default: undefined,
    placeholder: 'TEXT',
    why: 'the body of each request; {n} and {random} are replaced as in --url',
  }),
  header: many(
    text({
      default: undefined,
      placeholder: 'NAME:VALUE',
      accepts: 'a header such as content-type:application/json',
      test: (value) => /^[\w-]+:/.test(value),
      why: 'a header of each request; may be given several times',
    }),
    16,
  ),
} as const;

/** How the service is reached, and which answers count. */
export const transportOptions = {
  unix: text({
    default: undefined,
    placeholder: 'PATH',
    why: 'the Unix socket that the service listens on; the host of --url is then only a header',
  }),
  ca: text({
    default: undefined,
    placeholder: 'FILE',
    example: 'ca.pem',
    why: 'the certificates to trust, as PEM: that of the service, or of its authority',
  }),
  insecure: toggle({ why: 'accept any certificate of an https: address' }),
  http2: toggle({
    why: 'speak HTTP/2 in clear text to an http: address. An https: address is asked which version it prefers',
  }),
  anyStatus: toggle({ why: 'count a response of any status as success; without it, those of 2xx' }),
  failOnError: toggle({
    why: 'stop at the first round in which a request fails; without it, failures are counted',
  }),
} as const;

export interface RequestSettings {
  method: string;
  body: string | undefined;
  header: string[];
}

export interface TransportSettings {
  unix: string | undefined;
  ca: string | undefined;
  insecure: boolean;
  http2: boolean;
  anyStatus: boolean;
  failOnError: boolean;
}

/** One template for each URL. @throws Problem LEAK_LAB_SETTINGS for a header that HTTP does not allow */
export function templatesOf(
  urls: readonly string[],
  { method, body, header }: RequestSettings,
): RequestTemplate[] {
  const headers = Object.fromEntries(header.map(headerOf));
  return urls.map((one) => ({ method, path: pathOf(one), body, headers }));
}

function headerOf(text: string): [name: string, value: string] {
  const colon = text.indexOf(':'); // its position is checked when the option is read
  const [name, value] = [text.slice(0, colon), text.slice(colon + 1).trim()];
  try {
    validateHeaderValue(name, value);
  } catch (cause) {
    throw new Problem('LEAK_LAB_SETTINGS', `--header ${text}: ${(cause as Error).message}`, { cause });
  }
  return [name, value];
}

/** Not the path of a URL object, which would encode the braces of placeholders. */
function pathOf(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?#]+/i, '').replace(/#.*$/, '');
  const encoded = path.replaceAll(/[^!-~]+/g, encodeURIComponent);
  return encoded.startsWith('/') ? encoded : `/${encoded}`;
}

/** @throws Problem LEAK_LAB_SETTINGS where a file is missing, or what it names is of another kind */
export async function transportOf({ unix, ca, insecure, http2 }: TransportSettings): Promise<Transport> {
  if (unix !== undefined && !(await stat(unix).catch(() => undefined))?.isSocket())
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      `--unix ${unix} is no socket: check the path, and that the service runs`,
    );
  return { socketPath: unix, ca: ca === undefined ? undefined : await certificates(ca), insecure, http2 };
}

async function certificates(file: string): Promise<string> {
  const pem = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new Problem('LEAK_LAB_SETTINGS', `cannot read --ca ${file}: ${cause.message}`, { cause });
  });
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      `--ca ${file} has no certificate: give a PEM file, with lines such as -----BEGIN CERTIFICATE-----`,
    );
  return pem;
}
