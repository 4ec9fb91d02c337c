import { types } from 'node:util';

/** The callback of a line of a REPL: no arguments where there is nothing to show. */
export type Done = (error?: Error | null, value?: unknown) => void;

/** Passes on the answer to a line. A promise is awaited first: `users.find(1)` shows the user. */
export function awaited(answer: Parameters<Done>, settle: Done): void {
  const [error, value] = answer;
  cutStack(error);
  if (error || !types.isPromise(value)) settle(...answer);
  else
    value.then(
      (result) => settle(null, result),
      // A REPL takes a falsy value for no error. A truthy one may be of any type, and the REPL shows it as it is.
      (cause: unknown) => settle((cause || new Error('the promise was rejected', { cause })) as Error),
    );
}

/** Removes the frames below the person's code, which are the console's. */
export function cutStack(error: unknown): void {
  if (!types.isNativeError(error) || typeof error.stack !== 'string') return;
  const end = error.stack.search(/\n +at (?:Contextify)?Script\.runInContext/);
  if (end > 0) error.stack = error.stack.slice(0, end);
}
