import type { GrowthCode } from '../../outside/index.js';

/** A function of Node or V8 that makes something outside the heap. */
export interface Maker {
  /** As a program calls it, such as `zlib.createGzip`. */
  name: string;
  /** An expression that gives the function; `n(name)` is a module of Node. */
  expression: string;
  /** What it makes that the ledger counts. */
  makes: readonly (GrowthCode | `handles:${string}`)[];
  /** About how many bytes of malloc one takes; null where that depends on its arguments. */
  bytes: number | null;
  /** Whether Node stores what it makes until the program undoes it. */
  isStored?: boolean;
  /** Whether it is only watched where functions that are not JavaScript are not: it is called beside one of these. */
  isStandIn?: boolean;
}

const KB = 1_000;
const of = (
  makes: Maker['makes'],
  module: string,
  names: readonly string[],
  bytes: number | null = null,
): Maker[] =>
  names.map((name) => ({
    name: module === '' ? name : `${module.replace('/promises', '.promises')}.${name}`,
    expression: module === '' ? `globalThis.${name}` : `n(${JSON.stringify(module)})?.${name}`,
    makes,
    bytes,
  }));

/**
 * What one takes of malloc beside what V8 counts, rounded: measured with glibc on Node 20 and 24, which agree within a
 * factor of 1.5. Of zlib, connections, scripts, contexts, WebAssembly and SQLite, which take most once they are used, the
 * figures are estimates. With other arguments it is several times more or less.
 */
export const MAKERS: readonly Maker[] = [
  ...of(['files'], 'fs', ['open', 'openSync', 'ReadStream', 'WriteStream', 'opendir', 'opendirSync']),
  ...of(['files'], 'fs/promises', ['open', 'opendir']),
  ...of(['watches', 'handles:FSEventWrap', 'native-memory'], 'fs', ['watch', 'FSWatcher'], 0.5 * KB),
  ...of(['watches', 'handles:StatWatcher'], 'fs', ['watchFile']),
  ...of(['sockets'], 'net', ['Socket', 'connect', 'Server'], 2 * KB),
  ...of(['sockets', 'native-memory'], 'tls', ['connect', 'TLSSocket'], 40 * KB),
  ...of(['sockets', 'handles:UDPWrap'], 'dgram', ['createSocket'], 1 * KB),
  ...of(['sockets'], 'http', ['ClientRequest']),
  ...of(['sockets', 'native-memory'], 'http2', ['connect'], 60 * KB),
  // A worker makes its channel: a breakpoint on its own constructor would make it throw (see the recorder).
  ...of(['handles:MessagePort', 'threads', 'native-memory'], 'worker_threads', ['MessageChannel'], 2 * KB),
  {
    name: 'worker_threads.MessagePort.on',
    expression: `n('worker_threads')?.MessagePort?.prototype.on`,
    makes: ['threads'],
    bytes: null,
    isStandIn: true,
  },
  ...of(['handles:MessagePort', 'native-memory'], '', ['MessageChannel', 'BroadcastChannel'], 2 * KB),
  ...of(['children', 'children-memory', 'pipes', 'sockets'], 'child_process', [
    'spawn',
    'ChildProcess.prototype.spawn',
    'spawnSync',
  ]),
  ...of(['contexts', 'native-memory'], 'vm', ['createContext'], 60 * KB),
  ...of(['native-memory'], 'vm', ['Script', 'SourceTextModule'], 1 * KB),
  ...of(['webassembly-memories', 'native-memory'], '', ['WebAssembly.Memory']),
  ...of(
    ['webassembly-memories', 'native-memory'],
    '',
    ['WebAssembly.Instance', 'WebAssembly.instantiate'],
    10 * KB,
  ),
  ...of(['native-memory'], '', ['WebAssembly.Module', 'WebAssembly.compile'], 20 * KB),
  ...of(['native-memory'], '', ['SharedArrayBuffer']),
  ...of(['native-memory'], 'zlib', ['Gzip', 'Deflate', 'DeflateRaw'], 268 * KB),
  ...of(['native-memory'], 'zlib', ['Gunzip', 'Inflate', 'InflateRaw', 'Unzip'], 10 * KB),
  ...of(['native-memory'], 'zlib', ['BrotliCompress', 'ZstdCompress'], 1_000 * KB),
  ...of(['native-memory'], 'zlib', ['BrotliDecompress', 'ZstdDecompress'], 40 * KB),
  ...of(['native-memory'], 'tls', ['createSecureContext'], 15 * KB),
  ...of(
    ['native-memory'],
    'crypto',
    [
      'Hash',
      'Hmac',
      'Cipheriv',
      'Decipheriv',
      'Sign',
      'Verify',
      'ECDH',
      'createHash',
      'createHmac',
      'createCipheriv',
      'createDecipheriv',
      'createSign',
      'createVerify',
      'createECDH',
      'createSecretKey',
      'createDiffieHellman',
      'DiffieHellman',
    ],
    1 * KB,
  ),
  ...of(
    ['native-memory'],
    'crypto',
    ['createPrivateKey', 'createPublicKey', 'generateKeyPairSync', 'generateKeyPair', 'X509Certificate'],
    4 * KB,
  ),
  ...of(['native-memory'], '', ['Intl.DateTimeFormat'], 26 * KB),
  ...of(['native-memory'], '', ['Intl.RelativeTimeFormat', 'Intl.Segmenter'], 5 * KB),
  ...of(['native-memory'], '', ['Intl.Collator', 'Intl.PluralRules', 'Intl.DisplayNames'], 1.2 * KB),
  ...of(['native-memory'], '', ['Intl.NumberFormat', 'Intl.ListFormat'], 0.4 * KB),
  ...of(['native-memory'], '', ['TextDecoder'], 0.6 * KB),
  ...of(['native-memory'], '', ['Blob']),
  // It stores what the Blob has, until it is revoked.
  {
    name: 'URL.createObjectURL',
    expression: 'globalThis.URL.createObjectURL',
    makes: ['native-memory'],
    bytes: null,
    isStored: true,
  },
  ...of(['native-memory'], 'v8', ['Serializer', 'Deserializer'], 0.5 * KB),
  ...of(['native-memory'], 'perf_hooks', ['createHistogram', 'monitorEventLoopDelay'], 365 * KB),
  ...of(['native-memory'], 'net', ['BlockList'], 0.5 * KB),
  ...of(['native-memory', 'sockets'], 'dns', ['Resolver'], 3 * KB),
  ...of(['native-memory', 'sockets'], 'dns/promises', ['Resolver'], 3 * KB),
  ...of(['native-memory'], 'inspector', ['Session'], 10 * KB),
  ...of(['native-memory', 'files'], 'sqlite', ['DatabaseSync'], 60 * KB),
  ...of(['native-memory'], 'sqlite', ['DatabaseSync.prototype.prepare'], 3 * KB),
];
