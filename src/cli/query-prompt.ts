import { createInterface } from 'node:readline';
import {
  type Answer,
  ask,
  completions,
  printAnswer,
  type QuerySession,
  questions,
  usageOf,
} from '../kit/heap/query/index.js';
import { Problem } from '../kit/problem.js';
import { asProblem } from './query-problem.js';

/** Reads questions, a line each, until the input ends. @returns the exit code */
export async function promptFor(
  session: QuerySession,
  { limit, signal }: { limit: number; signal: AbortSignal },
): Promise<number> {
  const { stdin, stdout } = process;
  const isTerminal = stdin.isTTY && stdout.isTTY;
  const reader = createInterface({
    input: stdin,
    output: stdout,
    terminal: isTerminal,
    prompt: isTerminal ? 'heap> ' : '',
    completer: (line: string) => complete(line),
  });
  signal.addEventListener('abort', () => reader.close(), { once: true });
  reader.on('SIGINT', () => reader.close());
  if (isTerminal)
    console.log(
      printAnswer(ask(session, ['summary'], { offset: 0, limit: 5 })),
      '\n\n"help" lists the questions; Tab completes.\n',
    );
  reader.prompt();
  let last: Asked | null = null;
  for await (const line of reader) {
    const words = line.trim().split(/\s+/).filter(Boolean);
    if (words[0] === 'exit' || words[0] === 'quit' || words[0] === '.exit') break;
    try {
      last = answered(session, words, last, limit);
    } catch (error) {
      const problem = asProblem(error);
      if (!(problem instanceof Problem)) throw error;
      console.error(problem.message);
      // A script must not go on as if it had its answer.
      if (!isTerminal) return 2;
    }
    reader.prompt();
  }
  reader.close();
  return 0;
}

interface Asked {
  words: readonly string[];
  answer: Answer;
}

function answered(
  session: QuerySession,
  words: readonly string[],
  last: Asked | null,
  limit: number,
): Asked | null {
  if (words.length === 0) return last;
  if (words[0] === 'help' || words[0] === '?') {
    console.log(help());
    return last;
  }
  const next = words[0] === 'more' && last !== null;
  const asked = next ? last.words : words;
  const offset = next ? last.answer.offset + last.answer.rows.length : 0;
  const answer = ask(session, asked, { offset, limit });
  console.log(`${printAnswer(answer)}\n`);
  return { words: asked, answer };
}

function help(): string {
  const lines = questions.map((question): [string, string] => [usageOf(question), question.purpose]);
  const width = Math.max(...lines.map(([usage]) => Math.min(usage.length, 44)));
  return [
    ...lines.map(([usage, purpose]) =>
      usage.length > width
        ? `${usage}\n${' '.repeat(width)}  ${purpose}`
        : `${usage.padEnd(width)}  ${purpose}`,
    ),
    `${'more'.padEnd(width)}  the next page`,
    `${'exit'.padEnd(width)}  leave (also Ctrl-D)`,
  ].join('\n');
}

function complete(line: string): [string[], string] {
  const words = line.split(/\s+/);
  const typed = words.at(-1) ?? '';
  const all = words.length === 1 ? [...completions(words), 'help', 'more', 'exit'] : completions(words);
  return [all.filter((one) => one.startsWith(typed)), typed];
}
