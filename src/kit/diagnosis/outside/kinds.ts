import type { SuspectKind } from '../../advice/index.js';
import type { GrowthCode } from '../../outside/index.js';

/** What grows, in words: one, and several. */
export interface Noun {
  one: string;
  many: string;
}

const COUNTED: Readonly<Record<string, Noun & { kind: SuspectKind }>> = {
  files: { kind: 'files', one: 'open file', many: 'open files' },
  sockets: { kind: 'sockets', one: 'open socket', many: 'open sockets' },
  pipes: { kind: 'sockets', one: 'open pipe', many: 'open pipes' },
  watches: { kind: 'handles', one: 'file watch', many: 'file watches' },
  'other-descriptors': { kind: 'files', one: 'open descriptor', many: 'open descriptors' },
  threads: { kind: 'threads', one: 'native thread', many: 'native threads' },
  children: { kind: 'processes', one: 'child process', many: 'child processes' },
  contexts: { kind: 'contexts', one: 'V8 context', many: 'V8 contexts' },
  'webassembly-memories': { kind: 'webassembly', one: 'WebAssembly memory', many: 'WebAssembly memories' },
};

/** Kinds of what a maker makes, where the ledger knows only that memory grows. */
const MADE: readonly [maker: RegExp, kind: SuspectKind][] = [
  [/^zlib\./, 'streams'],
  [/^WebAssembly\./, 'webassembly'],
  [/^SharedArrayBuffer$/, 'buffers'],
  [/^vm\.createContext$/, 'contexts'],
  [
    /^(fs\.watch|fs\.FSWatcher|dns|inspector\.|dgram\.|worker_threads\.|MessageChannel|BroadcastChannel|http2\.|net\.)/,
    'handles',
  ],
];

export function kindOfGrowth(code: GrowthCode, maker: string | null): SuspectKind {
  const counted = COUNTED[code]?.kind;
  if (counted) return counted;
  if (code.startsWith('handles:')) return 'handles';
  if (code === 'children-memory') return 'processes';
  return MADE.find(([pattern]) => maker !== null && pattern.test(maker))?.[1] ?? 'native';
}

/** What is counted under this code; null for memory. */
export function nounOf(code: GrowthCode): Noun | null {
  if (code.startsWith('handles:')) {
    const type = code.slice('handles:'.length).replace(/Wrap$/, '');
    return { one: `${type} handle`, many: `${type} handles` };
  }
  return COUNTED[code] ?? null;
}
