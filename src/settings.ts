import type { About } from './command/help.js';
import { bytes, choice, readOptions, text, toggle, whole, type Values } from './command/options.js';
import { EXIT_OUT_OF_MEMORY } from './kit/memory/load-shedding/load-shedding.options.js';
import { modes } from './service/users.module.js';
import { patternNames } from './specimens/names.js';

/** Every option of the service. No other file reads flags or the environment. */
export const serviceOptions = {
  mode: choice(modes, {
    default: 'fixed',
    positional: true, // no variable: too many other tools set MODE
    why: 'how the service caches users: with bounds (fixed), without a bound (leaky), or in Redis (shared)',
  }),
  specimen: choice(patternNames, {
    default: undefined,
    placeholder: 'NAME',
    why: 'also serve this pattern at /specimens/NAME/:id, in its leaky half if the mode is leaky, else in its fixed half',
  }),
  port: whole({
    default: 8000,
    min: 0,
    max: 65535,
    variable: true,
    why: 'TCP port to listen on; 0 takes a free one',
  }),
  host: text({
    default: '127.0.0.1',
    placeholder: 'ADDRESS',
    variable: true,
    why: 'address to listen on; only this machine reaches the default, because the service may leak on purpose',
  }),
  maxEntries: whole({
    default: 10_000,
    min: 1,
    max: 2 ** 24,
    variable: true,
    why: 'most users in the fixed cache; the default is a tenth of what the load requests, so that the bound shows',
  }),
  maxBytes: bytes({
    default: 16 * 2 ** 20,
    min: 64 * 2 ** 10,
    variable: true,
    why: 'most memory of the fixed cache, including its own structures; needed because clients choose how long an id is',
  }),
  redisUrl: text({
    default: 'redis://127.0.0.1:6379',
    placeholder: 'URL',
    example: 'redis://127.0.0.1:6379',
    accepts:
      'an address such as redis://127.0.0.1:6379, rediss://user:password@host or unix:///run/redis.sock',
    test: isRedisUrl,
    variable: true,
    why: 'in shared mode: the Redis that all replicas use',
  }),
  redisTtlMs: whole({
    default: 3_600_000,
    min: 1,
    max: 2 ** 31 - 1,
    placeholder: 'MS',
    variable: true,
    why: 'in shared mode: time to live of a user in Redis',
  }),
  redisDeadlineMs: whole({
    default: 50,
    min: 1,
    max: 60_000,
    placeholder: 'MS',
    variable: true,
    why: 'in shared mode: how long a look-up waits for Redis before it reads the directory',
  }),
  localEntries: whole({
    default: 1_000,
    min: 1,
    max: 2 ** 24,
    variable: true,
    why: 'in shared mode: most users that a replica caches itself, in front of Redis, within --max-bytes',
  }),
  directoryLatencyMs: whole({
    default: 0,
    min: 0,
    max: 60_000,
    placeholder: 'MS',
    variable: true,
    why: 'how long the simulated database takes per look-up',
  }),
  shedAt: whole({
    default: undefined,
    min: 30,
    max: 95,
    example: 80,
    placeholder: 'PERCENT',
    variable: true,
    why: 'refuse new requests while the post-GC heap takes this much of the heap limit, or the resident set this much of the container limit; off by default',
  }),
  exitAt: whole({
    default: 90,
    min: 30,
    max: 99,
    placeholder: 'PERCENT',
    variable: true,
    why: 'with --shed-at: at this much, exit with code 75 at once instead of waiting for memory to fall',
  }),
  evidenceDir: text({
    default: undefined,
    placeholder: 'DIR',
    example: 'evidence',
    variable: true,
    why: 'with --shed-at: directory for the crash evidence, which is written before the exit',
  }),
  evidenceSnapshot: toggle({
    variable: true,
    why: 'with --evidence-dir: also write a heap snapshot, if there is enough memory for it. It contains every string of the process, secrets included',
  }),
  consoleDirectory: text({
    default: undefined,
    placeholder: 'DIR',
    example: 'sockets',
    variable: true,
    why: 'directory for the socket of the console (default: one directory per user)',
  }),
  noConsole: toggle({ variable: true, why: 'do not open a console inside the service' }),
  watchIntervalMs: whole({
    default: 1_000,
    min: 100,
    max: 3_600_000,
    placeholder: 'MS',
    variable: true,
    why: 'how often the service samples its own memory for /metrics and /dashboard',
  }),
  exposeOps: toggle({
    variable: true,
    why: 'let other machines read /memory, /metrics, /health and /dashboard; without it, only requests from loopback can',
  }),
};

export const serviceAbout: About = {
  usage: 'npm start -- [fixed|leaky|shared]',
  purpose:
    'Serves GET /users/:id and caches users: within bounds (fixed), without a bound (leaky), or in a Redis that several replicas share (shared).',
  options: serviceOptions,
  examples: [
    'npm run start:leaky',
    'npm run start:fixed -- --port 8001 --max-entries 1000',
    'npm run start:leaky -- --specimen listeners',
  ],
  exits: {
    0: 'stopped by a signal, after the requests under way were answered',
    2: 'could not start',
    [EXIT_OUT_OF_MEMORY]: 'out of memory (--shed-at): a supervisor should start it again',
  },
};

export type Settings = Values<typeof serviceOptions>;

/** @throws Problem LEAK_LAB_SETTINGS, which lists every mistake. */
export function readSettings(argv: string[] = [], env: NodeJS.ProcessEnv = {}): Settings {
  return readOptions(serviceOptions, argv, env);
}

function isRedisUrl(url: string): boolean {
  return url.startsWith('unix:')
    ? /^unix:\/\/([^/]*@)?\/[^/?#]/.test(url)
    : /^rediss?:\/\/[^/]/.test(url) && URL.canParse(url);
}
