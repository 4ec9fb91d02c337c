import { Problem } from '../src/kit/problem.js';
import type { RequestTemplate } from './request-template.js';

/** Headers that belong to the connection the request was recorded on. */
export const OF_CONNECTION = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'proxy-connection',
  'te',
  'trailer',
  'expect',
]);

/**
 * The requests of a recording: an HTTP archive (HAR 1.2), or JSON lines with `method`, `path`, `headers` and `body`, of
 * which only `path` is needed.
 *
 * @throws Problem LEAK_LAB_SETTINGS that names the entry that cannot be used
 */
export function recordedRequests(content: string, file: string): RequestTemplate[] {
  const entries = archiveIn(content) ?? linesIn(content, file);
  if (entries.length === 0)
    throw new Problem('LEAK_LAB_SETTINGS', `${file} has no requests: record some, or pass --url`);
  return entries.map((entry, i) => templateOf(entry, `request ${i + 1} of ${file}`));
}

/** What is read from a file: any field may have any value. */
type Unchecked = Record<string, unknown>;

function archiveIn(content: string): Unchecked[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    return null; // several lines of JSON are no JSON
  }
  const entries = at(at(parsed, 'log'), 'entries');
  return Array.isArray(entries) ? entries.map((entry) => ofArchive(at(entry, 'request'))) : null;
}

/** A request of an archive, whose headers are a list and whose body is text beside its type. */
function ofArchive(request: unknown): Unchecked {
  const headers = at(request, 'headers');
  return {
    method: at(request, 'method'),
    path: at(request, 'url'),
    headers: Object.fromEntries(
      (Array.isArray(headers) ? headers : []).map((one: unknown) => [
        String(at(one, 'name')),
        at(one, 'value'),
      ]),
    ),
    body: at(at(request, 'postData'), 'text'),
  };
}

function linesIn(content: string, file: string): Unchecked[] {
  return content
    .split('\n')
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => {
      try {
        return JSON.parse(line) as Unchecked;
      } catch (cause) {
        throw new Problem(
          'LEAK_LAB_SETTINGS',
          `line ${number} of ${file} is not JSON: ${line.slice(0, 80)}. It needs a line such as {"method":"GET","path":"/orders/7"} for each request, or an HTTP archive`,
          { cause },
        );
      }
    });
}

function templateOf(entry: Unchecked, where: string): RequestTemplate {
  const bad = (what: string): Problem =>
    new Problem('LEAK_LAB_SETTINGS', `${where} ${what}: ${JSON.stringify(entry).slice(0, 120)}`);
  const method = at(entry, 'method') ?? 'GET';
  const path = at(entry, 'path') ?? at(entry, 'url');
  const body = at(entry, 'body');
  if (typeof method !== 'string' || !/^[A-Za-z]+$/.test(method)) throw bad('has no method');
  if (typeof path !== 'string' || !/^(\/|https?:\/\/)/i.test(path))
    throw bad('has no path that begins with /');
  const headers = Object.entries(at(entry, 'headers') ?? {})
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    // HTTP/2 writes method and path as headers whose names begin with a colon.
    .filter(([name]) => !name.startsWith(':') && !OF_CONNECTION.has(name));
  return {
    method: method.toUpperCase(),
    path: path.replace(/^https?:\/\/[^/?#]+/i, '').replace(/#.*$/, '') || '/',
    headers: Object.fromEntries(headers),
    body: body === undefined || body === null ? undefined : textOf(body),
  };
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Unchecked)[key] : undefined;
}
