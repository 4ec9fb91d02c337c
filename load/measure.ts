import { Problem } from '../src/kit/problem.js';
import { type Verdict, workUntil } from '../src/kit/verdict/index.js';
import { mustGoOn, whyEnded } from './early-end.js';
import type { LoadSample, Measurement, Row } from './measurement.js';
import { Plan } from './plan.js';
import { Recording } from './recording.js';
import { sendRound } from './round.js';
import type { Target } from './target.js';

export interface MeasureOptions {
  requests: number;
  connections: number;
  /** Where to stop while the verdict is not settled. */
  maxRequests: number;
  /** One smallest leak to judge by, in bytes per request; without it, more requests detect a smaller leak. */
  smallestLeakBytes?: number;
  signal: AbortSignal;
  onRow?: (row: Row) => void;
  onProgress?: (progress: Progress) => void;
}

export interface Progress {
  sent: number;
  planned: number;
  /** The verdict that is not settled yet, once the load goes on past the requests that were asked for. */
  unsettled: Verdict | null;
}

/**
 * Sends load in rounds and takes a sample after each, until the requests are answered and the verdict is settled, or
 * `maxRequests` are sent. If the service dies before, the result has what was measured and the problem.
 */
export async function measure(target: Target, options: MeasureOptions): Promise<Measurement> {
  const { url, pid, mode } = target;
  const { onRow, onProgress, connections, signal } = options;
  const plan = new Plan(options.requests, options.maxRequests);
  const recording = new Recording(target, options.smallestLeakBytes);
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
        connections,
        signal,
        requests,
        latencies: recording.stage.latencies,
        onProgress: (now) => onProgress?.({ sent: before + now, planned: plan.planned, unsettled }),
      });
      sent += round.broken ? round.answered : requests;
      recording.add(round);
      await mustGoOn(target, round, sent);
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
  }
  const last = recording.samples.at(-1);
  return {
    target: { url, pid, mode },
    rows: recording.rows,
    samples: recording.samples,
    verdict,
    toHeapLimit:
      verdict.kind === 'leak' && last ? toHeapLimit(last, verdict, recording.msPerRequest(sent)) : null,
    problem,
  };
}

function toHeapLimit(last: LoadSample, verdict: Verdict, msPerRequest: number): Measurement['toHeapLimit'] {
  const limitBytes = last.heapLimitBytes;
  const requests = Math.round(workUntil(limitBytes, last.heapUsedBytes, verdict.growthRate?.estimate ?? 0));
  return { requests, ms: Math.round(requests * msPerRequest), limitBytes };
}
