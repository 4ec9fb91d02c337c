import { existsSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import type { About } from '../command/help.js';
import { duration, size } from '../command/format.js';
import { readOptions, text, toggle, whole } from '../command/options.js';
import { interruptible } from '../command/run.js';
import { attach } from '../kit/process/attach.js';
import { availableBytes, refusalOf, refusalText, snapshotCost } from '../kit/process/cost-limit.js';
import { sampleAsItIs } from '../kit/process/remote-sample.js';
import { writeSnapshot } from '../kit/process/write-snapshot.js';
import { Problem } from '../kit/problem.js';

export const snapshotOptions = {
  out: {
    ...text({ default: undefined, placeholder: 'FILE', why: 'the file to write; it must not exist yet' }),
    positional: true as const,
  },
  pid: whole({
    default: undefined,
    min: 1,
    max: 2 ** 22,
    example: 4711,
    placeholder: 'PID',
    why: 'the Node process',
  }),
  cost: toggle({ why: 'print what the snapshot would cost, and take none' }),
  maxPauseMs: whole({
    default: undefined,
    min: 1,
    max: 3_600_000,
    example: 2_000,
    placeholder: 'MS',
    why: 'the longest pause that the snapshot may cause; one that would take longer is not taken (default 8000)',
  }),
  force: toggle({ why: 'take it even if its pause or its memory is too expensive' }),
  json: toggle({ why: 'print the result as JSON' }),
};

export const about: About = {
  usage: 'npm run snapshot --',
  purpose:
    'Writes a heap snapshot of a running Node process. It estimates first what the snapshot costs the process.',
  options: snapshotOptions,
  examples: ['npm run snapshot -- --pid 4711 --cost', 'npm run snapshot -- --pid 4711 app.heapsnapshot'],
  exits: { 0: 'written, or the cost printed', 2: 'too expensive, or could not be taken', 130: 'interrupted' },
};

export async function work(argv: string[]): Promise<number> {
  const { out, pid, cost: onlyCost, maxPauseMs, force, json } = readOptions(snapshotOptions, argv);
  if (pid === undefined) throw new Problem('LEAK_LAB_SETTINGS', 'no process: pass its --pid');
  if (out === undefined && !onlyCost)
    throw new Problem('LEAK_LAB_SETTINGS', 'pass the file to write, or --cost for the cost alone');
  if (out !== undefined && existsSync(out)) {
    throw new Problem('LEAK_LAB_WRITE', `${out} exists already; choose another name, or remove it`);
  }
  return interruptible(async (signal) => {
    const session = await attach(pid, { signal });
    try {
      const { heapUsedBytes } = await sampleAsItIs(session, pid);
      const cost = snapshotCost(heapUsedBytes);
      const free = await availableBytes(session);
      const estimate = {
        pid,
        heapUsedBytes,
        pauseMs: cost.pauseMs,
        additionalBytes: cost.bytes,
        availableBytes: free,
      };
      const said = `${size(heapUsedBytes)} of heap: a snapshot pauses the process for about ${duration(cost.pauseMs)} and takes about ${size(cost.bytes)} of ${size(free)} free memory`;
      if (onlyCost || out === undefined) {
        console.log(json ? JSON.stringify(estimate, null, 2) : said);
        return 0;
      }
      const refusal = refusalOf('snapshot', cost, free, { maxPauseMs, force });
      if (refusal) throw new Problem('LEAK_LAB_TOO_EXPENSIVE', refusalText(refusal));
      if (!json) console.error(`${said} …`);
      signal.throwIfAborted();
      await taken(async () => writeSnapshot(session, out), out);
      console.log(json ? JSON.stringify({ ...estimate, file: out }, null, 2) : out);
      return 0;
    } finally {
      await session.close();
    }
  });
}

/** A snapshot that was not finished is of no use, and is removed. */
async function taken(take: () => Promise<void>, file: string): Promise<void> {
  try {
    await take();
  } catch (error) {
    await unlink(file).catch(() => {});
    throw error;
  }
}
