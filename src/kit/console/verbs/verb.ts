import { inspect } from 'node:util';

/** A function in scope at the prompt. */
export interface Verb {
  /** A call of it: `histogram(n)`. */
  usage: string;
  /** What it answers, in one line. */
  help: string;
  /** Each verb has parameters of its own; `never` makes all of them assignable. */
  call: (...args: never[]) => unknown;
}

export function nameOf({ usage }: Verb): string {
  return usage.replace(/\W.*$/, '');
}

/**
 * Data that the prompt shows as text, and that is plain data to a script. The printer is not enumerable, so JSON and
 * comparisons do not see it.
 */
export function printedBy<T extends object>(data: T, print: (data: T) => string): T {
  return Object.defineProperty(data, inspect.custom, { value: () => print(data) });
}
