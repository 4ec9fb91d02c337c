import type { RequestTemplate } from '../../load/request-template.js';
import { Problem } from '../kit/problem.js';

/** The options of `diagnose` that concern a running process. */
export interface LiveSettings {
  pid: number | undefined;
  inspect: string | undefined;
  url: string[];
  method: string;
  body: string | undefined;
  header: string[];
  requests: number | undefined;
  connections: number;
  watch: number | undefined;
  allowRemote: boolean;
  maxPauseMs: number | undefined;
  noSnapshot: boolean;
  force: boolean;
  noGc: boolean;
  clearSuspect: boolean;
  yes: boolean;
}

/** @throws Problem LEAK_LAB_SETTINGS for options that contradict each other. */
export function mustAgree({ url, watch, pid, inspect, clearSuspect, yes }: LiveSettings): void {
  const origins = new Set(url.map((one) => new URL(one).origin));
  const mistakes: [isMade: boolean, message: string][] = [
    [url.length > 0 && watch !== undefined, '--url sends load and --watch sends none: pass one of them'],
    [
      url.length === 0 && watch === undefined,
      'no workload: pass --url to send load, or --watch SECONDS to measure under existing traffic',
    ],
    [origins.size > 1, `every --url must be of the same service, not ${[...origins].join(' and ')}`],
    [
      clearSuspect && !yes && !process.stdin.isTTY,
      '--clear-suspect asks for confirmation: run it in a terminal, or pass --yes',
    ],
    [
      pid !== undefined && inspect !== undefined,
      '--pid and --inspect both name the process: pass one of them',
    ],
  ];
  const mistake = mistakes.find(([isMade]) => isMade);
  if (mistake) throw new Problem('LEAK_LAB_SETTINGS', mistake[1]);
}

/** One template for each `--url`. */
export function templatesOf({ url, method, body, header }: LiveSettings): RequestTemplate[] {
  const headers = Object.fromEntries(
    header.map((one) => {
      const colon = one.indexOf(':'); // its position is checked when the option is read
      return [one.slice(0, colon), one.slice(colon + 1).trimStart()] as const;
    }),
  );
  // Not the path of a URL object, which would encode the braces of placeholders.
  return url.map((one) => ({
    method,
    path: one.replace(/^https?:\/\/[^/?#]+/i, '') || '/',
    body,
    headers,
  }));
}
