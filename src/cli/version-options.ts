import { readFile } from 'node:fs/promises';
import { RequestSource } from '../../load/request-source.js';
import type { RequestTemplate } from '../../load/request-template.js';
import { recordedRequests } from '../../load/recorded-requests.js';
import { many, text, whole } from '../command/options.js';
import { Problem } from '../kit/problem.js';
import { requestOptions, type RequestSettings, templatesOf } from './request-options.js';

const isUrl = (value: string): boolean => {
  const filled = value.replaceAll('{port}', '1');
  return URL.canParse(filled) && new URL(filled).protocol === 'http:';
};

/** The options of commands that start versions of a service themselves: what is sent, and how it is started. */
export const trafficOptions = {
  url: many(
    text({
      default: undefined,
      placeholder: 'URL',
      example: 'http://127.0.0.1:{port}/orders/{n}',
      accepts: "an address such as 'http://127.0.0.1:{port}/orders/{n}'",
      test: isUrl,
      why: 'the URL to send requests to; may be given several times, and then the URLs take turns. Only its path is used: the port is that of the version. {n} is replaced by the number of the request, {random} by digits that follow from it, the same for each version',
    }),
    16,
  ),
  ...requestOptions,
  replay: text({
    default: undefined,
    placeholder: 'FILE',
    example: 'requests.jsonl',
    why: 'send recorded requests instead of --url: an HTTP archive (.har), or one JSON object per line with method, path, headers and body. They are sent in order, and again from the start',
  }),
  connections: whole({
    default: 10,
    min: 1,
    max: 1_000,
    why: 'the number of concurrent connections; 1 sends each request after the answer to the one before',
  }),
  startTimeout: whole({
    default: 60,
    min: 1,
    max: 3_600,
    placeholder: 'SECONDS',
    why: 'how long a version may take until it answers',
  }),
} as const;

export interface TrafficSettings extends RequestSettings {
  url: string[];
  replay: string | undefined;
}

/** The requests that the options describe. @throws Problem LEAK_LAB_SETTINGS */
export async function requestSource(settings: TrafficSettings): Promise<RequestSource> {
  const { url, replay } = settings;
  if (url.length > 0 && replay !== undefined)
    throw new Problem('LEAK_LAB_SETTINGS', '--url and --replay both say what to send: pass one of them');
  if (replay !== undefined) return new RequestSource(await replayed(replay));
  if (url.length === 0)
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      "nothing to send: pass --url 'http://127.0.0.1:{port}/…', or --replay FILE",
    );
  return new RequestSource(templatesOf(url, settings));
}

async function replayed(file: string): Promise<RequestTemplate[]> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (cause) {
    throw new Problem('LEAK_LAB_SETTINGS', `cannot read the requests in ${file}: ${String(cause)}`, {
      cause,
    });
  }
  return recordedRequests(content, file);
}
