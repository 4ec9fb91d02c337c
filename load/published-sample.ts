import type { InspectorSession } from '../src/kit/process/session.js';

/** A sample of a service that uses the kit's memory module: what `GET /memory` of it would answer. */
export interface ReportedSample {
  pid: number;
  mode?: unknown;
  [tracked: string]: unknown;
}

/** The sample that the memory module publishes inside the process; undefined for a service without it. */
export async function publishedSample(session: InspectorSession): Promise<ReportedSample | undefined> {
  const { result } = await session.post('Runtime.evaluate', {
    expression: `(async () => JSON.stringify(await globalThis[Symbol.for('leak-lab.memory')]?.deref()?.sample()))()`,
    awaitPromise: true,
    returnByValue: true,
  });
  return typeof result.value === 'string' ? (JSON.parse(result.value) as ReportedSample) : undefined;
}
