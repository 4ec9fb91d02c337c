import type { SuspectKind } from './kinds.js';

/** Advice for kinds of memory that is not V8's heap. */
export const OUTSIDE_ADVICE = {
  files:
    'Files are opened and not closed. Close each one in a finally block, or let a stream that ends close it; a FileHandle that is only dropped is closed late or never. The process fails with EMFILE at its limit of open files.',
  sockets:
    'Connections are opened and not closed. Destroy each socket when its work ends, also after an error; read or cancel each response body, reuse one agent, and set a timeout for idle connections.',
  threads:
    'Threads are started and do not end. Start a fixed number of workers and give them the work in turn, or await worker.terminate() in a finally block. A worker takes megabytes of its own heap.',
  processes:
    'Child processes are started and do not end, or nobody waits for their exit. Give each a timeout or a signal, kill it in a finally block, and limit how many run at once.',
  contexts:
    'Contexts of V8 stay alive. Something of each is still referenced from outside: a function, an object or a timer that came from it. Create one context and use it again, or drop every reference to what ran in it.',
  webassembly:
    'WebAssembly memories stay alive: each reserves gigabytes of address space and is freed only when its instance is collected. Compile once, use one instance again (or a pool), and drop every reference to its exports and to its memory.',
  streams:
    'Compression streams hold up to a megabyte of native memory each, until they end or are destroyed. Use pipeline(), which destroys its streams after an error, or call destroy() or close() in a finally block.',
  handles:
    'Handles of Node are opened and not closed. Close each in a finally block (close(), disconnect(), or an AbortSignal), or open one and share it.',
  native:
    'Memory of malloc grows that no object of V8 accounts for. Something native is made and not released: finalize statements, free or dispose what an addon gave, close databases, and make keys, secure contexts and formatters once instead of at each request.',
} satisfies Partial<Record<SuspectKind, string>>;

const OF_MAKERS: readonly [maker: RegExp, advice: string][] = [
  [
    /createSecureContext/,
    'A TLS context takes tens of kilobytes of native memory. Create it once (tls.createSecureContext) and pass it to all connections, and drop contexts that a cache or an SNI callback keeps per name.',
  ],
  [
    /^Intl\./,
    'Formatters of Intl take tens of kilobytes of native memory. Create one for each locale and set of options and use it again; do not store one for each request.',
  ],
  [
    /^SharedArrayBuffer$/,
    'A SharedArrayBuffer is freed only when no thread references it, and it does not count as external memory. Allocate a fixed number and use them again, or drop the references in every worker.',
  ],
  [
    /\.node(\.|$)/,
    'An addon takes memory from malloc and does not give it back. Call what frees it (close, free, dispose, destroy) in a finally block for each handle that the addon gives. If there is no such function, or it is called, the addon forgets it: report that with this line.',
  ],
  [
    /sqlite|prepare/i,
    'A prepared statement holds native memory until it is finalized or collected. Prepare each text once and keep it, finalize what is no longer needed, and close databases.',
  ],
  [
    /^(crypto|tls)\./,
    'Native objects of OpenSSL stay alive because something retains their JavaScript objects. Make keys and contexts once, and do not store hashes, ciphers or keys for each request.',
  ],
];

/** Advice for what a maker makes; undefined where the kind says all. */
export function makerAdvice(kind: SuspectKind, maker: string | undefined): string | undefined {
  if (maker === undefined || (kind !== 'native' && kind !== 'buffers')) return undefined;
  return OF_MAKERS.find(([pattern]) => pattern.test(maker))?.[1];
}
