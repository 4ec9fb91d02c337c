import { setTimeout as sleep } from 'node:timers/promises';
import type { Measured, Work } from '../diagnosis/index.js';
import { Problem } from '../problem.js';
import { sampleAfterCollection } from '../process/remote-sample.js';
import { liveBytes } from '../process/sample.js';
import type { Reading } from '../verdict/index.js';
import { type RoundCost, roundCost } from './costs.js';
import type { Exchange, Version } from './model.js';

/** The server sees closed connections a little later, and what they retain must be gone before it is measured. */
const SETTLES_MS = 20;

/** One version under measurement: its samples and its costs, round by round. */
export class Side {
  readonly samples: Measured['samples'] = [];
  readonly costs: RoundCost[] = [];

  /** @param sent how many requests it got already */
  constructor(
    readonly version: Version,
    public sent = 0,
  ) {}

  /** The first sample, before any request that is measured. */
  async begin(): Promise<void> {
    await this.sample();
  }

  /** Sends these requests, then collects and takes a sample. */
  async round(from: number, count: number): Promise<{ exchanges: Exchange[]; durationMs: number }> {
    const { target } = this.version;
    const cpuBefore = await cpuMs(target);
    const start = performance.now();
    const exchanges = await this.send(from, count);
    const durationMs = performance.now() - start;
    const cpu = (await cpuMs(target)) - cpuBefore;
    await sleep(SETTLES_MS);
    const { rssBytes } = await this.sample();
    this.costs.push(roundCost(exchanges, { durationMs, cpuMs: cpu, rssBytes }));
    return { exchanges, durationMs };
  }

  readings(): Reading[] {
    return this.samples.map((sample) => ({ work: sample.work, bytes: liveBytes(sample) }));
  }

  /** Further work for this version alone, in rounds of the given size. */
  work(roundSize: number): Work {
    return {
      unit: 'request',
      round: async () => (await this.send(this.sent, roundSize)).length,
    };
  }

  private async send(from: number, count: number): Promise<Exchange[]> {
    const exchanges = await this.version.send(from, count);
    this.sent = from + count;
    mustGoOn(this.version, exchanges);
    return exchanges;
  }

  private async sample(): Promise<Measured['samples'][number]> {
    const { session, pid } = this.version.target;
    const sample = { ...(await sampleAfterCollection(session, pid)), work: this.sent };
    this.samples.push(sample);
    return sample;
  }
}

/** @throws Problem where most answers are errors: the memory of a failing service shows nothing. */
function mustGoOn({ name, target }: Version, exchanges: readonly Exchange[]): void {
  const failed = exchanges.filter(({ answer }) => answer === null || answer.status >= 500).length;
  if (failed <= exchanges.length / 2) return;
  const none = exchanges.filter(({ answer }) => answer === null).length;
  throw new Problem(
    none > exchanges.length / 2 ? 'LEAK_LAB_NO_ANSWER' : 'LEAK_LAB_BAD_ANSWER',
    `${failed} of ${exchanges.length} requests to the version "${name}" (process ${target.pid}) failed: ${none} got no answer. Its memory shows nothing while it fails; see its output`,
  );
}

async function cpuMs({ session }: Version['target']): Promise<number> {
  const { result } = await session.post('Runtime.evaluate', {
    expression: '(({ user, system }) => (user + system) / 1000)(process.cpuUsage())',
    returnByValue: true,
  });
  return Number(result.value);
}
