import { createInterface } from 'node:readline/promises';
import type { Ask } from '../../load/drive.js';
import { fillIn, loadEngine } from '../../load/drive.js';
import { openTarget } from '../../load/target.js';
import { bar, StatusLine } from '../command/screen.js';
import {
  type Diagnosis,
  diagnose,
  ROUNDS,
  type Suspect,
  targetAt,
  type Work,
} from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';
import { attach, attachAt } from '../kit/process/attach.js';
import type { InspectorSession } from '../kit/process/session.js';
import { drivenWork, type Driven, watchedWork } from './diagnose-work.js';

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

interface Reached {
  session: InspectorSession;
  pid: number;
  release(): Promise<void>;
}

/** Attaches to the process, makes it work, diagnoses it, and detaches whatever happens. */
export async function diagnoseLive(settings: LiveSettings, signal: AbortSignal): Promise<Diagnosis> {
  check(settings);
  if (settings.url.length > 0) await loadEngine();
  const status = new StatusLine();
  status.show('Reaching the process …');
  const asks = asksOf(settings);
  const reached = await reach(settings, asks, signal);
  try {
    const work = workOf(settings, asks, signal);
    const target = await targetAt(reached.session, reached.pid);
    const diagnosis = await diagnose(target, work, {
      urls: settings.url,
      maxPauseMs: settings.maxPauseMs,
      snapshot: !settings.noSnapshot,
      force: settings.force,
      collect: !settings.noGc,
      confirmClear: settings.clearSuspect
        ? (suspect) => agree(suspect, settings.yes, status, signal)
        : undefined,
      signal,
      onProgress: (text, share) => status.show(`${bar(share, 1)} ${text}`),
    });
    return 'answers' in work ? withAnswers(diagnosis, work as Driven) : diagnosis;
  } finally {
    status.clear();
    await reached.release();
  }
}

/** @throws Problem LEAK_LAB_SETTINGS for options that contradict each other. */
function check({ url, watch, pid, inspect, clearSuspect, yes }: LiveSettings): void {
  const origins = new Set(url.map((one) => new URL(one).origin));
  const mistakes: [isMade: boolean, message: string][] = [
    [url.length > 0 && watch !== undefined, '--url sends load and --watch does not: give one of them'],
    [
      url.length === 0 && watch === undefined,
      'no workload: pass --url to send load, or --watch SECONDS to watch the traffic that is there',
    ],
    [origins.size > 1, `every --url must be of one service, not ${[...origins].join(' and ')}`],
    [
      clearSuspect && !yes && !process.stdin.isTTY,
      '--clear-suspect asks before it clears anything: run it on a terminal, or answer with --yes',
    ],
    [
      pid !== undefined && inspect !== undefined,
      '--pid and --inspect both name the process: give one of them',
    ],
  ];
  const mistake = mistakes.find(([isMade]) => isMade);
  if (mistake) throw new Problem('LEAK_LAB_SETTINGS', mistake[1]);
}

async function reach(settings: LiveSettings, asks: Ask[], signal: AbortSignal): Promise<Reached> {
  const { url, pid, inspect, allowRemote } = settings;
  if (inspect !== undefined) {
    const [, host, port] = /^(.*):(\d+)$/.exec(inspect)!;
    const { session, pid } = await attachAt(host!, Number(port));
    return { session, pid, release: () => session.close() };
  }
  if (url.length === 0) {
    const session = await attach(pid!);
    return { session, pid: pid!, release: () => session.close() };
  }
  const { method, body, headers } = asks[0]!;
  const target = await openTarget({
    url: fillIn(url[0]!),
    pid,
    allowRemote,
    signal,
    asking: { method, headers, ...(body === undefined ? {} : { body: fillIn(body) }) },
  });
  return { session: target.session, pid: target.pid, release: () => target.release() };
}

function asksOf({ url, method, body, header }: LiveSettings): Ask[] {
  const headers = Object.fromEntries(
    header.map((one) => {
      const [, name, value] = /^([^:]+):\s*(.*)$/.exec(one)!;
      return [name!, value!] as const;
    }),
  );
  // Not the path of a URL object: that would encode the braces.
  return url.map((one) => ({
    method,
    path: one.replace(/^https?:\/\/[^/?#]+/i, '') || '/',
    body,
    headers,
  }));
}

function workOf(settings: LiveSettings, asks: Ask[], signal: AbortSignal): Work {
  const { url, watch, requests, connections } = settings;
  if (watch !== undefined) return watchedWork((watch * 1000) / ROUNDS, signal);
  return drivenWork({
    origin: new URL(url[0]!).origin,
    asks,
    roundSize: requests === undefined ? undefined : Math.ceil(requests / ROUNDS),
    connections,
    signal,
  });
}

async function agree(
  suspect: Suspect,
  yes: boolean,
  status: StatusLine,
  signal: AbortSignal,
): Promise<boolean> {
  if (yes) return true;
  status.clear();
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(
      `Clear ${suspect.name} in the running process, to measure the memory that comes back? Its entries are lost. [y/N] `,
      { signal },
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}

function withAnswers(diagnosis: Diagnosis, { answers }: Driven): Diagnosis {
  return { ...diagnosis, notes: [...diagnosis.notes, { code: 'requests-sent', ...answers }] };
}
