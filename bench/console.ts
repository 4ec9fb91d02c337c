import { mkdtemp, rm } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { startService } from '../load/service.js';
import { consolesIn } from '../src/kit/console/addresses.js';
import { ConsoleClient } from '../src/kit/console/client.js';
import { formatBytes, formatCount } from '../src/kit/heap/index.js';
import { median } from './median.js';
import { type Cost, costOfWork } from './outside.js';
import type { Figures, Outcome } from './outcome.js';

const CASES = [
  { users: 1_000, times: 5 },
  { users: 100_000, times: 5 },
  { users: 1_000_000, times: 2 },
];
/** The heap, and the memory that a snapshot takes in addition. */
const BYTES_PER_USER = 8_000;
const MAP = 'const map = get(LeakyUserCache).users;';
const VERBS: { verb: string; code: string; once?: true }[] = [
  { verb: 'nothing', code: `await new Promise((done) => setTimeout(done, 500))` },
  { verb: 'containers()', code: 'containers()' },
  { verb: 'memory()', code: 'memory()' },
  { verb: 'path(map)', code: `${MAP} await path(map)` },
  { verb: 'gc()', code: 'gc({ force: true })' },
  { verb: 'histogram()', code: 'histogram(20, { force: true })' },
  { verb: 'growth()', code: 'growth({ force: true })' },
  { verb: "count('User')", code: `count('User', { force: true })` },
  { verb: "largest('Map')", code: `largest('Map', { force: true }).size` },
  { verb: 'largest()', code: 'largest({ force: true })' },
  { verb: "byType('User')", code: `byType('User', { force: true }).length` },
  { verb: "random('User')", code: `random('User', { force: true })` },
  { verb: 'whyAlive(map)', code: `${MAP} await whyAlive(map, { force: true })`, once: true },
  { verb: 'retainers(map)', code: `${MAP} await retainers(map, { force: true })`, once: true },
  { verb: 'snapshot(file)', code: `snapshot(FILE, { force: true })`, once: true },
];

/** The cost of each verb of the console for the service, beside the cost that the console announces. */
export async function consoleBench(): Promise<Outcome> {
  const figures: Figures = {};
  console.log('Cost of the console verbs for the service, measured from outside');
  for (const one of CASES) {
    if (freemem() < one.users * BYTES_PER_USER)
      console.log(
        `${formatCount(one.users)} users: skipped, needs ${formatBytes(one.users * BYTES_PER_USER)}`,
      );
    else Object.assign(figures, await costs(one));
  }
  return { figures, passed: true };
}

async function costs({ users, times }: (typeof CASES)[number]): Promise<Figures> {
  const figures: Figures = {};
  const folder = await mkdtemp(join(tmpdir(), 'llc-'));
  const service = await startService(['leaky', '--console-directory', folder], ['--max-old-space-size=8192']);
  try {
    const ask = await openConsole(folder);
    await ask(`for (let i = 0; i < ${users}; i++) await get(UsersService).find('user-' + i)`);
    const heap = await ask('gc({ force: true }); process.memoryUsage().heapUsed');
    console.log(`\n${formatCount(users)} users, heap ${formatBytes(Number(heap.answer))}`);
    console.log(
      'verb            announced                                pause ms  CPU ms  memory added  takes ms',
    );
    for (const { verb, code, once } of VERBS) {
      const file = JSON.stringify(join(folder, 'bench.heapsnapshot'));
      const costs: Cost[] = [];
      let announced = '';
      for (let at = 0; at < (once ? 1 : times); at += 1) {
        const one = await costOfWork(service.pid, `${service.url.replace(/\/$/, '')}/health`, async () => {
          announced = (await ask(code.replace('FILE', file))).announced;
        });
        costs.push(one);
      }
      console.log(row(verb, announced, costs));
      figures[`${verb} of ${users} users: pause ms`] = median(costs.map(({ pauseMs }) => pauseMs));
      figures[`${verb} of ${users} users: memory added B`] = Math.max(
        ...costs.map(({ addedBytes }) => addedBytes),
      );
    }
    return figures;
  } finally {
    await service.stop('SIGKILL');
    await rm(folder, { recursive: true });
  }
}

function row(verb: string, announced: string, costs: readonly Cost[]): string {
  const of = (figure: (one: Cost) => number): number => median(costs.map(figure));
  return [
    verb.padEnd(14),
    announced.padEnd(39),
    of(({ pauseMs }) => pauseMs)
      .toFixed(0)
      .padStart(8),
    of(({ cpuMs }) => cpuMs)
      .toFixed(0)
      .padStart(6),
    // The maximum: a process does not return this memory, so later runs add less.
    formatBytes(Math.max(...costs.map(({ addedBytes }) => addedBytes))).padStart(12),
    of(({ tookMs }) => tookMs)
      .toFixed(0)
      .padStart(8),
  ].join('  ');
}

/** @returns a function that evaluates code in the console, and returns its value and the announced cost */
async function openConsole(folder: string) {
  let found = await consolesIn(folder);
  for (; found.length === 0; found = await consolesIn(folder)) await sleep(20);
  const { path } = found[0]!;
  return async (code: string): Promise<{ answer: string; announced: string }> => {
    const client = await ConsoleClient.connect(path);
    const [output, error] = [new PassThrough(), new PassThrough()];
    const said = Promise.all([text(output), text(error)]);
    const exit = await client.run(code, { output: output as never, error });
    output.end();
    error.end();
    const [answer, notes] = await said;
    if (exit !== 0) throw new Error(`${code} threw: ${notes}`);
    return { answer: answer.trim(), announced: /about (.*)/.exec(notes)?.[1] ?? '' };
  };
}
