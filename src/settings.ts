import type { About } from './command/help.js';
import { bytes, choice, readOptions, text, toggle, whole, type Values } from './command/options.js';
import { EXIT_OUT_OF_MEMORY } from './kit/memory/load-shedding/load-shedding.options.js';
import { modes } from './service/users.module.js';
import { specimenNames } from './specimens/names.js';

/** Every option of the service. Nothing else reads flags or the environment. */
export const serviceOptions = {
  mode: choice(modes, {
    default: 'fixed',
    positional: true, // and no variable: MODE is set by too many other tools
    why: 'how users are cached; the leak has to be asked for',
  }),
  specimen: choice(specimenNames, {
    default: undefined,
    placeholder: 'NAME',
    why: 'also serve one pattern of the gallery, at /specimens/NAME/:id, leaky or fixed as the rest',
  }),
  port: whole({
    default: 8000,
    min: 0,
    max: 65535,
    variable: true,
    why: 'where to listen; 0 takes a free one',
  }),
  host: text({
    default: '127.0.0.1',
    placeholder: 'ADDRESS',
    variable: true,
    why: 'a service that leaks on purpose is not for other machines',
  }),
  maxEntries: whole({
    default: 10_000,
    min: 1,
    max: 2 ** 24,
    variable: true,
    why: 'users the fixed cache keeps at most; a tenth of what the load asks for, so that the bound is seen',
  }),
  maxBytes: bytes({
    default: 16 * 2 ** 20,
    min: 64 * 2 ** 10,
    variable: true,
    why: 'memory the fixed cache keeps at most, bookkeeping included: ids come from clients, and so do their sizes',
  }),
  redisUrl: text({
    default: 'redis://127.0.0.1:6379',
    placeholder: 'URL',
    accepts:
      'an address such as redis://127.0.0.1:6379, rediss://user:password@host or unix:///run/redis.sock',
    test: isRedisUrl,
    variable: true,
    why: 'the Redis that replicas of the shared mode have in common',
  }),
  redisTtlMs: whole({
    default: 3_600_000,
    min: 1,
    max: 2 ** 31 - 1,
    placeholder: 'MS',
    variable: true,
    why: 'how long Redis keeps a user that it need not evict',
  }),
  redisDeadlineMs: whole({
    default: 50,
    min: 1,
    max: 60_000,
    placeholder: 'MS',
    variable: true,
    why: 'how long Redis may take to answer; then the directory is asked',
  }),
  localEntries: whole({
    default: 1_000,
    min: 1,
    max: 2 ** 24,
    variable: true,
    why: 'users a replica of the shared mode keeps at most beside Redis, within --max-bytes; for those asked for all the time',
  }),
  directoryLatencyMs: whole({
    default: 0,
    min: 0,
    max: 60_000,
    placeholder: 'MS',
    variable: true,
    why: 'how long a look-up in the pretend database takes',
  }),
  shedAt: whole({
    default: undefined,
    min: 30,
    max: 95,
    placeholder: 'PERCENT',
    variable: true,
    why: 'refuse new requests when so much of the heap limit, or of the container, is in use after a collection; never, when not given',
  }),
  exitAt: whole({
    default: 90,
    min: 30,
    max: 99,
    placeholder: 'PERCENT',
    variable: true,
    why: 'with --shed-at: leave with exit code 75 without waiting for less',
  }),
  evidenceDir: text({
    default: undefined,
    placeholder: 'DIR',
    variable: true,
    why: 'with --shed-at: where to write what was in memory before leaving',
  }),
  evidenceSnapshot: toggle({
    variable: true,
    why: 'with --evidence-dir: a heap snapshot as well, where its price fits. It holds every string there is',
  }),
  consoleDirectory: text({
    default: undefined,
    placeholder: 'DIR',
    variable: true,
    why: 'where the socket of the console goes (default: one directory for each user)',
  }),
  noConsole: toggle({ variable: true, why: 'open no console inside the service' }),
  watchIntervalMs: whole({
    default: 1_000,
    min: 100,
    max: 3_600_000,
    placeholder: 'MS',
    variable: true,
    why: 'how often the service looks at its own memory, for /metrics and /dashboard',
  }),
  exposeOps: toggle({
    variable: true,
    why: 'let other machines read what is not /users; loopback only without it',
  }),
};

export const serviceAbout: About = {
  usage: 'npm start -- [fixed|leaky|shared]',
  purpose:
    'Serves GET /users/:id and keeps users in memory: as many as fit (fixed), all of them (leaky), or in a Redis that several services have in common (shared).',
  options: serviceOptions,
  examples: [
    'npm run start:leaky',
    'npm run start:fixed -- --port 8001 --max-entries 1000',
    'npm run start:leaky -- --specimen listeners',
  ],
  exits: {
    0: 'ended by a signal, after the answers under way',
    2: 'could not start',
    [EXIT_OUT_OF_MEMORY]: 'left for lack of memory (--shed-at): start it again',
  },
};

export type Settings = Values<typeof serviceOptions>;

/** @throws Problem LEAK_LAB_SETTINGS that lists every mistake. */
export function readSettings(argv: string[] = [], env: NodeJS.ProcessEnv = {}): Settings {
  return readOptions(serviceOptions, argv, env);
}

function isRedisUrl(url: string): boolean {
  return url.startsWith('unix:')
    ? /^unix:\/\/([^/]*@)?\/[^/?#]/.test(url)
    : /^rediss?:\/\/[^/]/.test(url) && URL.canParse(url);
}
