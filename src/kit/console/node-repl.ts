import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { NODE_ROUTES_ERRORS } from './stray-errors.js';

type Repl = typeof import('node:repl');

/** Objects of Node's that exist because of the console. They are not objects of the program. */
export const createdByNode: object[] = [];

let loading: Promise<Repl> | undefined;

/** Node's REPL, loaded with the first client: most services never have one. */
export function nodeRepl(): Promise<Repl> {
  return (loading ??= load());
}

/**
 * Until Node 26, the constructor of the first REPL of a process adds a listener that is never removed, and that closes
 * over the REPL with its scope. So the first one is an empty one.
 */
async function load(): Promise<Repl> {
  const repl = await import('node:repl');
  if (NODE_ROUTES_ERRORS) return repl;
  const input = new PassThrough();
  const first = repl.start({ input, output: nowhere(), terminal: false, ...noDomain() });
  first.close();
  Object.assign(first, { context: undefined });
  createdByNode.push(first);
  return repl;
}

/** A stream that discards what is written. */
export function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** A stand-in for the domain that a REPL uses until Node 26. A real one slows down every promise, permanently. */
export function noDomain(): object {
  return { domain: Object.assign(new EventEmitter(), { bind: <F>(code: F): F => code }) };
}
