import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ANSWERS } from '../command/confirm.js';
import { type Running, ToolError } from './tool.js';

const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));
/** The most of an error that is passed on. */
const ERROR_CHARACTERS = 1500;
/** Exit codes of commands that have an answer: yes, no, and could not tell. */
const ANSWERED = new Set([0, 1, 2]);
/** How a command asks its user on a line that does not end. */
const QUESTION = /([^\n]*\?[^\n]*) \[y\/N\] $/;

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/**
 * Runs a command of leak-lab in a process of its own: what it prints cannot disturb the protocol, and cancelling it is
 * the same as Ctrl-C, which cleans up. What the command asks is asked of the user; without a way to ask, the answer is
 * no.
 *
 * @throws ToolError with what the command says
 */
export async function runCommand(
  args: readonly string[],
  { signal, progress, confirm }: Running,
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', [ANSWERS]: 'stdin' },
  });
  let [out, err] = ['', ''];
  child.stdin.on('error', () => {}); // the command may end without its answer
  const answer = async (question: string): Promise<void> => {
    const isConfirmed = confirm !== null && (await confirm(question).catch(() => false));
    child.stdin.write(isConfirmed ? 'y\n' : 'n\n');
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err = `${err}${text}`.slice(-ERROR_CHARACTERS);
    const [, question] = QUESTION.exec(err) ?? [];
    if (question) {
      err = `${err}\n`;
      void answer(question);
      return;
    }
    const line = text.trim().split('\n').at(-1);
    if (line) progress(line.replace(/^leak-lab: /, ''));
  });
  const cancel = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (signal.aborted) throw new ToolError('cancelled');
    return { code, out, err };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

export interface Result {
  /** What the command prints for people: short, and in plain words. */
  text: string;
  /** The same with every figure. */
  json: string;
  /** The same as a page; null where the command makes none. */
  page: string | null;
}

/**
 * Runs a command that prints its result and writes it as JSON.
 *
 * @param withPage for a command that writes report.html
 * @throws ToolError with what the command says
 */
export async function resultOf(
  args: readonly string[],
  running: Running,
  { withPage = false } = {},
): Promise<Result> {
  return inFolder(async (folder) => {
    const file = join(folder, 'result.json');
    const report = withPage ? ['--report', folder] : [];
    const { code, out, err } = await runCommand([...args, '--json', file, ...report], running);
    const [json, page] = await Promise.all(
      [file, join(folder, 'report.html')].map(async (one) => readFile(one, 'utf8').catch(() => null)),
    );
    if (json === null || json === undefined || code === null || !ANSWERED.has(code))
      throw new ToolError((err || out).trim());
    return { text: out.replace(/\n+Report: .*\n?$/, '').trim(), json, page: page ?? null };
  });
}

/** Runs a command whose answer is what it prints. @throws ToolError with what the command says */
export async function printedBy(args: readonly string[], running: Running): Promise<string> {
  const { code, out, err } = await runCommand(args, running);
  if (code !== 0) throw new ToolError((err || out).trim());
  return out.trim();
}

/** Gives work a folder that is removed after it. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-mcp-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
