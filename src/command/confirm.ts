import { createInterface } from 'node:readline/promises';

/** A program that starts a command sets this variable to `stdin` where it passes questions on and answers them there. */
export const ANSWERS = 'ANSWERS_ON';

/** Whether there is somebody to ask. */
export function canConfirm(): boolean {
  return process.stdin.isTTY || process.env[ANSWERS] === 'stdin';
}

/** Asks a question on standard error; only `y` or `yes` is a yes. */
export async function isConfirmed(question: string, signal: AbortSignal): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}
