import { inspect, types } from 'node:util';
import { Problem } from '../problem.js';

/** Limits of what is shown of a large object: of a container with a million entries, the size and a few of them. */
const MOST_ENTRIES = 10;
const MOST_PROPERTIES = 100;
const LONGEST_STRING = 1_000;

/** A value as the prompt shows it. */
export function show(value: unknown, { colours, columns }: { colours: boolean; columns: number }): string {
  const options = {
    colors: colours,
    breakLength: columns,
    maxArrayLength: MOST_ENTRIES,
    maxStringLength: LONGEST_STRING,
    showProxy: true,
  };
  if (value instanceof Problem) return `${value.message} [${value.code}]`;
  // The stack of code that did not compile has only frames of the console.
  if (types.isNativeError(value) && value.name === 'SyntaxError' && /^REPL\d*:\d+\n/.test(value.stack ?? ''))
    return `SyntaxError: ${value.message}`;
  if (!isDictionary(value)) return inspect(value, options);
  const names = Object.keys(value);
  if (names.length <= MOST_PROPERTIES) return inspect(value, options);
  const some = Object.fromEntries(names.slice(0, MOST_ENTRIES).map((name) => [name, value[name]]));
  return `${inspect(some, options)}\n… ${(names.length - MOST_ENTRIES).toLocaleString('en')} more properties`;
}

/** `inspect` does not limit the number of properties, and a plain object may be a dictionary with many. */
function isDictionary(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || types.isProxy(value) || inspect.custom in value)
    return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
