import type { Transport } from '../../load/client.js';
import { type Answers, doubtIfFailed } from '../../load/failed-requests.js';
import { fillIn } from '../../load/request-template.js';
import { openTarget } from '../../load/target.js';
import { failuresText } from '../../load/why-failed.js';
import { isConfirmed } from '../command/confirm.js';
import { bar, StatusLine } from '../command/screen.js';
import {
  type Diagnosis,
  diagnoseService,
  type DiagnoseOptions,
  diagnosisSoFar,
  endedBecause,
  type Measured,
  type Note,
  ROUNDS,
  type Suspect,
  type Work,
} from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';
import { attach, attachAt } from '../kit/process/attach.js';
import type { InspectorSession } from '../kit/process/session.js';
import type { FoundService } from '../kit/members/index.js';
import { commandWork } from './command-work.js';
import { existingTraffic, sentWork } from './diagnose-work.js';
import { attachToOthers, findService, openService } from './live-service.js';
import { type LiveSettings, mustAgree } from './live-settings.js';
import { templatesOf, transportOf } from './request-options.js';

interface Attached {
  session: InspectorSession;
  pid: number;
  transport: Transport;
  release(): Promise<void>;
}

interface Workload {
  work: Work;
  /** Undoes what the work started. */
  stop?: () => Promise<void>;
  /** The verdict in the light of what came back. */
  judged?: (diagnosis: Diagnosis) => Diagnosis;
  /** What to add to the notes of the diagnosis when it is done. */
  notes: () => Note[];
}

/** How often progress is printed without a terminal. */
const PROGRESS_EVERY_MS = 10_000;

/**
 * Attaches to the process, diagnoses it under load, and always detaches. Where that is interrupted, or the process ends,
 * the diagnosis is of what was seen until then.
 */
export async function diagnoseLive(settings: LiveSettings, signal: AbortSignal): Promise<Diagnosis> {
  mustAgree(settings);
  const transport = await transportOf(settings);
  const status = new StatusLine(process.stderr, PROGRESS_EVERY_MS);
  status.show('Attaching to the process …');
  const found = await findServiceOf(settings, transport, signal);
  const others = await attachToOthers(found, signal);
  let attached: Attached | undefined;
  let opened: Awaited<ReturnType<typeof openService>> | undefined;
  let stop: Workload['stop'];
  try {
    const pid = found?.members[0]?.pid ?? settings.pid;
    attached = await attachTo({ ...settings, pid }, transport, aMomentAfter(signal));
    opened = await openService(attached, found, others, settings.pid !== undefined);
    const { work, notes, judged, ...load } = workloadOf(settings, attached.transport, signal);
    ({ stop } = load);
    const { service } = opened;
    const samples: Measured['samples'] = [];
    const options: DiagnoseOptions = {
      urls: settings.url,
      maxPauseMs: settings.maxPauseMs,
      snapshot: !settings.noSnapshot,
      force: settings.force,
      collect: !settings.noGc,
      confirmClear: settings.clearSuspect
        ? async (suspect) => settings.yes || mayClear(suspect, status, signal)
        : undefined,
      signal,
      onReading: (sample) => samples.push(sample),
      onProgress: (text, share) =>
        status.show(`${bar(share, 1)} ${text}`, `leak-lab: ${text}, ${Math.round(100 * share)} %`),
    };
    const diagnosis = await diagnoseService(service, work, options).catch((error: unknown) => {
      const because = endedBecause(error, signal);
      const [only, ...more] = service.parts;
      if (!because || !only || more.length > 0) throw error;
      const soFar = diagnosisSoFar({ target: only.target, work, options }, samples, because);
      if (!soFar) throw error;
      return soFar;
    });
    const noted = { ...diagnosis, notes: [...diagnosis.notes, ...notes()] };
    return judged ? judged(noted) : noted;
  } finally {
    status.clear();
    await stop?.();
    await opened?.release();
    await others.release();
    await attached?.release();
  }
}

/** Requests that show which processes a proxy connects to, and the connections for them. */
const ASKED = 24;
const ASKING = 8;

/** The processes of the service; null for an inspector's address, which names one process. */
async function findServiceOf(
  settings: LiveSettings,
  transport: Transport,
  signal: AbortSignal,
): Promise<FoundService | null> {
  const { pid, inspect, url, watch } = settings;
  const [first] = url;
  if (inspect !== undefined) return null;
  const ask = async (): Promise<void> => {
    if (first === undefined || watch !== undefined) return;
    const work = sentWork({
      origin: new URL(first).origin,
      transport,
      templates: templatesOf(url, settings),
      roundSize: ASKED,
      connections: ASKING,
      anyStatus: true,
      signal,
    });
    // What is wrong with the requests is said by those that follow.
    await work.round().catch(() => 0);
  };
  return findService({ pid, url: first, socketPath: transport.socketPath, ask });
}

/** Aborted so long after another signal: what the diagnosis has in the process is removed meanwhile. */
const REMOVES_WITHIN_MS = 1_500;

function aMomentAfter(signal: AbortSignal): AbortSignal {
  const late = new AbortController();
  const abort = (): void => void setTimeout(() => late.abort(), REMOVES_WITHIN_MS).unref();
  if (signal.aborted) late.abort();
  signal.addEventListener('abort', abort, { once: true });
  return late.signal;
}

async function attachTo(
  settings: LiveSettings,
  transport: Transport,
  signal: AbortSignal,
): Promise<Attached> {
  const { url, pid, inspect, allowRemote, anyStatus } = settings;
  const address = inspect === undefined ? undefined : hostAndPort(inspect);
  const [first] = url;
  if (first !== undefined) {
    const templates = templatesOf(url, settings);
    return openTarget({
      url: fillIn(first),
      transport,
      pid,
      inspect: address,
      allowRemote,
      templates,
      anyStatus,
      signal,
    });
  }
  if (address) {
    const { session, pid } = await attachAt(...address);
    return { session, pid, transport, release: () => session.close() };
  }
  if (pid === undefined) throw new Problem('LEAK_LAB_SETTINGS', 'no process: pass --pid, --inspect or --url');
  const session = await attach(pid, { signal });
  return { session, pid, transport, release: () => session.close() };
}

function hostAndPort(address: string): [host: string, port: number] {
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon), Number(address.slice(colon + 1))];
}

/** A verdict of "bounded" needs so many seconds of work. */
const COMMAND_SECONDS = 100;

function workloadOf(settings: LiveSettings, transport: Transport, signal: AbortSignal): Workload {
  const { url, watch, load, requests, connections, anyStatus, failOnError } = settings;
  const [first] = url;
  if (load !== undefined) {
    const work = commandWork(load, ((watch ?? COMMAND_SECONDS) * 1000) / ROUNDS, signal);
    return {
      work,
      stop: work.stop,
      notes: () => [{ code: 'command-ran', command: load, runs: work.runs() }],
    };
  }
  if (watch !== undefined || first === undefined) {
    const work = existingTraffic(((watch ?? 0) * 1000) / ROUNDS, signal);
    return { work, notes: () => [] };
  }
  const work = sentWork({
    origin: new URL(first).origin,
    transport,
    templates: templatesOf(url, settings),
    roundSize: requests === undefined ? undefined : Math.ceil(requests / ROUNDS),
    connections,
    anyStatus,
    failOnError,
    signal,
  });
  return {
    work,
    notes: () => [requestsSent(work.answers())],
    judged: (diagnosis) => ({
      ...diagnosis,
      verdict: diagnosis.verdict && doubtIfFailed(diagnosis.verdict, work.answers()),
    }),
  };
}

function requestsSent({ sent, errors, failures }: Answers): Note {
  return { code: 'requests-sent', sent, errors, failures: errors > 0 ? failuresText(failures) : '' };
}

function mayClear({ name }: Suspect, status: StatusLine, signal: AbortSignal): Promise<boolean> {
  status.clear();
  const question = `Clear ${name} in the running process, and measure how much memory that frees? Its entries are lost.`;
  return isConfirmed(question, signal);
}
