import { Problem } from '../src/kit/problem.js';
import { type Verdict, workUntil } from '../src/kit/verdict/index.js';
import { mustSucceed, whyEnded } from './early-end.js';
import { judgedToTheEnd } from './ended-growing.js';
import { doubtIfFailed } from './failed-requests.js';
import type { LoadSample, Measurement, Row } from './measurement.js';
import type { LoadReason } from './outside-growth.js';
import { Plan } from './plan.js';
import { type Judged, Recording } from './recording.js';
import type { RequestTemplate } from './request-template.js';
import { sendRound } from './round.js';
import type { Target } from './target.js';

export interface MeasureOptions extends Judged {
  requests: number;
  connections: number;
  /** Where to stop while the verdict is not settled. */
  maxRequests: number;
  /** The requests to send, in turn; without them, a GET of the target's URL. */
  templates?: RequestTemplate[];
  /** Whether a response of any status counts as success. */
  anyStatus?: boolean;
  /** Whether one failing request ends the measurement. */
  failOnError?: boolean;
  signal: AbortSignal;
  onRow?: (row: Row) => void;
  onProgress?: (progress: Progress) => void;
}

export interface Progress {
  sent: number;
  planned: number;
  /** The verdict that is not settled yet, once the load goes on past the requests that were asked for. */
  unsettled: Verdict<LoadReason> | null;
}

/**
 * Sends load in rounds and takes a sample after each, until the requests are answered and the verdict is settled, or
 * `maxRequests` are sent. If the service dies before, the result has what was measured and the problem.
 */
export async function measure(target: Target, options: MeasureOptions): Promise<Measurement> {
  const { url, pid, mode, transport } = target;
  const { onRow, onProgress, connections, templates, anyStatus, failOnError = false, signal } = options;
  const plan = new Plan(options.requests, options.maxRequests);
  const recording = new Recording(target, options);
  const addRow = (): void => {
    const row = recording.closeStage();
    if (row) onRow?.(row);
  };
  let sent = 0;
  let verdict = recording.verdict();
  let problem: Measurement['problem'] = null;
  try {
    await recording.sample(sent);
    addRow();
    while (sent < plan.planned) {
      const before = sent;
      const requests = plan.nextRound(sent);
      const unsettled = plan.isComplete(sent) ? verdict : null;
      const round = await sendRound({
        url,
        transport,
        templates,
        anyStatus,
        connections,
        signal,
        requests,
        latencies: recording.stage.latencies,
        onProgress: (now) => onProgress?.({ sent: before + now, planned: plan.planned, unsettled }),
      });
      sent += round.broken ? round.sent : requests;
      recording.add(round);
      if (round.broken) throw await whyEnded(target, sent);
      mustSucceed(round, new URL(url), { failOnError, isLab: mode !== null });
      await recording.sample(sent);
      verdict = recording.verdict();
      plan.extend(sent, verdict.kind !== 'unsettled');
      if (plan.endsStage(sent)) addRow();
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof Problem) || recording.rows.length === 0) throw error;
    const { code, message } = error.code === 'LEAK_LAB_DIED' ? await whyEnded(target, sent) : error;
    problem = { code, message };
    addRow(); // the last sample before the end
    if (code === 'LEAK_LAB_DIED' && isOfV8(options))
      verdict = judgedToTheEnd(verdict, recording.samples, target.oldGenerationLimitBytes);
  }
  const v8 = recording.v8Verdict();
  const last = recording.samples.at(-1);
  return {
    target: { url, pid, mode },
    rows: recording.rows,
    samples: recording.samples,
    answers: recording.answers,
    judgedBy: options.judgedBy ?? 'process',
    verdict: doubtIfFailed(verdict, recording.answers),
    v8,
    outside: recording.outside(),
    toHeapLimit:
      v8.kind === 'leak' && isOfV8(options) && last
        ? toHeapLimit(last, v8, recording.msPerRequest(sent))
        : null,
    problem,
  };
}

function toHeapLimit(last: LoadSample, verdict: Verdict, msPerRequest: number): Measurement['toHeapLimit'] {
  const limitBytes = last.heapLimitBytes;
  const requests = Math.round(workUntil(limitBytes, last.heapUsedBytes, verdict.growthRate?.estimate ?? 0));
  return { requests, ms: Math.round(requests * msPerRequest), limitBytes };
}

/** Whether the verdict is on V8's memory, alone or with the rest of the process. */
function isOfV8({ judgedBy = 'process' }: Judged): boolean {
  return judgedBy === 'process' || judgedBy === 'live-bytes';
}
