import { canConfirm } from '../command/confirm.js';
import { Problem } from '../kit/problem.js';
import type { RequestSettings, TransportSettings } from './request-options.js';

/** The options of `diagnose` that concern a running process. */
export interface LiveSettings extends RequestSettings, TransportSettings {
  pid: number | undefined;
  inspect: string | undefined;
  url: string[];
  requests: number | undefined;
  connections: number;
  watch: number | undefined;
  load: string | undefined;
  allowRemote: boolean;
  maxPauseMs: number | undefined;
  noSnapshot: boolean;
  force: boolean;
  noGc: boolean;
  clearSuspect: boolean;
  yes: boolean;
}

/** @throws Problem LEAK_LAB_SETTINGS for options that contradict each other. */
export function mustAgree(settings: LiveSettings): void {
  const { url, watch, load, pid, inspect, unix, clearSuspect, yes } = settings;
  const origins = new Set(url.map((one) => new URL(one).origin));
  const mistakes: [isMade: boolean, message: string][] = [
    [url.length > 0 && watch !== undefined, '--url sends load and --watch sends none: pass one of them'],
    [url.length > 0 && load !== undefined, '--url and --load both make the process work: pass one of them'],
    [
      url.length === 0 && unix !== undefined,
      '--unix is the socket of the requests of --url: pass --url with their path, such as http://localhost/path',
    ],
    [
      url.length === 0 && watch === undefined && load === undefined,
      'no workload: pass --url to send load, --load COMMAND to run what sends it, or --watch SECONDS to measure under existing traffic',
    ],
    [origins.size > 1, `every --url must be of the same service, not ${[...origins].join(' and ')}`],
    [
      clearSuspect && !yes && !canConfirm(),
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
