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
import { type Seen, seenFromOutside } from './outside.js';

const CASES = [
  { users: 1_000, times: 5 },
  { users: 100_000, times: 5 },
  { users: 1_000_000, times: 2 },
];
/** The heap, and what a snapshot takes beside it. */
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

/** What each verb of the console costs the service, beside what it said it would. */
export async function consoleBench(): Promise<void> {
  console.log('What the verbs of the console cost the service, seen from outside');
  for (const one of CASES) {
    if (freemem() < one.users * BYTES_PER_USER)
      console.log(
        `${formatCount(one.users)} users: skipped, needs ${formatBytes(one.users * BYTES_PER_USER)}`,
      );
    else await costs(one);
  }
}

async function costs({ users, times }: (typeof CASES)[number]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'llc-'));
  const service = await startService(['leaky', '--console-directory', folder], ['--max-old-space-size=8192']);
  try {
    const ask = await openConsole(folder);
    await ask(`for (let i = 0; i < ${users}; i++) await get(UsersService).find('user-' + i)`);
    const heap = await ask('gc({ force: true }); process.memoryUsage().heapUsed');
    console.log(`\n${formatCount(users)} users, heap ${formatBytes(Number(heap.answer))}`);
    console.log(
      'verb            quoted                                   pause ms  CPU ms  memory added  takes ms',
    );
    for (const { verb, code, once } of VERBS) {
      const file = JSON.stringify(join(folder, 'bench.heapsnapshot'));
      const seen: Seen[] = [];
      let quoted = '';
      for (let at = 0; at < (once ? 1 : times); at += 1) {
        const one = await seenFromOutside(
          service.pid,
          `${service.url.replace(/\/$/, '')}/health`,
          async () => {
            quoted = (await ask(code.replace('FILE', file))).quoted;
          },
        );
        seen.push(one);
      }
      console.log(row(verb, quoted, seen));
    }
  } finally {
    await service.stop('SIGKILL');
    await rm(folder, { recursive: true });
  }
}

function row(verb: string, quoted: string, seen: readonly Seen[]): string {
  const of = (figure: (one: Seen) => number): number => median(seen.map(figure));
  return [
    verb.padEnd(14),
    quoted.padEnd(39),
    of(({ pauseMs }) => pauseMs)
      .toFixed(0)
      .padStart(8),
    of(({ cpuMs }) => cpuMs)
      .toFixed(0)
      .padStart(6),
    // The most: a process keeps what it took, and the next run finds it there.
    formatBytes(Math.max(...seen.map(({ addedBytes }) => addedBytes))).padStart(12),
    of(({ tookMs }) => tookMs)
      .toFixed(0)
      .padStart(8),
  ].join('  ');
}

/** @returns asks for what a piece of code comes to, and for the price that was quoted. */
async function openConsole(folder: string) {
  let found = await consolesIn(folder);
  for (; found.length === 0; found = await consolesIn(folder)) await sleep(20);
  const { path } = found[0]!;
  return async (code: string): Promise<{ answer: string; quoted: string }> => {
    const client = await ConsoleClient.connect(path);
    const [output, error] = [new PassThrough(), new PassThrough()];
    const said = Promise.all([text(output), text(error)]);
    const exit = await client.run(code, { output: output as never, error });
    output.end();
    error.end();
    const [answer, notes] = await said;
    if (exit !== 0) throw new Error(`${code} threw: ${notes}`);
    return { answer: answer.trim(), quoted: /about (.*)/.exec(notes)?.[1] ?? '' };
  };
}
