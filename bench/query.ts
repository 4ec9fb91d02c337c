import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatBytes, formatCount } from '../src/kit/heap/index.js';
import { median } from './median.js';
import type { Figures, Outcome } from './outcome.js';
import type { Asked, QueryResult } from './query-child.js';

const run = promisify(execFile);

/** Processor time of an answer: the wall time of a machine with nothing else to do, as all of it is one thread. */
const ANSWER_MS = 500;
/** Where the contents of all strings have to be read. */
const ALL_STRINGS_MS = 3000;
const READS_ALL_STRINGS = /^search (?:string|regexp|value) /;
/** Memory to load a snapshot, as a multiple of its size. */
const MEMORY = 1.2;

interface Case {
  name: string;
  /** The program that writes the snapshot, and what it takes before the file. */
  writer: [program: string, ...given: string[]];
  /** A constructor, a property and a text that it has. */
  has: [string, string, string];
  runs: number;
  neededBytes: number;
  /** Which limits hold: those of the memory to load it, and of the time of each answer. */
  isLimited: { memory: boolean; time: boolean };
}

const CASES: Case[] = [
  {
    name: '1,000,000 users',
    writer: ['heap-target.js', '1000000'],
    has: ['User', 'email', 'user777'],
    runs: 3,
    neededBytes: 8e9,
    isLimited: { memory: true, time: true },
  },
  {
    name: '200,000 of each thing',
    writer: ['heap-many-target.js', '200000'],
    has: ['Ticket', 'text', 'ticket 77'],
    runs: 1,
    neededBytes: 6e9,
    isLimited: { memory: false, time: false },
  },
];
/** It takes minutes, 6 GB of disk and 8 GB of memory. */
const GIANT: Case = {
  name: '60 million nodes',
  writer: ['heap-giant-target.js', '60'],
  has: ['User', 'email', 'user777'],
  runs: 1,
  neededBytes: 10e9,
  isLimited: { memory: true, time: false },
};

/** Loads large snapshots and asks each question; QUERY_BENCH_GIANT=1 also does it with a snapshot of 6 GB. */
export async function queryBench(): Promise<Outcome> {
  const isGiant = process.env['QUERY_BENCH_GIANT'] === '1';
  const folder = await mkdtemp(join(tmpdir(), 'query-bench-'));
  const figures: Figures = {};
  let passed = true;
  try {
    for (const one of isGiant ? [...CASES, GIANT] : CASES) {
      if (freemem() < one.neededBytes) {
        console.log(`${one.name}: skipped, needs ${formatBytes(one.neededBytes)} of free memory`);
        continue;
      }
      const outcome = await measure(one, join(folder, 'heap.heapsnapshot'));
      Object.assign(figures, outcome.figures);
      passed &&= outcome.passed;
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  if (!isGiant) console.log('60 million nodes: skipped, it takes minutes; QUERY_BENCH_GIANT=1 measures it');
  return { figures, passed };
}

function script(program: string): string {
  return fileURLToPath(new URL(program, import.meta.url));
}

async function measure({ name, writer, has, runs, isLimited }: Case, file: string): Promise<Outcome> {
  const [program, ...given] = writer;
  await run(process.execPath, ['--max-old-space-size=8192', script(program), ...given, file]);
  const results: QueryResult[] = [];
  for (let at = 0; at < runs; at++) {
    const { stdout } = await run(process.execPath, [script('query-child.js'), file, ...has]);
    results.push(JSON.parse(stdout) as QueryResult);
  }
  await rm(file);
  const [first] = results;
  if (first === undefined) throw new Error('nothing was measured');
  const times = first.asked.map((asked, at) => medianOf(results.map((result) => result.asked[at] ?? asked)));
  const loadMs = median(results.map(({ load }) => load.cpuMs));
  const ratio = median(results.map(({ loadPeakBytes }) => loadPeakBytes)) / first.fileBytes;
  console.log(`${name}: ${formatBytes(first.fileBytes)}, ${formatCount(first.nodes)} nodes`);
  console.log(
    `  loaded in ${(loadMs / 1000).toFixed(1)} s of processor time, with ${ratio.toFixed(2)} times its size of memory`,
  );
  for (const { question, cpuMs } of times) console.log(`  ${cpuMs.toFixed(0).padStart(7)} ms  ${question}`);
  const late = times.filter(
    ({ question, cpuMs }) => cpuMs > (READS_ALL_STRINGS.test(question) ? ALL_STRINGS_MS : ANSWER_MS),
  );
  const passed = (!isLimited.memory || ratio <= MEMORY) && (!isLimited.time || late.length === 0);
  const limits = [
    ...(isLimited.memory ? [`${MEMORY} times its size`] : []),
    ...(isLimited.time ? [`${ANSWER_MS} ms, ${ALL_STRINGS_MS} ms where all strings are read`] : []),
  ];
  console.log(`  limits: ${limits.join(', ') || 'none'}: ${passed ? 'met' : 'NOT met'}`);
  const figures: Figures = {
    [`${name}: load, ms of CPU`]: loadMs,
    [`${name}: peak resident set, of the file's size`]: ratio,
    [`${name}: slowest answer, ms of CPU`]: Math.max(...times.map(({ cpuMs }) => cpuMs)),
  };
  return { figures, passed };
}

function medianOf(asked: Asked[]): Asked {
  const cpuMs = median(asked.map((one) => one.cpuMs));
  return { question: asked[0]?.question ?? '', cpuMs, wallMs: median(asked.map((one) => one.wallMs)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = (await queryBench()).passed ? 0 : 1;
