import { createInterface } from 'node:readline/promises';
import { loadEngine } from '../../load/engine.js';
import { fillIn, type RequestTemplate } from '../../load/request-template.js';
import { openTarget } from '../../load/target.js';
import { bar, StatusLine } from '../command/screen.js';
import {
  type Diagnosis,
  diagnose,
  type Note,
  ROUNDS,
  type Suspect,
  targetAt,
  type Work,
} from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';
import { attach, attachAt } from '../kit/process/attach.js';
import type { InspectorSession } from '../kit/process/session.js';
import { existingTraffic, sentWork } from './diagnose-work.js';
import { type LiveSettings, mustAgree, templatesOf } from './live-settings.js';

interface Attached {
  session: InspectorSession;
  pid: number;
  release(): Promise<void>;
}

interface Workload {
  work: Work;
  /** What to add to the notes of the diagnosis when it is done. */
  notes: () => Note[];
}

/** Attaches to the process, diagnoses it under load, and always detaches. */
export async function diagnoseLive(settings: LiveSettings, signal: AbortSignal): Promise<Diagnosis> {
  mustAgree(settings);
  if (settings.url.length > 0) await loadEngine();
  const status = new StatusLine();
  status.show('Attaching to the process …');
  const templates = templatesOf(settings);
  const attached = await attachTo(settings, templates, signal);
  try {
    const { work, notes } = workloadOf(settings, templates, signal);
    const target = await targetAt(attached.session, attached.pid);
    const diagnosis = await diagnose(target, work, {
      urls: settings.url,
      maxPauseMs: settings.maxPauseMs,
      snapshot: !settings.noSnapshot,
      force: settings.force,
      collect: !settings.noGc,
      confirmClear: settings.clearSuspect
        ? async (suspect) => settings.yes || isConfirmed(suspect, status, signal)
        : undefined,
      signal,
      onProgress: (text, share) => status.show(`${bar(share, 1)} ${text}`),
    });
    return { ...diagnosis, notes: [...diagnosis.notes, ...notes()] };
  } finally {
    status.clear();
    await attached.release();
  }
}

async function attachTo(
  { url, pid, inspect, allowRemote }: LiveSettings,
  templates: RequestTemplate[],
  signal: AbortSignal,
): Promise<Attached> {
  const [host, port] = inspect === undefined ? [] : hostAndPort(inspect);
  if (host !== undefined && port !== undefined) {
    const { session, pid } = await attachAt(host, port);
    return { session, pid, release: () => session.close() };
  }
  const [first] = url;
  const [template] = templates;
  if (first === undefined || template === undefined) {
    if (pid === undefined)
      throw new Problem('LEAK_LAB_SETTINGS', 'no process: pass --pid, --inspect or --url');
    const session = await attach(pid);
    return { session, pid, release: () => session.close() };
  }
  const { method, body, headers } = template;
  const request = { method, headers, ...(body === undefined ? {} : { body: fillIn(body) }) };
  return openTarget({ url: fillIn(first), pid, allowRemote, signal, request });
}

function hostAndPort(address: string): [host: string, port: number] {
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon), Number(address.slice(colon + 1))];
}

function workloadOf(
  { url, watch, requests, connections }: LiveSettings,
  templates: RequestTemplate[],
  signal: AbortSignal,
): Workload {
  const [first] = url;
  if (watch !== undefined || first === undefined) {
    const work = existingTraffic(((watch ?? 0) * 1000) / ROUNDS, signal);
    return { work, notes: () => [] };
  }
  const roundSize = requests === undefined ? undefined : Math.ceil(requests / ROUNDS);
  const work = sentWork({ origin: new URL(first).origin, templates, roundSize, connections, signal });
  return { work, notes: () => [{ code: 'requests-sent', ...work.answers }] };
}

async function isConfirmed(suspect: Suspect, status: StatusLine, signal: AbortSignal): Promise<boolean> {
  status.clear();
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(
      `Clear ${suspect.name} in the running process, and measure how much memory that frees? Its entries are lost. [y/N] `,
      { signal },
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}
