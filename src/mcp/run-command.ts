import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Running, ToolError } from './tool.js';

const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));
/** The most of an error that is passed on. */
const ERROR_CHARACTERS = 1500;
/** Exit codes of commands that have an answer: yes, no, and could not tell. */
const ANSWERED = new Set([0, 1, 2]);

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/**
 * Runs a command of leak-lab in a process of its own: what it prints cannot disturb the protocol, and cancelling it is
 * the same as Ctrl-C, which cleans up.
 *
 * @throws ToolError with what the command says
 */
export async function runCommand(args: readonly string[], { signal, progress }: Running): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err = `${err}${text}`.slice(-ERROR_CHARACTERS);
    const line = text.trim().split('\n').at(-1);
    if (line) progress(line);
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
}

/** Runs a command that prints its result and writes it as JSON. @throws ToolError with what the command says */
export async function resultOf(args: readonly string[], running: Running): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-mcp-'));
  try {
    const file = join(folder, 'result.json');
    const { code, out, err } = await runCommand([...args, '--json', file], running);
    const json = await readFile(file, 'utf8').catch(() => null);
    if (json === null || code === null || !ANSWERED.has(code)) throw new ToolError((err || out).trim());
    return { text: out.trim(), json };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a command whose answer is what it prints. @throws ToolError with what the command says */
export async function printedBy(args: readonly string[], running: Running): Promise<string> {
  const { code, out, err } = await runCommand(args, running);
  if (code !== 0) throw new ToolError((err || out).trim());
  return out.trim();
}
