import { inspect } from 'node:util';

/** A word that a person types at the prompt. */
export interface Verb {
  /** How it is called: `histogram(n)`. */
  usage: string;
  /** One line. */
  help: string;
  call: (...args: never[]) => unknown;
}

export const nameOf = ({ usage }: Verb): string => /^\w+/.exec(usage)![0];

/**
 * Data that shows itself as text at the prompt, and is nothing but data to a script. What it prints with is not
 * enumerable: JSON and comparisons do not see it.
 */
export function printedBy<T extends object>(data: T, print: (data: T) => string): T {
  return Object.defineProperty(data, inspect.custom, { value: () => print(data) });
}
