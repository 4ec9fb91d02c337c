import { describe, expect, it } from 'vitest';
import { createHistogram } from 'node:perf_hooks';
import { sendRound } from '../load/round.js';
import { startService } from '../load/service.js';
import { openTarget } from '../load/target.js';
import { OutsideSignal } from '../src/kit/memory/outside-signal.js';
import {
  type OutsideReading,
  outsideText,
  outsideTrends,
  OutsideTrendWatch,
} from '../src/kit/memory/watch/outside-trend.js';

/** Readings 10 s apart, of a service that answers 100 requests per second. */
function readings(count: number, at: (index: number) => Partial<OutsideReading>): OutsideReading[] {
  return Array.from({ length: count }, (_, index) => ({
    second: 10 * index,
    requests: 1_000 * index,
    'open-files': 22,
    threads: 11,
    children: 0,
    ...at(index),
  }));
}

const kinds = (all: readonly OutsideReading[]): Record<string, string> =>
  Object.fromEntries(outsideTrends(all).map(({ what, verdict }) => [what, verdict.kind]));

describe('what a service has open', () => {
  it('is judged a leak if it grows with every request, by its rate, and the rest bounded', () => {
    const all = readings(30, (index) => ({ threads: 11 + 2 * index }));
    expect(kinds(all)).toEqual({ 'open-files': 'bounded', threads: 'leak', children: 'bounded' });
    const threads = outsideTrends(all).find(({ what }) => what === 'threads')!;
    expect(threads.verdict.growthRate!.estimate).toBeCloseTo(0.002, 6);
    expect(outsideText(threads)).toContain('Native threads went from 11 to 69, and grow without end');
  });

  it('is bounded where a pool fills and where connections come and go', () => {
    const pool = readings(30, (index) => ({ 'open-files': Math.min(60, 22 + 8 * index) }));
    expect(kinds(pool)['open-files']).toBe('bounded');
    const waves = readings(30, (index) => ({ 'open-files': 22 + (index % 3) * 5 }));
    expect(kinds(waves)['open-files']).toBe('bounded');
  });

  it('is not judged before there are enough readings, and per second where there are no requests', () => {
    expect(outsideTrends(readings(1, () => ({})))).toEqual([]);
    expect(kinds(readings(5, () => ({})))).toMatchObject({ threads: 'unsettled' });
    const idle = outsideTrends(readings(30, (index) => ({ requests: 0, threads: 11 + 2 * index })));
    expect(idle.find(({ what }) => what === 'threads')).toMatchObject({
      verdict: { kind: 'leak', unit: 'second' },
    });
  });

  it('is judged over the whole life of the process, so that one thread in many readings shows', () => {
    const watch = new OutsideTrendWatch();
    for (const reading of readings(3_000, (index) => ({ threads: 11 + Math.floor(index / 60) })))
      watch.add(reading);
    const threads = watch.trends().find(({ what }) => what === 'threads')!;
    expect(threads).toMatchObject({ first: 11, verdict: { kind: 'leak' } });
  });

  it('begins anew when requests are counted anew', () => {
    const watch = new OutsideTrendWatch();
    for (const reading of readings(20, (index) => ({ threads: 11 + 2 * index }))) watch.add(reading);
    watch.add({ ...readings(1, () => ({}))[0]!, second: 300 });
    expect(watch.trends()).toEqual([]);
  });

  it('is warned of once, after two judgements in a row', () => {
    const warnings: string[] = [];
    const signal = new OutsideSignal((message) => warnings.push(message));
    const leaking = outsideTrends(readings(30, (index) => ({ threads: 11 + 2 * index })));
    const flat = outsideTrends(readings(30, () => ({})));
    for (const trends of [leaking, flat, leaking]) signal.update(trends);
    expect(warnings).toEqual([]);
    for (let time = 0; time < 5; time += 1) signal.update(leaking);
    expect(warnings).toEqual([expect.stringMatching(/^Native threads .* \[LEAK_LAB_GROWS\]$/)]);
  });
});

const ROUNDS = 16;
/** One in fifty leaves a file open, by chance: fewer requests in a round are too noisy for a verdict. */
const PER_ROUND = 1_000;

/** What a service says of its open files after some load with a forced collection after each round. */
async function saidBy(half: 'leaky' | 'fixed') {
  const service = await startService([half, '--specimen', 'file-handles']);
  const { signal } = new AbortController();
  const url = `${service.url}/specimens/file-handles/random`;
  try {
    const target = await openTarget({ url, pid: service.pid, signal });
    for (let round = 0; round < ROUNDS; round += 1) {
      await sendRound({ url, requests: PER_ROUND, connections: 10, latencies: createHistogram(), signal });
      await target.sample();
    }
    await target.release();
    const { growth } = (await (await fetch(`${service.url}/memory`)).json()) as {
      growth: { what: string; kind: string; text: string }[];
    };
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    return { files: growth.find(({ what }) => what === 'open-files'), metrics, log: service.errorOutput() };
  } finally {
    await service.stop();
  }
}

it.skipIf(process.platform !== 'linux')(
  'a service that leaves files open says so at /memory, at /metrics and in its log, and its fixed half says that it does not',
  async () => {
    const leaky = await saidBy('leaky');
    expect(leaky.files).toMatchObject({ kind: 'leak', text: expect.stringContaining('grow without end') });
    expect(leaky.metrics).toMatch(/^memory_outside_leak\{what="open-files",mode="leaky"\} 1$/m);
    const fixed = await saidBy('fixed');
    expect(fixed.files).toMatchObject({ kind: 'bounded' });
    expect(fixed.metrics).toMatch(/^memory_outside_leak\{what="open-files",mode="fixed"\} 0$/m);
    expect(fixed.metrics).toMatch(/^memory_outside_leak\{what="threads",mode="fixed"\} 0$/m);
  },
);
