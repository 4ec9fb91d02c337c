import { STATUS_CODES } from 'node:http';
import { INSTALLED } from '../src/command/installed.js';
import type { FailureKind } from './client.js';
import type { FailureCode, Failures } from './round.js';

/** How many failures of a kind are listed; the rest is summed up. */
const MOST_LISTED = 4;

const KINDS: Record<FailureKind, string> = {
  refused: 'no connection',
  aborted: 'connection closed by the service',
  timeout: 'no answer in time',
  'not-http': 'no HTTP answer',
};

/** What a request failed with: `404 Not Found`, or why it has no response. */
export function failureText(code: FailureCode): string {
  if (code in KINDS) return KINDS[code as FailureKind];
  return `${code} ${STATUS_CODES[code] ?? ''}`.trim();
}

/** All kinds of failures, the most frequent first: `500 Internal Server Error (1,200), no answer in time (3)`. */
export function failuresText(failures: Failures): string {
  const listed = byCount(failures);
  const shown = listed
    .slice(0, MOST_LISTED)
    .map(([code, times]) => `${failureText(code)} (${times.toLocaleString('en')})`);
  const rest = listed.slice(MOST_LISTED).reduce((sum, [, times]) => sum + times, 0);
  return [...shown, ...(rest > 0 ? [`other failures (${rest.toLocaleString('en')})`] : [])].join(', ');
}

/** The failure that is most frequent. */
export function mainFailure(failures: Failures): FailureCode {
  return byCount(failures)[0]?.[0] ?? 'refused';
}

function byCount(failures: Failures): [FailureCode, number][] {
  return (Object.entries(failures) as [FailureCode, number][]).toSorted(([, a], [, b]) => b - a);
}

/** What to do where every request fails with this. @param isLab whether the service is the one of this repository */
export function adviceOn(code: FailureCode, url: URL, isLab = false): string {
  const own = isLab && !INSTALLED ? `, such as ${url.origin}/users/random` : '';
  if (code.startsWith('3'))
    return `Pass the address that it redirects to, or one that answers 2xx${own}. ${ANY_STATUS}`;
  if (code.startsWith('5')) return `See the log of the service, and mend that first. ${ANY_STATUS}`;
  const kind: string = code;
  switch (kind) {
    case '401':
    case '403':
    case '407':
      return `It asks for credentials: pass them as a header, such as --header "authorization: Bearer TOKEN", or --header "cookie: NAME=VALUE".`;
    case '404':
      return url.pathname === '/'
        ? `The URL has no path: pass an address of the service that answers 2xx with --url${own || `, such as ${url.origin}/some/path`}.`
        : `Pass an address that answers 2xx with --url${own}; or a --method other than GET, if that path has another. ${ANY_STATUS}`;
    case '405':
      return `That path has another method: pass it, such as --method POST.`;
    case '400':
    case '411':
    case '415':
    case '422':
      return `It wants another request: pass --method, --body, or --header "content-type: application/json".`;
    case '421':
    case '426':
    case '505':
      return `It wants another version of HTTP: pass --http2.`;
    case '429':
      return `It limits the rate of requests: start it without that limit, or measure under the traffic that it has, with --watch SECONDS.`;
    case 'not-http':
      return `It may speak HTTP/2 (pass --http2), TLS (pass an https: address), or no HTTP (send its traffic yourself, and measure with --watch SECONDS or --load COMMAND).`;
    case 'aborted':
      return `It closes every connection: it may want TLS (an https: address) or HTTP/2 (--http2); else see its log.`;
    case 'timeout':
      return `See the log of the service. A response that never ends, such as a stream of events, cannot be used as load: send such traffic yourself, and measure with --watch SECONDS or --load COMMAND.`;
    default:
      return `Pass an address that answers 2xx${own}. ${ANY_STATUS}`;
  }
}

const ANY_STATUS = 'If these answers are what you want to measure, pass --any-status.';
