import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import type { SpecimenName } from '../src/specimens/names.js';
import { type Agent, startAgent } from './support/agent.js';

/*
 * A scripted client that knows nothing of a service but its port has the owner of its leak after few calls. It follows
 * the descriptions of the tools: list the processes, diagnose the one on the port, and once more where that could not
 * tell.
 */

const CALLS = 3;
/** Of all answers together; about four characters a token. */
const TOKENS = 4_000;

/** What the first suspect has to name: the field or the variable in which the pattern's source marks the bug. */
const owners: Record<SpecimenName, RegExp> = {
  'unbounded-map': /everyOrder/,
  'in-flight': /LeakyInFlight\.loads/,
  listeners: /LeakyListeners|prices/,
  'abort-signals': /AbortSignal|LeakyAbortSignals/,
  timers: /LeakyTimers|specimens\/timers/,
  'shared-scope': /LeakySharedScope|describe/,
  'promise-race': /LeakyPromiseRace/,
  finalizers: /LeakyFinalizers/,
  'weak-refs': /LeakyWeakRefs\.orders/,
  'async-context': /LeakyAsyncContext|specimens\/async-context/,
  subscriptions: /LeakySubscription|rates/i,
  'request-scope': /visits/,
  'metric-labels': /LeakyMetricLabels|requests/,
  'buffer-pool': /LeakyBufferPool\.tokens/,
  'sliced-strings': /LeakySlicedStrings\.tokens/,
  'audit-log': /LeakyAuditLog\.entries/,
  'offline-queue': /LeakyOfflineQueue\.events/,
  'unequal-keys': /LeakyUnequalKeys\.quotes/,
  'lazy-ttl': /LeakyLazyTtl\.orders/,
};
const names = Object.keys(owners) as SpecimenName[];

interface Row {
  pattern: string;
  calls: number;
  tokens: number;
  seconds: number;
  named: string;
}

const rows: Row[] = [];
afterAll(() => {
  for (const { pattern, calls, tokens, seconds, named } of rows)
    console.log(
      `${pattern.padEnd(24)}${String(calls).padStart(2)} calls ${String(tokens).padStart(5)} tokens ${String(seconds).padStart(4)} s  ${named}`,
    );
});

/** The calls of one client, counted. */
class Script {
  private calls = 0;
  private characters = 0;
  private readonly startedAt = Date.now();

  constructor(
    private readonly pattern: string,
    private readonly agent: Agent,
  ) {}

  async call(name: string, given: Record<string, unknown>): Promise<string> {
    this.calls++;
    const { text, isError } = await this.agent.call(name, given);
    this.characters += text.length;
    if (isError) throw new Error(`${name}: ${text}`);
    return text;
  }

  /** Notes a row, and holds it to the bounds. */
  end(answer: string, owner: RegExp): void {
    const named = answer.split('\n').find((line) => /^ *1\. /.test(line)) ?? answer.split('\n')[0] ?? '';
    const tokens = Math.ceil(this.characters / 4);
    const seconds = Math.round((Date.now() - this.startedAt) / 1_000);
    rows.push({ pattern: this.pattern, calls: this.calls, tokens, seconds, named: named.trim() });
    expect(named, answer).toMatch(owner);
    expect(this.calls).toBeLessThanOrEqual(CALLS);
    expect(tokens).toBeLessThanOrEqual(TOKENS);
  }
}

describe('a client that knows nothing but the port has the owner of the leaky half of', () => {
  it.each(names)('%s', async (pattern) => {
    const service = await startService(['leaky', '--specimen', pattern]);
    const agent = await startAgent();
    try {
      const script = new Script(pattern, agent);
      const { port } = new URL(service.url);
      const row = (await script.call('list_processes', {}))
        .split('\n')
        .find((line) => line.split(/ +/).includes(port));
      const given = {
        pid: Number.parseInt(row ?? '', 10),
        url: [`${service.url}/specimens/${pattern}/random`],
      };
      let answer = await script.call('diagnose', given);
      if (answer.startsWith('UNSETTLED')) answer = await script.call('diagnose', given);
      script.end(answer, owners[pattern]);
    } finally {
      await agent.close();
      await service.stop();
    }
  });
});

const REQUESTS = 4_000;
/** The pause is nobody's here; the usual limit is for a service that has users. */
const ACCEPTED_PAUSE_MS = 60_000;

describe('from two snapshots, a client has the owner of the leaky half of', () => {
  it.each(names)('%s', async (pattern) => {
    const service = await startService(['leaky', '--specimen', pattern]);
    const folder = await mkdtemp(join(tmpdir(), 'leak-lab-agent-'));
    const agent = await startAgent();
    try {
      const script = new Script(`${pattern}, 2 snapshots`, agent);
      const files: string[] = [];
      for (const [at, name] of ['before', 'after'].entries()) {
        const file = join(folder, `${name}.heapsnapshot`);
        for (let n = at * REQUESTS; n < (at + 1) * REQUESTS; n++)
          await (await fetch(`${service.url}/specimens/${pattern}/${n}`)).text();
        await script.call('take_snapshot', { pid: service.pid, file, maxPauseMs: ACCEPTED_PAUSE_MS });
        files.push(file);
      }
      script.end(await script.call('diagnose_snapshots', { files }), owners[pattern]);
    } finally {
      await agent.close();
      await service.stop();
      await rm(folder, { recursive: true });
    }
  });
});
