import { existsSync } from 'node:fs';
import type { About } from '../command/help.js';
import { duration } from '../command/format.js';
import { many, readOptions, text, toggle, whole } from '../command/options.js';
import { interruptible } from '../command/run.js';
import { StatusLine } from '../command/screen.js';
import type { SnapshotSource } from '../kit/heap/index.js';
import {
  type Answer,
  ask,
  askAllocationProfile,
  isAllocationProfile,
  openSession,
  printAnswer,
  QueryError,
  type QuerySession,
  questionNamed,
  questions,
  usageOf,
} from '../kit/heap/query/index.js';
import { Problem } from '../kit/problem.js';
import { asProblem, unaskable } from './query-problem.js';
import { promptFor } from './query-prompt.js';

export const queryOptions = {
  words: {
    ...many(
      text({
        default: undefined,
        placeholder: 'FILE… [QUESTION]',
        why: 'one heap snapshot, or several of one process (the earliest first), also compressed, or - for standard input; then a question. Without a question, a prompt opens. Of an allocation profile (.heapprofile), the functions are listed',
      }),
      64,
    ),
    positional: true as const,
  },
  limit: whole({ default: 20, min: 1, max: 10_000, why: 'the number of rows' }),
  offset: whole({ default: 0, min: 0, max: 1_000_000_000, why: 'the number of rows to skip: the next page' }),
  json: toggle({ why: 'print the answer as JSON, with exact figures' }),
};

export const about: About = {
  usage: 'npm run query --',
  purpose: `Answers questions about heap snapshots, a page at a time: ${questions.map(({ name }) => name).join(', ')}.`,
  options: queryOptions,
  examples: [
    'npm run query -- app.heapsnapshot summary',
    'npm run query -- app.heapsnapshot histogram package',
    'npm run query -- app.heapsnapshot search constructor User --limit 5',
    'npm run query -- before.heapsnapshot after.heapsnapshot compare owner',
  ],
  exits: { 0: 'answered', 2: 'the snapshot or the question could not be read', 130: 'interrupted' },
};

export async function work(argv: string[]): Promise<number> {
  const { words, limit, offset, json } = readOptions(queryOptions, argv);
  const { files, question } = split(words);
  const [file = ''] = files;
  if (files.length === 1 && isAllocationProfile(file)) {
    const answer = await askAllocationProfile(file, question, { offset, limit }).catch((error: unknown) => {
      throw asProblem(error);
    });
    show(answer, json);
    return 0;
  }
  if (question.length > 0) mustBeAskable(question, files.length);
  else if (files.includes('-'))
    throw unaskable('a snapshot from standard input needs a question after the -');
  return interruptible(async (signal) => {
    const session = await opened(files, signal);
    if (question.length === 0) return promptFor(session, { limit, signal });
    const answer = explained(() => ask(session, question, { offset, limit }));
    show(answer, json);
    return 0;
  });
}

function show(answer: Answer, json: boolean): void {
  console.log(json ? JSON.stringify(answer, null, 2) : printAnswer(answer));
}

/** The first word that is a question ends the files, so that a file needs no flag. */
function split(words: readonly string[]): { files: string[]; question: string[] } {
  const names = new Set(questions.map(({ name }) => name));
  const at = words.findIndex((word) => names.has(word) && !existsSync(word));
  const files = at < 0 ? words : words.slice(0, at);
  const question = at < 0 ? [] : words.slice(at);
  const missing = files.find((file) => file !== '-' && !existsSync(file));
  if (missing !== undefined) {
    throw new Problem(
      'LEAK_LAB_SNAPSHOT',
      `${JSON.stringify(missing)} is neither a file nor a question; the questions are ${[...names].join(', ')}`,
    );
  }
  if (files.length === 0)
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      'pass a heap snapshot before the question, or - for standard input',
    );
  return { files: [...files], question: [...question] };
}

/** A wrong question is told before a file of gigabytes is read. */
function mustBeAskable(question: readonly string[], files: number): void {
  explained(() => {
    const found = questionNamed(question[0] ?? '');
    if ((found.snapshots ?? 1) > files)
      throw new QueryError(`${found.name} needs two snapshots of one process, the earlier one first`);
    const needed = found.takes.filter(({ required }) => required).length;
    if (question.length - 1 < needed) throw new QueryError(`ask ${usageOf(found)}`);
  });
}

async function opened(files: readonly string[], signal: AbortSignal): Promise<QuerySession> {
  const status = new StatusLine();
  const start = performance.now();
  let doing = '';
  const timer = setInterval(() => status.show(`${duration(performance.now() - start)}  ${doing} …`), 200);
  try {
    const sources = files.map((file): SnapshotSource => (file === '-' ? process.stdin : file));
    return await openSession(sources, {
      signal,
      onProgress: (at, of) => (doing = of === 1 ? 'reading the snapshot' : `reading snapshot ${at} of ${of}`),
    });
  } catch (error) {
    throw asProblem(error);
  } finally {
    clearInterval(timer);
    status.clear();
  }
}

function explained<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asProblem(error);
  }
}
